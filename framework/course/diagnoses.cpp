#include "cairn/course/diagnoses.h"

#include "cairn/core/error.h"
#include "cairn/core/file.h"
#include "cairn/core/random.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <sstream>

namespace cairn::course {

namespace {

using Json = nlohmann::ordered_json;

// Keeps a text from being read by chance; it is no secret.
std::string sealed(std::string text, std::size_t number) {
    RandomStream stream({.seed = number, .stream = stream_of(Purpose::test, 1), .step = 0});
    for (char& c : text) c = static_cast<char>(static_cast<unsigned char>(c) ^ (stream.next() & 0xff));
    return text;
}

std::string hex(const std::string& bytes) {
    std::string text;
    for (const unsigned char c : bytes) text += fmt::format("{:02x}", c);
    return text;
}

std::string from_hex(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
    return bytes;
}

// The value to 12 digits: far more than the slack asks for, and a third shorter in the file.
double shortened(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

// Of "case | check"
std::string check_name(const std::string& key) { return key.substr(key.rfind("| ") + 2); }

bool same(const CheckSeen& a, const CheckSeen& b) {
    const double slack = std::max(a.slack, b.slack);
    return a.shape == b.shape && a.strange == b.strange && std::abs(a.sums[0] - b.sums[0]) <= slack &&
           std::abs(a.sums[1] - b.sums[1]) <= slack;
}

bool same_in_all(const Observation& a, const Observation& b) {
    return a.end == b.end && a.checks.size() == b.checks.size() &&
           std::ranges::equal(a.checks, b.checks, [](const auto& one, const auto& other) {
               return one.first == other.first && same(one.second, other.second);
           });
}

// Does the wrong answer give the same in each check of this name?
bool explains(const Observation& wrong, const Observation& seen, const std::string& name) {
    bool fails = false;
    for (const auto& [key, check] : seen.checks) {
        if (check_name(key) != name) continue;
        const auto found = wrong.checks.find(key);
        if (found == wrong.checks.end() || !same(found->second, check)) return false;
        fails = fails || !check.ok;
    }
    return fails;
}

}  // namespace

Diagnoses::Diagnoses(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) return;
    try {
        const Json json = Json::parse(read_file(file));
        for (const Json& entry : json) {
            if (entry.contains("sources")) {
                sources_ = entry["sources"];
                continue;
            }
            const Json told = Json::parse(sealed(from_hex(entry["told"]), answers_.size()));
            WrongAnswer answer{told["name"], entry["part"], told["sentence"], {}};
            answer.seen.end = entry["end"];
            for (const auto& [key, seen] : entry["checks"].items())
                answer.seen.checks[key] = {seen[0] == 1, seen[1], seen[2], {seen[3], seen[4]}, seen[5]};
            answers_.push_back(std::move(answer));
        }
    } catch (const Json::exception& error) {
        fail("{} is damaged: {}; write it again: ./cairn grade NN --record", file.string(), error.what());
    }
}

void Diagnoses::write(const std::filesystem::path& file, const std::string& sources) const {
    std::string text = "[\n" + Json{{"sources", sources}}.dump();
    for (std::size_t i = 0; i < answers_.size(); ++i) {
        const WrongAnswer& answer = answers_[i];
        const Json told{{"name", answer.name}, {"sentence", answer.sentence}};
        Json checks = Json::object();
        for (const auto& [key, seen] : answer.seen.checks)
            checks[key] = {seen.ok ? 1 : 0,
                           seen.shape,
                           seen.strange,
                           shortened(seen.sums[0]),
                           shortened(seen.sums[1]),
                           std::strtod(fmt::format("{:.2g}", seen.slack).c_str(), nullptr)};
        text += ",\n" + Json{{"told", hex(sealed(told.dump(), i))},
                             {"part", answer.part},
                             {"end", answer.seen.end},
                             {"checks", checks}}
                            .dump();
    }
    write_file(file, text + "\n]\n");
}

const WrongAnswer* Diagnoses::explain(const std::string& part, const Observation& seen) const {
    for (const WrongAnswer& answer : answers_)
        if (answer.part == part && same_in_all(answer.seen, seen)) return &answer;
    std::set<std::string> wrong;
    for (const auto& [key, check] : seen.checks)
        if (!check.ok && check_name(key) != "threw") wrong.insert(check_name(key));  // many mistakes throw
    for (const std::string& name : wrong)
        for (const WrongAnswer& answer : answers_)
            if (answer.part == part && explains(answer.seen, seen, name)) return &answer;
    return nullptr;
}

std::string sources_hash(const std::filesystem::path& chapter) {
    namespace fs = std::filesystem;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(chapter)) {
        const std::string name = entry.path().filename();
        if (name == "exercise.h" || name == "solution.cpp" || name.starts_with("grade")) files.push_back(entry.path());
    }
    if (fs::exists(chapter / "wrong"))
        for (const auto& entry : fs::directory_iterator(chapter / "wrong")) files.push_back(entry.path());
    std::ranges::sort(files);
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a: sees changes, not attacks
    for (const fs::path& file : files)
        for (const std::uint8_t byte : read_file(file)) hash = (hash ^ byte) * 0x100000001b3u;
    return fmt::format("{:016x}", hash);
}

WrongAnswer described_in(const std::filesystem::path& wrong_answer) {
    const std::vector<std::uint8_t> bytes = read_file(wrong_answer);
    std::istringstream lines(std::string(bytes.begin(), bytes.end()));
    WrongAnswer answer;
    answer.name = wrong_answer.stem();
    std::string line;
    std::getline(lines, line);
    if (line.starts_with("// part: ")) answer.part = line.substr(9);
    while (std::getline(lines, line) && line.starts_with("// "))
        answer.sentence += (answer.sentence.empty() ? "" : " ") + line.substr(3);
    check(!answer.part.empty() && !answer.sentence.empty(),
          "{} must begin with the line '// part: NAME' and a comment that completes 'This is what you get if …'",
          wrong_answer.string());
    return answer;
}

}  // namespace cairn::course
