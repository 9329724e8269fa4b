# `cmake --build DIR --target tidy` runs clang-tidy over the framework, by .clang-tidy. Configure with CAIRN_PCH=OFF for it:
# clang cannot read gcc's precompiled headers.
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy run-clang-tidy-14)
mark_as_advanced(RUN_CLANG_TIDY)
if(RUN_CLANG_TIDY)
    add_custom_target(tidy
        COMMAND ${RUN_CLANG_TIDY} -quiet -p ${PROJECT_BINARY_DIR} "${PROJECT_SOURCE_DIR}/(framework|chapters)/.*"
        USES_TERMINAL)
endif()
