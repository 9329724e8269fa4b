# `cmake --install`: the libraries, their public headers as cairn/ROOM/NAME.h, and what find_package(cairn) and pkg-config read.
# The devices' own headers stay behind: what they hold depends on the instructions that cairn was built for.
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/cairn)

install(TARGETS cairn_library cairn_app_library EXPORT cairn_targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET cairn)
    install(TARGETS cairn DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(DIRECTORY weights DESTINATION ${CMAKE_INSTALL_DATADIR}/cairn)
endif()
install(DIRECTORY framework/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cairn
    FILES_MATCHING PATTERN "*.h" REGEX "/backend/(cpu|no_vulkan|reference|vulkan)$" EXCLUDE)
install(FILES ${PROJECT_BINARY_DIR}/generated/cairn/core/build_info.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cairn/core)

install(EXPORT cairn_targets NAMESPACE cairn:: DESTINATION ${package_folder})
configure_package_config_file(cmake/cairnConfig.cmake.in ${PROJECT_BINARY_DIR}/cairnConfig.cmake
    INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cairnConfigVersion.cmake COMPATIBILITY SameMinorVersion)
# The folder of the build is a package too: a project that `cairn new` writes finds cairn there.
export(EXPORT cairn_targets NAMESPACE cairn:: FILE ${PROJECT_BINARY_DIR}/cairn_targets.cmake)
file(COPY cmake/FindOpenBLAS.cmake DESTINATION ${PROJECT_BINARY_DIR})
install(FILES ${PROJECT_BINARY_DIR}/cairnConfig.cmake ${PROJECT_BINARY_DIR}/cairnConfigVersion.cmake
    cmake/FindOpenBLAS.cmake DESTINATION ${package_folder})

file(RELATIVE_PATH prefix_of_package ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
# Who links a static library links what it needs as well; a shared one brings it along.
set(pkg_config_libs "-L\${libdir} -lcairn_app -lcairn -pthread")
if(BUILD_SHARED_LIBS)
    string(JOIN "\n" pkg_config_needs "Requires: fmt" "Requires.private: libpng libjpeg zlib"
        "Libs: ${pkg_config_libs}" "Libs.private: ${OpenBLAS_LIBRARY} -ldl")
else()
    string(JOIN "\n" pkg_config_needs "Requires: fmt libpng libjpeg zlib" "Libs: ${pkg_config_libs} ${OpenBLAS_LIBRARY} -ldl")
endif()
configure_file(cmake/cairn.pc.in ${PROJECT_BINARY_DIR}/cairn.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cairn.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
