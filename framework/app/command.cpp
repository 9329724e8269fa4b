#include "cairn/app/command.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>

namespace cairn::app {

namespace {

// The two rewrite an accepted text in one way, so that the same value is always told alike.

CLI::Validator whole_number(WholeRange range) {
    return CLI::Validator(
        [=](std::string& text) -> std::string {
            std::uint64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (error != std::errc() || end != text.data() + text.size() || number < range.least || number > range.most)
                return fmt::format("must be a whole number from {} to {}, not '{}'", range.least, range.most, text);
            text = std::to_string(number);  // CLI11 would read 010 as eight
            return "";
        },
        "");
}

CLI::Validator number_in(NumberRange range) {
    return CLI::Validator(
        [=](std::string& text) -> std::string {
            double value = 0;
            const bool number = CLI::detail::lexical_cast(text, value) && value >= range.least;  // not so for NaN
            if (!number || value > range.most || (range.below_most && value == range.most))
                return fmt::format("must be a number from {} to {}{}, not '{}'", range.least,
                                   range.below_most ? "below " : "", range.most, text);
            text = fmt::format("{}", value);
            return "";
        },
        "");
}

}  // namespace

Option Option::required() const {
    option_->required();
    return *this;
}

Option Option::needs(const Option& other) const {
    option_->needs(other.option_);
    return *this;
}

Option Option::excludes(const Option& other) const {
    option_->excludes(other.option_);
    return *this;
}

Option Option::group(const std::string& title) const {
    option_->group(title);
    return *this;
}

Option Option::check(std::function<std::string(const std::string&)> problem) const {
    option_->check(CLI::Validator([problem = std::move(problem)](std::string& text) { return problem(text); }, ""));
    return *this;
}

Option Option::among(const std::vector<std::string>& choices) const {
    return check([choices](const std::string& given) {
        return std::ranges::find(choices, given) != choices.end()
                   ? std::string()
                   : fmt::format("must be {}, not '{}'", fmt::join(choices, " or "), given);
    });
}

Command Command::add(const std::string& name, const std::string& does, const std::string& details) const {
    CLI::App& command = *app_->add_subcommand(name, does);
    command.footer(details);
    command.require_subcommand(0, 1);
    command.allow_extras();  // app.cpp names what was not expected, with a suggestion
    return Command(command);
}

Option Command::text(const std::string& name, std::string& value, const std::string& type,
                     const std::string& help) const {
    return Option(app_->add_option(name, value, help)->type_name(type));
}

Option Command::texts(const std::string& name, std::vector<std::string>& values, const std::string& help) const {
    return Option(app_->add_option(name, values, help)->type_name(""));
}

Option Command::list(const std::string& name, std::vector<std::string>& values, const std::string& type,
                     const std::string& help) const {
    return Option(app_->add_option(name, values, help)
                      ->delimiter(',')
                      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                      ->type_name(type));
}

Option Command::flag(const std::string& name, bool& value, const std::string& help) const {
    return Option(app_->add_flag(name, value, help));
}

template <typename T>
Option Command::whole(const std::string& name, T& value, const std::string& help, WholeRange range) const {
    return Option(app_->add_option(name, value, help)
                      ->transform(whole_number(range))
                      ->type_name(name.starts_with("-") ? "N" : ""));
}
template Option Command::whole(const std::string&, int&, const std::string&, WholeRange) const;
template Option Command::whole(const std::string&, std::int64_t&, const std::string&, WholeRange) const;
template Option Command::whole(const std::string&, std::uint64_t&, const std::string&, WholeRange) const;

Option Command::number(const std::string& name, double& value, const std::string& help, NumberRange range) const {
    return Option(app_->add_option(name, value, help)->transform(number_in(range))->type_name("X"));
}

void Command::on_chosen(std::function<void()> chosen) const { app_->callback(std::move(chosen)); }

std::map<std::string, std::string> Command::given() const {
    std::map<std::string, std::string> values;
    for (const CLI::App* level = app_; level != nullptr; level = level->get_parent())
        for (const CLI::Option* option : level->get_options())
            if (option->count() > 0) values.try_emplace(option->get_name(), option->as<std::string>());
    return values;
}

}  // namespace cairn::app
