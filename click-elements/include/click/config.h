// Every element file includes this first. It fixes the driver (userlevel) and gives the build markers,
// which the compiler must not see: cmake/elements.cmake reads them as text and writes elements.cc.
#ifndef CLICK_CONFIG_H
#define CLICK_CONFIG_H

#define CLICK_USERLEVEL 1
#define CLICK_LCLICK 1
#define CLICK_VERSION "2.1"
#define CLICK_LINUX 1
#define HAVE_INT64_TYPES 1
#define HAVE_FLOAT_TYPES 1
#define HAVE_CXX_VARIADIC_TEMPLATES 1

#define CLICK_BYTE_ORDER_LITTLE 1234
#define CLICK_BYTE_ORDER_BIG 4321
#define CLICK_LITTLE_ENDIAN 1234
#define CLICK_BIG_ENDIAN 4321
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
# define CLICK_BYTE_ORDER CLICK_LITTLE_ENDIAN
#else
# define CLICK_BYTE_ORDER CLICK_BIG_ENDIAN
#endif

#define CLICK_DECLS
#define CLICK_ENDDECLS
#define CLICK_USING_DECLS
#define CLICK_COLD __attribute__((cold))
#define CLICK_ALWAYS_INLINE inline __attribute__((always_inline))
#define CLICK_DEPRECATED __attribute__((deprecated))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define EXPORT_ELEMENT(...)
#define ELEMENT_REQUIRES(...)
#define ELEMENT_PROVIDES(...)
#define ELEMENT_HEADER(...)
#define ELEMENT_LIBS(...)
#define ELEMENT_MT_SAFE(...)
#define ELEMENT_ALIAS(...)

#endif
