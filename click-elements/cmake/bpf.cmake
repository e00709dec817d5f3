# Programs for the kernel, compiled by clang and embedded in lclick: bytes for elements/userlevel/bpfobject.hh to load. They are the same
# for every architecture that we build for. Where there is no clang, lclick is built without, and says so when it is asked.
find_program(LCLICK_CLANG NAMES clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14 DOC "clang, to compile programs for the kernel")

# The arrays NAME and NAME_size, in namespace bpf, of what clang makes of SOURCE; appends the C++ file to the list named LIST. More
# arguments are headers that it depends on.
function(lclick_embed_bpf source name list)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.o)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  if(LCLICK_CLANG)
    add_custom_command(OUTPUT ${out} DEPENDS ${source} ${ARGN} ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed.cmake
      COMMAND ${LCLICK_CLANG} -O2 -target bpf -mcpu=v2 -Wall -Wextra -Wno-unused-parameter -Wno-unused-function -Wno-pass-failed -c ${source} -o ${object}
      COMMAND ${CMAKE_COMMAND} -DIN=${object} -DOUT=${out} -DNAME=${name} -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed.cmake
      VERBATIM)
  else()
    message(STATUS "no clang: ${name} is not built in")
    file(CONFIGURE OUTPUT ${out} CONTENT "#include <stddef.h>
namespace bpf {
extern const unsigned char ${name}[] = {0};
extern const size_t ${name}_size = 0;
}
" @ONLY)
  endif()
  set(${list} ${${list}} ${out} PARENT_SCOPE)
endfunction()
