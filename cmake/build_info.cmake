# Writes <build>/generated/cairn/core/build_info.h: what is built, by which compiler, how. The target cairn_revision writes
# core/revision.h beside it whenever something is built, since the tree may have been edited, or another commit checked out,
# since the last configuration.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_property(options DIRECTORY PROPERTY COMPILE_OPTIONS)
list(FILTER options EXCLUDE REGEX "^-W")
list(JOIN options " " options)
string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${options}" CAIRN_FLAGS)

configure_file(${PROJECT_SOURCE_DIR}/cmake/build_info.h.in ${PROJECT_BINARY_DIR}/generated/cairn/core/build_info.h @ONLY)
configure_file(${PROJECT_SOURCE_DIR}/cmake/build_folder.h.in ${PROJECT_BINARY_DIR}/generated/cairn/core/build_folder.h @ONLY)

add_custom_target(cairn_revision
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DHEADER=${PROJECT_BINARY_DIR}/generated/cairn/core/revision.h
        -P ${PROJECT_SOURCE_DIR}/cmake/revision.cmake
    BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/cairn/core/revision.h
    COMMENT "Asking git for the revision"
    VERBATIM)
