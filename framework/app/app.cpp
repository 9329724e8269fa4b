#include "cairn/app/app.h"

#include "cairn/app/commands/commands.h"
#include "cairn/app/nearest.h"
#include "cairn/app/output.h"
#include "cairn/app/text.h"
#include "cairn/backend/cpu/processor.h"
#include "cairn/backend/devices.h"
#include "cairn/core/build_info.h"
#include "cairn/core/parallel.h"
#include "cairn/core/program.h"
#include "cairn/core/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace cairn::app {

namespace {

enum Exit { done = 0, failed = 1, wrong_usage = 2 };

// "cairn: …", its further lines below the first one's text.
int report(Exit status, const std::string& message) {
    const std::string start = program().name + ": ";
    std::string text = start;
    constexpr std::size_t most = 10'000;
    for (const char c : printable(message, true, most)) {
        text += c;
        if (c == '\n') text.append(start.size(), ' ');
    }
    complain(text + "\n");
    return status;
}

// There may be no memory for a message either, so this one is made already.
int report_no_memory() noexcept {
    constexpr std::string_view message = "cairn: out of memory; a smaller --batch-size or --limit needs less\n";
    std::fflush(stdout);
    std::fwrite(message.data(), 1, message.size(), stderr);
    return failed;
}

// Where operator new finds no memory the program ends at once: so many functions are left on an exception's way out, the standard
// library's too, that some of them crash or end the program without a word. What is half written is left under a temporary
// name, as by a kill. Tensors' memory comes from elsewhere (core/host_allocator.h), with a message that names its size.
[[noreturn]] void end_without_memory() { std::_Exit(report_no_memory()); }

// Where no exception can be caught, as before main() or in a function that may not throw.
[[noreturn]] void end_program() {
    try {
        if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
        std::fputs("cairn: this is a bug in cairn: an exception where none is allowed\n", stderr);
    } catch (const std::bad_alloc&) {
        end_without_memory();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "cairn: this is a bug in cairn: %s\n", error.what());
    } catch (...) {
        std::fputs("cairn: this is a bug in cairn: an exception of no known kind\n", stderr);
    }
    std::abort();
}

// Before all objects with static storage, those of libraries' headers too: they may find no memory.
[[gnu::constructor(101)]] void end_with_a_message() {
    std::set_new_handler(end_without_memory);
    std::set_terminate(end_program);
}

// The innermost command that was named: "make-shapes10" of `cairn data make-shapes10`.
const CLI::App& innermost(const CLI::App& app) {
    const std::vector<CLI::App*> named = app.get_subcommands();
    return named.empty() ? app : innermost(*named.front());
}

// "./cairn data make-shapes10"
std::string full_name(const CLI::App& command) {
    return command.get_parent() == nullptr ? program().command
                                           : full_name(*command.get_parent()) + " " + command.get_name();
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        if (option->nonpositional()) names.push_back(option->get_name());
    return names;
}

// What is wrong with a word that no command or option took; empty if there is none.
std::string unexpected(const CLI::App& app) {
    const CLI::App& command = innermost(app);
    for (const CLI::App* level = &command; level != nullptr; level = level->get_parent())
        for (const std::string& word : level->remaining()) {
            if (word == "--") continue;  // what follows it are no options
            std::error_code ignored;
            if (word.starts_with("-") && word != "-" && std::filesystem::exists(word, ignored))
                return fmt::format("unknown option '{}'; the file of that name is ./{}", word, word);
            if (word.starts_with("-") && word != "-")
                return fmt::format("unknown option '{}'{}", word, suggestion(word, names_of_options(command)));
            const std::vector<std::string> commands = names_of_commands(*level);
            if (commands.empty()) return fmt::format("'{}' was not expected", word);
            return fmt::format("unknown command '{}'{}", word, suggestion(word, commands));
        }
    return "";
}

