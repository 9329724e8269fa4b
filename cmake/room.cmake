# cairn_room(NAME [FOLDER folders...] DEPENDS libraries...)
# The static library cairn_NAME of every .cpp directly in framework/FOLDER (by default framework/NAME), of each folder. The rooms
# share core's precompiled headers.
function(cairn_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "" "" "FOLDER;DEPENDS")
    if(NOT room_FOLDER)
        set(room_FOLDER ${name})
    endif()
    list(TRANSFORM room_FOLDER PREPEND ${PROJECT_SOURCE_DIR}/framework/)
    list(TRANSFORM room_FOLDER APPEND /*.cpp)
    file(GLOB sources CONFIGURE_DEPENDS ${room_FOLDER})
    if(NOT sources)
        set(sources ${CAIRN_EMPTY_SOURCE})  # headers only
    endif()

    add_library(cairn_${name} STATIC ${sources})
    target_include_directories(cairn_${name} PUBLIC ${PROJECT_SOURCE_DIR}/framework ${PROJECT_BINARY_DIR}/generated)
    target_link_libraries(cairn_${name} PUBLIC ${room_DEPENDS})
    if(NOT CAIRN_PCH)
        return()
    endif()
    set(standard_headers <fmt/format.h> <algorithm> <cmath> <functional> <memory> <optional> <span> <string>
        <unordered_map> <vector>)
    if(name STREQUAL core)
        target_precompile_headers(cairn_${name} PRIVATE ${standard_headers})
    else()
        target_precompile_headers(cairn_${name} REUSE_FROM cairn_core)
    endif()
endfunction()

set(CAIRN_EMPTY_SOURCE ${PROJECT_BINARY_DIR}/generated/empty.cpp)
file(CONFIGURE OUTPUT ${CAIRN_EMPTY_SOURCE} CONTENT "")
