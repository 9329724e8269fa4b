// TempFolder: a new, empty folder for one test; it disappears with all it holds.
#pragma once

#include "cairn/core/error.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::test {

class TempFolder {
public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "cairn-test-XXXXXX").string();
        check(::mkdtemp(name.data()) != nullptr, "cannot create the folder {}", name);
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

}  // namespace cairn::test
