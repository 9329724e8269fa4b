// A data set and a run's folder from somebody who means harm, given to every command that takes one: nothing of them is executed,
// nothing is written outside, no escape sequence reaches the terminal, and every command ends soon, in little memory, with an
// answer.
#include "cairn/backend/devices.h"
#include "cairn/io/png.h"
#include "cairn/io/safetensors.h"
#include "cli/cli.h"
#include "support/picture_files.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <set>

namespace {

using namespace cairn::test;
using cairn::write_file;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;
namespace io = cairn::io;

// The sanitizers multiply both.
#if defined(__SANITIZE_ADDRESS__)
constexpr int slower = 6, larger = 4;
#else
constexpr int slower = 1, larger = 1;
#endif

// Everything in the workplace but what the commands may write: their outputs, and `received` itself.
std::set<std::string> others(const std::string& received) {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(workplace().path())) {
        const std::string name = entry.path().lexically_relative(workplace().path()).string();
        if (name.starts_with("hostile-out") || name.starts_with("home") || name.starts_with(received)) continue;
        const bool file = entry.is_regular_file() && !entry.is_symlink();
        found.insert(file ? fmt::format("{} {}", name, fs::file_size(entry.path())) : name);
    }
    return found;
}

void expect_harmless(const Words& words) {
    const std::string shown = "cairn " + testing::PrintToString(words);
    const auto start = std::chrono::steady_clock::now();
    CommandOptions options;
    options.environment = {{"XDG_CACHE_HOME", (workplace() / "hostile-out-cache").string()},
                           {"ASAN_OPTIONS", "allocator_may_return_null=1"}};  // a refusal is an answer, as without it
    const CommandResult result = run_mortal(words, options);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10 * slower)) << shown;
    EXPECT_TRUE(result.status == 0 || result.status == 1) << shown << ": " << result.status << "\n" << result.err;
    EXPECT_THAT(result.err, Not(HasSubstr("bug"))) << shown;
    for (const std::string& text : {result.out, result.err}) {
        EXPECT_EQ(text.find('\x1b'), text.npos) << shown;
        EXPECT_EQ(text.find("\xc2\x9b"), text.npos) << shown;
    }
    if (result.status == 1) {
        EXPECT_THAT(result.err, testing::StartsWith("cairn: ")) << shown;
    }
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);  // the largest of all so far
    EXPECT_LT(used.ru_maxrss, 1'000'000L * larger) << shown;
    EXPECT_FALSE(fs::exists(workplace() / "PWNED")) << shown;
    fs::remove_all(workplace() / "hostile-out");
}

struct Trap {
    std::string name;
    std::function<void(const fs::path& folder)> set;
};

void expect_harmless_with(const std::vector<Trap>& traps, const fs::path& good, const std::vector<Words>& commands) {
    for (const Trap& trap : traps) {
        const std::string received = "received-" + trap.name;
        fs::copy(good, workplace() / received, fs::copy_options::recursive);
        trap.set(workplace() / received);
        const std::set<std::string> before = others(received);
        for (Words words : commands) {
            for (std::string& word : words)
                if (word.starts_with("RECEIVED")) word = received + word.substr(8);
            expect_harmless(words);
            EXPECT_EQ(others(received), before) << trap.name << ": " << testing::PrintToString(words);
        }
        fs::remove_all(workplace() / received);
    }
}

std::string nested(int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "{\"a\":";
    return text;
}

// A safetensors file of this header, and a gap of this size for data.
void put_header(const fs::path& file, const std::string& header, std::uintmax_t data = 0) {
    std::string text(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) text[i] = static_cast<char>(header.size() >> (8 * i));
    write_file(file, text + header);
    fs::resize_file(file, text.size() + header.size() + data);
}

