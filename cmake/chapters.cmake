# The program cairn: main() in chapters/cairn.cpp, and the program of every chapter, chapters/NN-name/main.cpp.
add_library(cairn_chapters INTERFACE)
target_include_directories(cairn_chapters INTERFACE ${PROJECT_SOURCE_DIR})  # "chapters/NN-name/model.h"
target_link_libraries(cairn_chapters INTERFACE cairn::app)

file(GLOB cairn_sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/chapters/*.cpp ${PROJECT_SOURCE_DIR}/chapters/*/main.cpp)
if(cairn_sources)
    add_executable(cairn ${cairn_sources})
    target_link_libraries(cairn PRIVATE cairn_chapters)
    target_compile_definitions(cairn PRIVATE CAIRN_WEIGHTS_FOLDER="${PROJECT_SOURCE_DIR}/weights")
    if(CAIRN_VULKAN)
        target_compile_definitions(cairn PRIVATE CAIRN_WITH_VULKAN)
    endif()
    target_compile_options(cairn PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)  # no loops here: see CMakeLists.txt
    if(CAIRN_PCH)
        target_precompile_headers(cairn REUSE_FROM cairn_core)
    endif()
endif()
