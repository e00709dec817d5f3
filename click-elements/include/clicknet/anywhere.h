// Numbers that may stand at any address, as headers in packets do. Unlike members of packed structures, references to them can be made.
#ifndef CLICKNET_ANYWHERE_H
#define CLICKNET_ANYWHERE_H
#include <netinet/in.h>
#include <stdint.h>
typedef uint16_t click_u16 __attribute__((aligned(1)));
typedef uint32_t click_u32 __attribute__((aligned(1)));
typedef struct in_addr click_in_addr __attribute__((aligned(1)));
#endif
