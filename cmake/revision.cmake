# cmake -DSOURCE=folder -DHEADER=file -P cmake/revision.cmake
# Writes the revision of the clone SOURCE to HEADER, which is rewritten only when it changes: git's name of the commit; with
# -dirty behind it where a tracked file was edited, or where what is built from has a file that git does not know.
set(CAIRN_REVISION unknown)
set(CAIRN_SOURCE_FOLDERS "framework|chapters|shaders|cmake")
find_program(GIT git)
if(GIT)
    execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --short=12 HEAD
        OUTPUT_VARIABLE commit RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT failed)
        set(CAIRN_REVISION ${commit})
        # Without locks, so that it is in nobody's way. Paths are relative to the top of the clone, as SOURCE is.
        execute_process(COMMAND ${GIT} --no-optional-locks -C ${SOURCE} status --porcelain --untracked-files=all
            OUTPUT_VARIABLE edited ERROR_QUIET)
        if("\n${edited}" MATCHES "\n([^?\n]|\\?\\? \"?(${CAIRN_SOURCE_FOLDERS})/)")
            string(APPEND CAIRN_REVISION -dirty)
        endif()
    endif()
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/revision.h.in ${HEADER} @ONLY)
