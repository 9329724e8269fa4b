// Files of the source tree that are compiled in (cmake/embed.cmake): what `cairn new` writes.
#pragma once

#include <string_view>

namespace cairn::app::embedded {

// framework/app/new_project/*.in
extern const std::string_view project_cmake, project_model, project_main, project_readme;

}  // namespace cairn::app::embedded
