#ifndef CLICK_IPHEADERSUM_HH
#define CLICK_IPHEADERSUM_HH
#include <click/config.h>
#include <stdint.h>
#include <string.h>
CLICK_DECLS

/** The checksum (RFC 1071) of an IP header of @a hl words, at least 5; 0 if what is there is right. */
inline uint16_t ip_header_sum(const void *header, unsigned hl) {
    uint32_t w[5];
    memcpy(w, header, 20);
    uint64_t sum = uint64_t(w[0]) + w[1] + w[2] + w[3] + w[4];
    for (unsigned i = 5; i < hl; ++i) {
        uint32_t x;
        memcpy(&x, (const char *) header + 4 * i, 4);
        sum += x;
    }
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t) ~((sum & 0xFFFF) + (sum >> 16));
}

CLICK_ENDDECLS
#endif
