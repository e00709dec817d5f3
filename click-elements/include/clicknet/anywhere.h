// Numbers that may stand at any address, as headers in packets do. Unlike members of packed structures, references to them can be made.
#ifndef CLICKNET_ANYWHERE_H
#define CLICKNET_ANYWHERE_H
#include <netinet/in.h>
#include <stdint.h>
typedef uint16_t click_u16 __attribute__((aligned(1)));
typedef uint32_t click_u32 __attribute__((aligned(1)));
#ifdef __cplusplus
/** An in_addr that may stand anywhere, and be assigned there. */
struct click_in_addr {
    click_u32 s_addr;
    operator struct in_addr() const { struct in_addr a = {s_addr}; return a; }
    click_in_addr &operator=(struct in_addr a) { s_addr = a.s_addr; return *this; }
};
#else
typedef struct in_addr click_in_addr __attribute__((aligned(1)));
#endif
#endif
