# cairn_room(NAME [FOLDER folder] DEPENDS libraries... [PRECOMPILE headers...])
# The static library cairn_NAME of every .cpp directly in framework/FOLDER (by default framework/NAME). The rooms share core's
# precompiled headers; PRECOMPILE gives a room its own, with these besides.
function(cairn_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "" "FOLDER" "DEPENDS;PRECOMPILE")
    if(NOT room_FOLDER)
        set(room_FOLDER ${name})
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/framework/${room_FOLDER}/*.cpp)
    if(NOT sources)
        set(sources ${CAIRN_EMPTY_SOURCE})  # headers only
    endif()

    add_library(cairn_${name} STATIC ${sources})
    target_include_directories(cairn_${name} PUBLIC ${PROJECT_SOURCE_DIR}/framework ${PROJECT_BINARY_DIR}/generated)
    target_link_libraries(cairn_${name} PUBLIC ${room_DEPENDS})
    if(NOT CAIRN_PCH)
        return()
    elseif(name STREQUAL core OR room_PRECOMPILE)
        target_precompile_headers(cairn_${name} PRIVATE <fmt/format.h> <algorithm> <cmath> <functional> <memory> <optional>
            <span> <string> <unordered_map> <vector> ${room_PRECOMPILE})
    else()
        target_precompile_headers(cairn_${name} REUSE_FROM cairn_core)
    endif()
endfunction()

set(CAIRN_EMPTY_SOURCE ${PROJECT_BINARY_DIR}/generated/empty.cpp)
file(CONFIGURE OUTPUT ${CAIRN_EMPTY_SOURCE} CONTENT "")
