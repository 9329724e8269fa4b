// Files, read and written whole. A file that is written appears under its name complete or not at all.
#pragma once

#include "cairn/core/folder_lock.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

// The size of a file in bytes. Throws Error if there is none, or if it is a folder, a pipe or a device: those have no end, and to
// open them may wait for ever.
std::uint64_t size_of_file(const std::filesystem::path& path);

// The file's bytes. Throws Error that names the file and the reason; a pipe or a device is refused.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path);

// Writes to a temporary name beside `path`, syncs it to the disk and renames it, so that a crash, a kill or a full disk
// leaves the old file (or none). A link is replaced, and what it names stays: nothing is written outside of the folder.
// Throws Error that names the file, the reason and the remedy.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

// Writes to a file that the user named, as write_file does; but where that is a link, the file that it names is written, and
// a pipe or a device is written to directly.
void write_output(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

// The names of what is in `folder`; none if there is no such folder. Throws Error if it cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder);

// Removes those files in `folder` whose names are chosen: what others keep there stays. Throws Error.
using Names = std::function<bool(const std::string& name)>;
void remove_files(const std::filesystem::path& folder, const Names& chosen);
// Removes the temporary files that writers of the chosen files left behind when they were killed.
void remove_leftovers(const std::filesystem::path& folder, const Names& chosen);

// For tests: is called before each step of write_file, and may end the process there. nullptr: nobody watches.
enum class WriteStep { open, write, sync, rename, sync_folder };
using WriteObserver = void (*)(WriteStep step);
void set_write_observer(WriteObserver observer);

// Creates the folder and its parents; an existing one is fine. Throws Error.
void make_folder(const std::filesystem::path& path);

// Creates a folder that was not there: `path`, or path-2, path-3, … No two callers get the same. Throws Error.
std::filesystem::path make_new_folder(const std::filesystem::path& path);

// Makes a folder in which files will be replaced: a new one, an empty one, or one whose files are cairn's own (`ours`).
// `first` is the file that is written there before all others; a killed writer of it may have left its temporary file.
// While the lock lives, nobody else can claim the folder. Throws Error, and touches nothing, if it holds anything else, or if
// another program writes there.
FolderLock claim_folder(const std::filesystem::path& path, std::string_view first, bool ours);

}  // namespace cairn