void put_names(const fs::path& folder, const std::string& first) {
    write_file(folder / "batches.meta.txt", first + "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
}

void replace_by_link(const fs::path& file, const fs::path& target) {
    fs::remove(file);
    fs::create_symlink(target, file);
}

constexpr const char* huge = R"({"x":{"dtype":"U8","shape":[1000000000000],"data_offsets":[0,1000000000000]}})";

cairn::Allocator& cpu_memory() { return cairn::backend(cairn::Device::cpu()).allocator(); }

// The folder without what it held.
const fs::path& empty(const fs::path& folder) {
    fs::remove_all(folder);
    fs::create_directory(folder);
    return folder;
}

const std::vector<Trap> data_traps = {
    {"escapes", [](const fs::path& f) { put_names(f, "\x1b]0;owned\a\x1b[2J"); }},
    {"commands", [](const fs::path& f) { put_names(f, "`touch PWNED`"); }},
    {"gnuplot", [](const fs::path& f) { put_names(f, "'.system('touch PWNED').'"); }},
    {"latin1", [](const fs::path& f) { put_names(f, "caf\xe9"); }},
    {"link-to-zeros", [](const fs::path& f) { replace_by_link(f / "data_batch_1.bin", "/dev/zero"); }},
    {"endless", [](const fs::path& f) { fs::resize_file(f / "data_batch_2.bin", 3073ull << 30); }},
    {"pipe",
     [](const fs::path& f) {
         fs::remove(f / "test_batch.bin");
         ASSERT_EQ(::mkfifo((f / "test_batch.bin").c_str(), 0600), 0);
     }},
    {"loop", [](const fs::path& f) { replace_by_link(f / "batches.meta.txt", "batches.meta.txt"); }},
    {"bundle-out",
     [](const fs::path& f) {
         const cairn::Tensor images = cairn::Tensor::empty({2, 4, 4, 1}, cairn::DType::uint8, cpu_memory());
         const cairn::Tensor labels = cairn::from_values({2}, std::vector<std::int32_t>{0, 1}, cairn::Device::cpu());
         io::write_safetensors(
             empty(f) / "dataset.safetensors",
             {{"train_images", images}, {"train_labels", labels}, {"test_images", images}, {"test_labels", labels}},
             {{"name", "../../hostile"}, {"classes", "a,b"}});
     }},
    {"bundle-deep", [](const fs::path& f) { put_header(empty(f) / "dataset.safetensors", nested(100'000)); }},
    {"bundle-huge", [](const fs::path& f) { put_header(empty(f) / "dataset.safetensors", huge, 1'000'000'000'000); }},
};

TEST(Hostile, ADataSetDoesNoHarm) {
    const std::string weights = tiny_weights().string();
    expect_harmless_with(
        data_traps, tiny_data(),
        {{"data", "info", "RECEIVED"},
         {"data", "info", "RECEIVED", "--json"},
         {"data", "info", "RECEIVED", "--png", "hostile-out.png"},
         {"data", "import", "RECEIVED", "hostile-out"},
         {"train", "tiny", "--data", "RECEIVED", "--epochs", "1", "--out", "hostile-out"},
         {"evaluate", "tiny", "--weights", weights, "--data", "RECEIVED"},
         {"evaluate", "tiny", "--weights", weights, "--data", "RECEIVED", "--json"},
         {"predict", "--weights", weights, "--data", "RECEIVED", "--logits", "hostile-out.safetensors"},
         {"predict", "--weights", weights, "RECEIVED"},
         {"grads", "--weights", weights, "--data", "RECEIVED", "--out", "hostile-out.safetensors"},
         {"diverge", "tiny", "--left", "reference", "--right", "cpu", "--data", "RECEIVED"}});
}

// Pictures whose names a terminal would obey, one that unpacks to 300 MB, and one of a terabyte.
TEST(Hostile, AFolderOfPicturesDoesNoHarm) {
    const fs::path good = workplace() / "hostile-pets";
    for (const char* name : {"cat", "dog"})
        for (int i = 0; i < 3; ++i) {
            fs::create_directories(good / name);
            io::write_png(good / name / fmt::format("{}.png", i), plain_picture(9, 9, {10 * i, 20, 30}));
        }
    const std::vector<Trap> traps = {
        {"named", [](const fs::path& f) { fs::rename(f / "cat" / "0.png", f / "cat" / "\x1b[31m`touch PWNED`.png"); }},
        {"class", [](const fs::path& f) { fs::rename(f / "cat", f / "\x1b[2Jcat"); }},
        {"unpacks",
         [](const fs::path& f) {
             io::write_png(f / "cat" / "0.png", {9000, 9000, std::vector<std::uint8_t>(243'000'000)});
         }},
        {"endless", [](const fs::path& f) { fs::resize_file(f / "cat" / "0.png", 1ull << 40); }},
        {"linked", [](const fs::path& f) { replace_by_link(f / "cat" / "0.png", "/dev/zero"); }},
        {"loop", [](const fs::path& f) { fs::create_directory_symlink("..", f / "cat" / "again"); }},
    };
    const std::string weights = tiny_weights().string();
    expect_harmless_with(traps, good,
                         {{"data", "info", "RECEIVED"},
                          {"data", "import", "RECEIVED", "hostile-out"},
                          {"predict", "--weights", weights, "RECEIVED"},
                          {"predict", "--weights", weights, "RECEIVED", "--csv"},
                          {"evaluate", "tiny", "--weights", weights, "--data", "RECEIVED"}});
}

// Changes a member of a JSON file of a run.
void put_member(const fs::path& file, const char* name, const nlohmann::json& value) {
    nlohmann::json json = json_file(file);
    json[name] = value;
    write_file(file, json.dump());
}

// The weights with other metadata, and tensors besides.
void rewrite_weights(const fs::path& folder, const io::Metadata& metadata, const io::NamedTensors& more = {}) {
    io::Safetensors content = io::read_safetensors(folder / "model.safetensors", cpu_memory());
    for (const auto& [name, value] : metadata) content.metadata[name] = value;
    content.tensors.insert(content.tensors.end(), more.begin(), more.end());
    io::write_safetensors(folder / "model.safetensors", content.tensors, content.metadata);
}

const std::vector<Trap> run_traps = {
    {"kernel",
     [](const fs::path& f) {
         rewrite_weights(
             f, {}, {{"conv2d/kernel", cairn::zeros({100, 100, 3, 1}, cairn::DType::float32, cairn::Device::cpu())}});
     }},
    {"number", [](const fs::path& f) { put_header(f / "model.safetensors", R"({"x":1e999})"); }},
    {"deep-weights", [](const fs::path& f) { put_header(f / "model.safetensors", nested(1'000'000)); }},
    {"huge-weights", [](const fs::path& f) { put_header(f / "model.safetensors", huge, 1'000'000'000'000); }},
    {"escapes",
     [](const fs::path& f) {
         rewrite_weights(f, {{"classes", "\x1b[2J,1,2,3,4,5,6,7,8,9"}});
     }},
    {"named-out",
     [](const fs::path& f) {
         rewrite_weights(f, {{"dataset", "../../x\x1b[2J"}});
     }},
    {"model",
     [](const fs::path& f) {
         rewrite_weights(f, {{"model", "\x1b[2J`touch PWNED`"}});
     }},
    {"huge-images",
     [](const fs::path& f) {
         rewrite_weights(f, {{"image_shape", "16384,6000,3"}});
     }},
    {"many-classes",
     [](const fs::path& f) {
         rewrite_weights(f, {{"classes", "a,b,c,d,e,f,g,h,i,j,k"}});
     }},
    {"pipe",
     [](const fs::path& f) {
         fs::remove(f / "model.safetensors");
         ASSERT_EQ(::mkfifo((f / "model.safetensors").c_str(), 0600), 0);
     }},
    {"deep-metrics", [](const fs::path& f) { write_file(f / "metrics.json", nested(20'000)); }},
    {"matrices",
     [](const fs::path& f) {
         put_member(f / "metrics.json", "test", {{"confusion", {{1, 2, 3}, {1, 2, 3}, {1, 2, 3}}}});
     }},
    {"float-counts",
     [](const fs::path& f) {
         put_member(f / "metrics.json", "test", {{"confusion", {{1e43, 2}, {1, 2}}}});
     }},
    {"deep-config", [](const fs::path& f) { write_file(f / "config.json", nested(20'000)); }},
    {"config-model", [](const fs::path& f) { put_member(f / "config.json", "model", "\x1b[2J../../x"); }},
    {"command", [](const fs::path& f) { put_member(f / "config.json", "command", "'\"`touch PWNED`<script>\x1b[2J"); }},
    {"long-history",
     [](const fs::path& f) { write_file(f / "history.csv", "epoch,loss\n" + std::string(10'000'000, '\n')); }},
};

TEST(Hostile, ARunDoesNoHarm) {
    const fs::path good = tiny_weights().parent_path(), picture = workplace() / "hostile-one.png";
    io::write_png(picture, plain_picture(32, 32, {10, 20, 30}));
    expect_harmless_with(
        run_traps, good,
        {{"evaluate", "--weights", "RECEIVED", "--data", tiny_data()},
         {"evaluate", "--weights", "RECEIVED/model.safetensors", "--data", tiny_data(), "--json"},
         {"predict", "--weights", "RECEIVED", picture.string()},
         {"predict", "--weights", "RECEIVED", "--data", tiny_data(), "--logits", "hostile-out.safetensors"},
         {"grads", "--weights", "RECEIVED", "--data", tiny_data(), "--out", "hostile-out.safetensors"},
         {"train", "tiny", "--weights", "RECEIVED/model.safetensors", "--data", tiny_data(), "--epochs", "1",
          "--no-report", "--out", "hostile-out"},
         {"train", "--resume", "RECEIVED", "--data", tiny_data()},
         {"train", "--resume", "RECEIVED", "--data", tiny_data(), "--epochs", "9"}});
}

}  // namespace
