# The course: of each chapter with a grade.cpp the library course_NN, to which an exercise is linked by `cairn grade`, and
# <build>/course.json, which says how.

# cairn_course_chapter(NAME FOLDER): the library NAME of FOLDER/grade*.cpp, with the main() of framework/course/program.
function(cairn_course_chapter name folder)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/grade*.cpp)
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${sources} ${PROJECT_SOURCE_DIR}/framework/course/program/main.cpp)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC cairn::app)
    if(CAIRN_VULKAN)
        target_compile_definitions(${name} PRIVATE CAIRN_WITH_VULKAN)
    endif()
    target_compile_options(${name} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
endfunction()

add_custom_target(course)
file(GLOB graded CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/chapters/*/grade.cpp)
foreach(file IN LISTS graded)
    string(REGEX REPLACE ".*/([0-9]+)[^/]*/grade.cpp$" "course_\\1" chapter ${file})
    get_filename_component(folder ${file} DIRECTORY)
    cairn_course_chapter(${chapter} ${folder})
    add_dependencies(course ${chapter})
endforeach()

set(libraries "\"$<TARGET_FILE:cairn_app_library>\", \"$<TARGET_FILE:cairn_library>\", \"${OpenBLAS_LIBRARY}\"")
get_filename_component(blas_folder ${OpenBLAS_LIBRARY} DIRECTORY)
set(defines "")
if(CAIRN_PORTABLE)
    set(defines ", \"-DFMT_HEADER_ONLY\"")
else()
    string(APPEND libraries ", \"$<TARGET_FILE:fmt::fmt>\"")
endif()
# The flags that all is compiled with belong to an exercise too.
separate_arguments(flags NATIVE_COMMAND "${CMAKE_CXX_FLAGS}")
set(all_flags "")
foreach(flag IN LISTS flags)
    string(APPEND all_flags ", \"${flag}\"")
endforeach()
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/course.json CONTENT "{
  \"source\": \"${PROJECT_SOURCE_DIR}\",
  \"build\": \"${PROJECT_BINARY_DIR}\",
  \"cmake\": \"${CMAKE_COMMAND}\",
  \"compiler\": \"${CMAKE_CXX_COMPILER}\",
  \"compile\": [\"-std=c++20\", \"-I${PROJECT_SOURCE_DIR}\", \"-I${PROJECT_BINARY_DIR}/include\", \"-I${PROJECT_BINARY_DIR}/generated\"${defines}${all_flags}],
  \"link\": [${libraries}, \"-Wl,-rpath,${blas_folder}\", \"-Wl,--as-needed\", \"-lpng\", \"-ljpeg\", \"-lz\", \"-ldl\", \"-pthread\"]
}
")