int usage_error(const CLI::App& app, const std::string& problem) {
    const std::string strange = unexpected(app);
    return report(wrong_usage,
                  fmt::format("{}\nSee: {} --help", strange.empty() ? problem : strange, full_name(innermost(app))));
}

// Who reads no further, as `| head` does, knows it, and needs no message.
int cannot_print(int error) {
    if (error == EPIPE) return 128 + SIGPIPE;
    return report(failed, fmt::format("cannot write to standard output: {}", std::strerror(error)));
}

// What fmt::print left in the buffer may not fit on the disk either; and a GPU's driver may have been misused.
int flush(int status) {
    for (const std::string& message : take_vulkan_messages()) status = report(failed, "Vulkan: " + message);
    const Delivery delivery = deliver_output();
    if (delivery.error == 0) return status;
    if (!delivery.work_went_on) return cannot_print(delivery.error);
    return report(failed, fmt::format("cannot write to standard output: {}; the work went on without it",
                                      std::strerror(delivery.error)));
}

int parse_and_run(CLI::App& app, Session& session, int argc, char** argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help_or_version) {
        return flush(app.exit(help_or_version));
    } catch (const CLI::ParseError& error) {
        return usage_error(app, error.what());
    }
    if (!unexpected(app).empty()) return usage_error(app, "");
    if (!session.chosen)
        return usage_error(app, fmt::format("give a command: {}", fmt::join(names_of_commands(innermost(app)), ", ")));
    if (session.common.threads > 0) set_threads(session.common.threads);
    try {
        return flush(session.chosen());
    } catch (const UsageError& error) {
        return usage_error(app, error.what());
    }
}

}  // namespace

namespace {

void set_program_name(const ProgramText& text, const std::string& typed) {
    const bool on_path = typed.find('/') == std::string::npos;  // found by the shell, so it is typed by its name alone
    set_program({text.name.empty() ? std::filesystem::path(typed).filename().string() : text.name,
                 text.command.empty() || on_path ? typed : text.command});
}

int run_program_of(const Registry& registry, int argc, char** argv, const ProgramText& text) {
    set_program_name(text, argc > 0 ? argv[0] : "cairn");
    Session session(registry);
    session.command_line = program().command;
    for (int i = 1; i < argc; ++i) session.command_line += " " + quoted(argv[i]);
    CLI::App app(text.about, program().name);
    const std::string made_with = program().name == "cairn" ? "" : program().name + ", with ";
    app.set_version_flag("--version", fmt::format("{}cairn {} ({}, {}, {})", made_with, build::version, build::revision,
                                                  build::compiler, build::type));
    app.footer(
        fmt::format("Exit status: 0 done, 1 failed, 2 wrong usage.\n"
                    "'{} COMMAND --help' says what a command does and writes.{}{}",
                    program().command, text.further.empty() ? "" : "\n", text.further));
    app.require_subcommand(0, 1);
    app.allow_extras();
    app.get_formatter()->column_width(34);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);  // of an option that is given twice
    const Command program(app);
    add_common_options(program, session.common);
#define CAIRN_ADD_COMMAND(name) add_##name##_command(program, session);
    CAIRN_COMMANDS(CAIRN_ADD_COMMAND)
#undef CAIRN_ADD_COMMAND
    return parse_and_run(app, session, argc, argv);
}

}  // namespace

int run(const Registry& registry, int argc, char** argv, const ProgramText& text) {
    try {
        use_fast_blas(argv);
        prepare_streams();
        return run_program_of(registry, argc, argv, text);
    } catch (const std::bad_alloc&) {
        return report_no_memory();
    } catch (const Error& error) {
        return report(failed, error.what());
    } catch (const std::filesystem::filesystem_error& error) {
        return report(failed, error.what());
    } catch (const std::system_error& error) {  // of the standard output, by fmt::print
        return cannot_print(error.code().value());
    } catch (const std::exception& error) {
        return report(failed, fmt::format("this is a bug in cairn: {}", error.what()));
    }
}

}  // namespace cairn::app
