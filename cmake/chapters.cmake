# The program cairn (chapters/*.cpp) and one program per chapter that has a main.cpp: <build>/chapters/NN-name.
add_library(cairn_chapters INTERFACE)
target_include_directories(cairn_chapters INTERFACE ${PROJECT_SOURCE_DIR})  # "chapters/NN-name/model.h"
target_link_libraries(cairn_chapters INTERFACE cairn_app)

function(cairn_chapter_program target)
    add_executable(${target} ${ARGN})
    target_link_libraries(${target} PRIVATE cairn_chapters)
    if(CAIRN_PCH)
        target_precompile_headers(${target} REUSE_FROM cairn_core)
    endif()
endfunction()

file(GLOB cairn_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/chapters/*.cpp)
if(cairn_sources)
    cairn_chapter_program(cairn ${cairn_sources})
endif()

file(GLOB chapter_mains CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/chapters/*/main.cpp)
foreach(source IN LISTS chapter_mains)
    get_filename_component(folder ${source} DIRECTORY)
    get_filename_component(chapter ${folder} NAME)
    cairn_chapter_program(${chapter} ${source})
    set_target_properties(${chapter} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/chapters)
endforeach()
