# The framework's headers are included as "cairn/ROOM/NAME.h", here and by whoever uses cairn: <build>/include/cairn is a link to
# framework/.
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/framework ${PROJECT_BINARY_DIR}/include/cairn SYMBOLIC)

# cairn_room(NAME [FOLDER folders...] [LIBRARIES libraries...])
# The objects of every .cpp directly in framework/FOLDER (by default framework/NAME), of each folder: the target cairn_NAME.
# LIBRARIES are what the room needs from outside of cairn. The rooms share core's precompiled headers.
function(cairn_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "" "" "FOLDER;LIBRARIES")
    if(NOT room_FOLDER)
        set(room_FOLDER ${name})
    endif()
    list(TRANSFORM room_FOLDER PREPEND ${PROJECT_SOURCE_DIR}/framework/)
    list(TRANSFORM room_FOLDER APPEND /*.cpp)
    file(GLOB sources CONFIGURE_DEPENDS ${room_FOLDER})

    add_library(cairn_${name} OBJECT ${sources})
    target_include_directories(cairn_${name} PRIVATE ${PROJECT_BINARY_DIR}/include ${PROJECT_BINARY_DIR}/generated)
    target_link_libraries(cairn_${name} PRIVATE ${fmt_library} Threads::Threads ${room_LIBRARIES})
    add_dependencies(cairn_${name} cairn_revision)
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

# cairn_library(NAME ROOMS rooms... [PUBLIC libraries...] [PRIVATE libraries...])
# The library NAME of these rooms, static or, with BUILD_SHARED_LIBS, shared. Whoever links it gets its headers, C++20, and the
# PUBLIC libraries, which the headers need.
function(cairn_library name)
    cmake_parse_arguments(PARSE_ARGV 1 library "" "" "ROOMS;PUBLIC;PRIVATE")
    set(target ${name}_library)
    add_library(${target})
    foreach(room IN LISTS library_ROOMS)
        target_sources(${target} PRIVATE $<TARGET_OBJECTS:cairn_${room}>)
    endforeach()
    target_link_libraries(${target} PUBLIC ${library_PUBLIC} PRIVATE ${library_PRIVATE})
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_include_directories(${target} PUBLIC
        $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    string(REPLACE cairn_ "" export_name ${name})
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} EXPORT_NAME ${export_name}
        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
    add_library(cairn::${export_name} ALIAS ${target})
endfunction()

set(CAIRN_EMPTY_SOURCE ${PROJECT_BINARY_DIR}/generated/empty.cpp)
file(CONFIGURE OUTPUT ${CAIRN_EMPTY_SOURCE} CONTENT "")
