#ifndef LCLICK_GTPPLAIN_HH
#define LCLICK_GTPPLAIN_HH
#include "elements/gtp/gtpsession.hh"
CLICK_DECLS

/** Plain G-PDUs are IPv4 in untagged IPv4, both without options, with a GTP header of 8 octets: most of them. Everything stands in its place. */
struct GTPPlain {
    enum { outer = 14, udp = outer + 20, gtp = udp + 8, inner = gtp + 8, smallest = inner + 20 };

    /** What the packets of a path have in common in front of the GTP header: the frame's first 8 bytes; the next 8, but for the TOS; the outer addresses. */
    struct Head {
        uint64_t ethernet, ethernet_type, addresses;
        static Head of(const unsigned char *d) { return Head{get<uint64_t>(d), get<uint64_t>(d + 8) & type_mask(), get<uint64_t>(d + outer + 12)}; }
        /** 0: @a d, of which the first 34 bytes are there, has it. */
        uint64_t differs(const unsigned char *d) const {
            return (ethernet ^ get<uint64_t>(d)) | (ethernet_type ^ (get<uint64_t>(d + 8) & type_mask())) | (addresses ^ get<uint64_t>(d + outer + 12));
        }
    };
    static uint32_t teid(const unsigned char *d) { return get<uint32_t>(d + gtp + 4); }          // network order
    static uint32_t word(const unsigned char *d, uint32_t at) { return get<uint32_t>(d + at); }
    /** The inner bytes of one that is plain. */
    static uint32_t inner_bytes(const unsigned char *d) { return be16(d + outer + 2) - (inner - outer); }
    /** Is @a d, of at least the smallest length, a plain G-PDU that is whole, if only @a differs is 0 and so far as a Head says it? No one of all these is likely
        not to hold: they are looked at together. */
    __attribute__((always_inline)) static bool is(const unsigned char *d, uint32_t length, uint64_t differs) {
        const uint32_t total = be16(d + outer + 2), payload = total - (inner - outer), inner_total = be16(d + inner + 2);
        differs |= ((get<uint32_t>(d + outer + 6) & htonl(0x3FFF00FFU)) ^ htonl(17U)) | (get<uint16_t>(d + udp + 2) ^ htons(GTPU_PORT))
            | (be16(d + udp + 4) ^ (total - 20)) | (get<uint32_t>(d + gtp) ^ htonl(0x30FF0000U | payload)) | (d[inner] ^ 0x45U);
        return !(differs || total < smallest - outer || total > length - outer || inner_total < 20 || inner_total > payload);
    }
    /** Is @a d likely to be one? Of the rest most are told by these bytes: others in the GTP header, a tag, IPv6. */
    static bool seems(const unsigned char *d, uint32_t length) {
        return length >= smallest && d[outer] == 0x45 && get<uint16_t>(d + gtp) == htons(0x30FF) && d[inner] == 0x45;
    }
    /** Is what was parsed a plain one? */
    static bool is(const GTPFrame &f) {
        return f.inner == inner && f.outer == outer && f.flags == GTPU_VERSION_1_PT_1 && !f.inner6 && !f.outer6 && f.inner_header_length == 20;
    }
    /** Where the UE's address stands in packets of this direction. */
    static uint32_t ue_at(GTPDirection d) { return inner + (d == GTP_UPLINK ? 12 : 16); }

  private:
    template <typename T> static T get(const unsigned char *p) { T x; memcpy(&x, p, sizeof x); return x; }
    static uint32_t be16(const unsigned char *p) { return ntohs(get<uint16_t>(p)); }
    /** All but the TOS, which is the last of the 8. */
    static uint64_t type_mask() { return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0x00FFFFFFFFFFFFFFULL : 0xFFFFFFFFFFFFFF00ULL; }
};

CLICK_ENDDECLS
#endif
