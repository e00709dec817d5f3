# cmake -DIN=FILE -DOUT=FILE.cc -DNAME=NAME -P embed.cmake: a file's bytes as an array.
file(READ ${IN} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "// Made of ${NAME}.o by cmake/embed.cmake.
#include <stddef.h>
namespace bpf {
alignas(8) extern const unsigned char ${NAME}[] = {
${bytes}};
extern const size_t ${NAME}_size = ${size};
}
")
