# cairn_spirv(TARGET SOURCE): a shader, compiled by glslc to SPIR-V, which spirv-val checks; TARGET may include its words as
# "shaders/NAME.inc". It is compiled again when it or a file it includes changes.
function(cairn_spirv target source)
    get_filename_component(name ${source} NAME_WE)
    get_filename_component(path ${source} ABSOLUTE)
    set(spirv ${PROJECT_BINARY_DIR}/generated/shaders/${name}.spv)
    set(words ${PROJECT_BINARY_DIR}/generated/shaders/${name}.inc)
    set(embed ${PROJECT_SOURCE_DIR}/cmake/embed_shader.cmake)
    add_custom_command(
        OUTPUT ${words}
        COMMAND ${CAIRN_GLSLC} --target-env=vulkan1.2 -O -Werror -I ${PROJECT_SOURCE_DIR}/shaders/include
            -MD -MF ${spirv}.d -MT ${words} -o ${spirv} ${path}
        COMMAND ${CAIRN_SPIRV_VAL} --target-env vulkan1.2 ${spirv}
        COMMAND ${CMAKE_COMMAND} -DSPIRV=${spirv} -DWORDS=${words} -P ${embed}
        DEPENDS ${path} ${embed}
        DEPFILE ${spirv}.d
        COMMENT "Compiling ${name}.comp"
        VERBATIM)
    target_sources(${target} PRIVATE ${words})
endfunction()

# cairn_shaders(TARGET): every shaders/*.comp, compiled and embedded into TARGET as the table of
# framework/backend/vulkan/shaders.h.
function(cairn_shaders target)
    find_path(CAIRN_VULKAN_INCLUDE_DIR vulkan/vulkan.h HINTS $ENV{VULKAN_SDK}/include)
    find_program(CAIRN_GLSLC glslc HINTS $ENV{VULKAN_SDK}/bin)
    find_program(CAIRN_SPIRV_VAL spirv-val HINTS $ENV{VULKAN_SDK}/bin)
    mark_as_advanced(CAIRN_VULKAN_INCLUDE_DIR CAIRN_GLSLC CAIRN_SPIRV_VAL)
    foreach(needed IN ITEMS "CAIRN_VULKAN_INCLUDE_DIR|Vulkan's headers|libvulkan-dev"
            "CAIRN_GLSLC|glslc|glslc" "CAIRN_SPIRV_VAL|spirv-val|spirv-tools")
        string(REPLACE "|" ";" needed "${needed}")
        list(GET needed 0 variable)
        if(NOT ${variable})
            list(GET needed 1 what)
            list(GET needed 2 package)
            message(FATAL_ERROR "Could not find ${what}, which the Vulkan backend needs; on Debian: "
                "apt-get install ${package}. To build without Vulkan: cmake --preset no-vulkan")
        endif()
    endforeach()

    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/shaders/*.comp)
    set(arrays "")
    set(table "")
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        cairn_spirv(${target} ${source})
        string(APPEND arrays "const std::uint32_t ${name}[] = {\n#include \"shaders/${name}.inc\"\n};\n")
        string(APPEND table "    {\"${name}\", ${name}, sizeof ${name}},\n")
    endforeach()

    set(CAIRN_SHADER_ARRAYS "${arrays}")
    set(CAIRN_SHADER_TABLE "${table}")
    configure_file(${PROJECT_SOURCE_DIR}/cmake/shaders.cpp.in ${PROJECT_BINARY_DIR}/generated/shaders/shaders.cpp @ONLY)
    target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/shaders/shaders.cpp)
    target_include_directories(${target} SYSTEM PUBLIC ${CAIRN_VULKAN_INCLUDE_DIR})
endfunction()
