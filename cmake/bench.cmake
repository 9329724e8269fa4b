# One Google Benchmark program per file in bench/: bench/conv2d_bench.cpp -> <build>/bench/conv2d_bench. `bench` builds them
# all; bench/ladder/ holds what they share.
find_package(benchmark QUIET)
if(NOT benchmark_FOUND)
    message(FATAL_ERROR "CAIRN_BENCH needs Google Benchmark; on Debian: apt-get install libbenchmark-dev")
endif()

file(GLOB ladder_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/ladder/*.cpp)
add_library(cairn_ladder STATIC EXCLUDE_FROM_ALL ${ladder_sources})
target_include_directories(cairn_ladder PUBLIC ${PROJECT_SOURCE_DIR}/bench)
target_link_libraries(cairn_ladder PUBLIC cairn_chapters benchmark::benchmark)

add_custom_target(bench)
file(GLOB bench_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.cpp)
foreach(source IN LISTS bench_sources)
    get_filename_component(program ${source} NAME_WE)
    add_executable(${program} EXCLUDE_FROM_ALL ${source})
    target_link_libraries(${program} PRIVATE cairn_ladder benchmark::benchmark_main)
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
    add_dependencies(bench ${program})
endforeach()
