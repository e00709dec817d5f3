// Every element file includes this first. It fixes the driver (userlevel) and gives the build markers,
// which the compiler must not see: cmake/elements.cmake reads them as text and writes elements.cc.
#ifndef CLICK_CONFIG_H
#define CLICK_CONFIG_H

#include <stddef.h>
#include <sys/types.h>

#define CLICK_USERLEVEL 1
#define CLICK_LCLICK 1
#define CLICK_VERSION "2.1"
#define CLICK_LINUX 1
#define HAVE_INT64_TYPES 1
#define HAVE_FLOAT_TYPES 1
#define HAVE_CXX_VARIADIC_TEMPLATES 1
#define HAVE_CXX_RVALUE_REFERENCES 1
#define HAVE_CXX_STATIC_ASSERT 1
#define HAVE_CXX_OVERRIDE 1
#define HAVE_INT64_DIVIDE 1
#define HAVE_INT64_IS_LONG 1
#define HAVE_LONG_LONG 1
#define HAVE_TYPE_TRAITS 1
#define HAVE_STRNLEN 1
#define SIZEOF_LONG __SIZEOF_LONG__
#define SIZEOF_LONG_LONG 8
#define SIZEOF_INT 4
#define SIZEOF_SHORT 2
#define SIZEOF_VOID_P __SIZEOF_POINTER__
#define SIZEOF_VOIDP __SIZEOF_POINTER__
#define HAVE_IP6 1
#define HAVE_INDIFFERENT_ALIGNMENT 1
#define HAVE_MULTITHREAD 1
#define HAVE_USER_MULTITHREAD 1
#define HAVE_USE_CLOCK_GETTIME 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_BATCH 1
#define TIMESTAMP_REP_FLAT64 1
#define TIMESTAMP_NANOSEC 1
#define HAVE_NANOTIMESTAMP_ENABLED 1
#define TIMESTAMP_VALUE_INT64 1
#define TIMESTAMP_WARPABLE 0
// What Linux and its C library have
#define HAVE_ARPA_INET_H 1
#define HAVE_BYTESWAP_H 1
#define HAVE_DIRENT_H 1
#define HAVE_FCNTL_H 1
#define HAVE_IFADDRS_H 1
#define HAVE_MMAP 1
#define HAVE_MADVISE 1
#define HAVE_NETDB_H 1
#define HAVE_NETINET_IN_H 1
#define HAVE_POLL_H 1
#define HAVE_PWD_H 1
#define HAVE_GRP_H 1
#define HAVE_RANDOM 1
#define HAVE_SIGACTION 1
#define HAVE_SNPRINTF 1
#define HAVE_STRERROR 1
#define HAVE_STRTOUL 1
#define HAVE_SYS_MMAN_H 1
#define HAVE_SYSEXITS_H 1
#define HAVE_TERMIO_H 1
#define HAVE_UNISTD_H 1
#define HAVE_VSNPRINTF 1
#define HAVE_ACCEPT4 1

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
#define CLICK_NOINLINE __attribute__((noinline))
#define CLICK_MAY_ALIAS __attribute__((may_alias))
#define CLICK_WARN_UNUSED_RESULT
#define CLICK_UNUSED __attribute__((unused))
#define CLICK_ALIGNED(n) __attribute__((aligned(n)))
#define CLICK_SIZE_PACKED_STRUCTURE(head, tail) head tail
#define CLICK_SIZE_PACKED_ATTRIBUTE __attribute__((packed))
#define CLICK_PACKED_STRUCTURE(head, tail) head tail
#define CLICK_ATTRIBUTE_PACKED __attribute__((packed))
#define CLICK_NAME(x) ::x
#define CLICK_CONFIG_INCLUDED 1
#define CLICK_CPU_MAX 64
// The header that C++ includes between these has C++ keywords for names in some systems; here none has.
#define CLICK_CXX_PROTECT
#define CLICK_CXX_UNPROTECT

#define CLICK_CACHE_LINE_SIZE 64
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
