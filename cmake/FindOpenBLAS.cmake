# OpenBLAS::OpenBLAS, in the build that has threads of its own and no OpenMP: its calls are single-threaded inside cairn's
# parallel loops, which the OpenMP build would count as nested. Debian keeps that build in a folder of its own, which becomes
# the programs' run path, so that the system's choice of libblas cannot swap it; Fedora calls it openblasp.
find_path(OpenBLAS_INCLUDE_DIR cblas.h
    HINTS /opt/homebrew/opt/openblas/include /usr/local/opt/openblas/include
    PATH_SUFFIXES openblas-pthread openblas)
find_library(OpenBLAS_LIBRARY NAMES openblasp openblas NAMES_PER_DIR
    HINTS /opt/homebrew/opt/openblas/lib /usr/local/opt/openblas/lib
    PATH_SUFFIXES openblas-pthread)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBLAS REQUIRED_VARS OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)
mark_as_advanced(OpenBLAS_LIBRARY OpenBLAS_INCLUDE_DIR)

if(OpenBLAS_FOUND AND NOT TARGET OpenBLAS::OpenBLAS)
    add_library(OpenBLAS::OpenBLAS UNKNOWN IMPORTED)
    set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
        IMPORTED_LOCATION "${OpenBLAS_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${OpenBLAS_INCLUDE_DIR}")
endif()
