// The numbers of LLRPCs: what an element may be asked over a ControlSocket in binary.
#ifndef CLICK_LLRPC_H
#define CLICK_LLRPC_H
#include <stdint.h>
// The upper bits say what is passed and how: nothing, out, in; safe (needs no lock), flat (without pointers); bits 16 to 27 its size.
#define _CLICK_IOC_VOID 0x20000000
#define _CLICK_IOC_OUT 0x40000000
#define _CLICK_IOC_IN 0x80000000
#define _CLICK_IOC_SAFE 0x00008000
#define _CLICK_IOC_FLAT 0x00004000
#define _CLICK_IOC_BASE_MASK 0x0FFFFFFF
#define _CLICK_IOC_SIZE(io) ((io) >> 16 & 0xFFF)
#define _CLICK_IOX(d, n, size) ((d) | ((size) << 16) | (n))
#define _CLICK_IO(n) _CLICK_IOX(_CLICK_IOC_VOID, (n), 0)
#define _CLICK_IOR(n, size) _CLICK_IOX(_CLICK_IOC_OUT, (n), (size))
#define _CLICK_IOW(n, size) _CLICK_IOX(_CLICK_IOC_IN, (n), (size))
#define _CLICK_IOWR(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_IN, (n), (size))
#define _CLICK_IOS(n) _CLICK_IOX(_CLICK_IOC_VOID | _CLICK_IOC_SAFE, (n), 0)
#define _CLICK_IORS(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_SAFE, (n), (size))
#define _CLICK_IOWS(n, size) _CLICK_IOX(_CLICK_IOC_IN | _CLICK_IOC_SAFE, (n), (size))
#define _CLICK_IOWRS(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_IN | _CLICK_IOC_SAFE, (n), (size))
#define _CLICK_IORF(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_FLAT, (n), (size))
#define _CLICK_IOWF(n, size) _CLICK_IOX(_CLICK_IOC_IN | _CLICK_IOC_FLAT, (n), (size))
#define _CLICK_IOWRF(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_IN | _CLICK_IOC_FLAT, (n), (size))
#define _CLICK_IORSF(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_SAFE | _CLICK_IOC_FLAT, (n), (size))
#define _CLICK_IOWSF(n, size) _CLICK_IOX(_CLICK_IOC_IN | _CLICK_IOC_SAFE | _CLICK_IOC_FLAT, (n), (size))
#define _CLICK_IOWRSF(n, size) _CLICK_IOX(_CLICK_IOC_OUT | _CLICK_IOC_IN | _CLICK_IOC_SAFE | _CLICK_IOC_FLAT, (n), (size))
#define CLICK_LLRPC_PROXY _CLICK_IO(0)
#define CLICK_LLRPC_GET_RATE _CLICK_IOWRSF(1, 4)
#define CLICK_LLRPC_GET_RATES _CLICK_IOS(2)
#define CLICK_LLRPC_GET_COUNT _CLICK_IOWRSF(3, 4)
#define CLICK_LLRPC_GET_COUNTS _CLICK_IOS(4)
#define CLICK_LLRPC_GET_SWITCH _CLICK_IORSF(5, 4)
#define CLICK_LLRPC_SET_SWITCH _CLICK_IOWF(6, 4)
#define CLICK_LLRPC_MAP_IPADDRESS _CLICK_IOWRF(7, 4)
#define CLICK_LLRPC_IPREWRITER_MAP_TCP _CLICK_IOWRF(8, 12)
#define CLICK_LLRPC_IPREWRITER_MAP_UDP _CLICK_IOWRF(9, 12)
#define CLICK_LLRPC_IPRATEMON_LEVEL_FWD_AVG _CLICK_IO(10)
#define CLICK_LLRPC_IPRATEMON_LEVEL_REV_AVG _CLICK_IO(11)
#define CLICK_LLRPC_IPRATEMON_FWD_N_REV_AVG _CLICK_IO(12)
#define CLICK_LLRPC_IPRATEMON_SET_ANNO_LEVEL _CLICK_IO(13)
#define CLICK_LLRPC_RAW_HANDLER _CLICK_IOS(17)
#define CLICK_LLRPC_ABANDON_HANDLER _CLICK_IOS(18)
#define CLICK_LLRPC_CALL_HANDLER _CLICK_IO(19)
#define CLICK_LLRPC_COUNTS_SIZE 8
struct click_llrpc_counts_st { uint32_t n, keys[CLICK_LLRPC_COUNTS_SIZE], values[CLICK_LLRPC_COUNTS_SIZE]; };
struct click_llrpc_proxy_st { void *proxied_handler; uint32_t proxied_command; void *proxied_data; };
// Elements and their callers are one process here: data are where they say.
#define CLICK_LLRPC_GET(value, data) ((value) = *(data), 0)
#define CLICK_LLRPC_PUT(data, value) (*(data) = (value), 0)
#define CLICK_LLRPC_GET_DATA(dst, src, size) (memcpy((dst), (src), (size)), 0)
#define CLICK_LLRPC_PUT_DATA(dst, src, size) (memcpy((dst), (src), (size)), 0)
#endif
