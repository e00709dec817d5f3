#ifndef LCLICK_GTPADDRESS_HH
#define LCLICK_GTPADDRESS_HH
#include <click/string.hh>
#include <click/glue.hh>
CLICK_DECLS

/** An IPv4 or IPv6 address of a tunnel's end or of a UE. IPv4 ones are mapped (RFC 4291 §2.5.5.2), so that one comparison does for both;
    all zeros is no address. */
struct GTPAddress {
    uint64_t word[2];            // in network order

    static GTPAddress none() { return GTPAddress{{0, 0}}; }
    /** @a a in network order. */
    static GTPAddress from4(uint32_t a) {
        // In registers: bytes put together in memory would be waited for.
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return GTPAddress{{0, (uint64_t) a << 32 | 0xFFFF0000U}};
#else
        return GTPAddress{{0, (uint64_t) 0xFFFF << 32 | a}};
#endif
    }
    static GTPAddress from6(const unsigned char *p) {
        GTPAddress x;
        memcpy(x.word, p, 16);
        return x;
    }
    explicit operator bool() const { return (word[0] | word[1]) != 0; }
    bool operator==(const GTPAddress &x) const { return word[0] == x.word[0] && word[1] == x.word[1]; }
    bool operator!=(const GTPAddress &x) const { return !(*this == x); }
    const unsigned char *data() const { return reinterpret_cast<const unsigned char *>(word); }
    bool is4() const {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        return !word[0] && (uint32_t) word[1] == 0xFFFF0000U;
#else
        return !word[0] && word[1] >> 32 == 0xFFFF;
#endif
    }
    /** In network order; of an IPv4 address only. */
    uint32_t v4() const { uint32_t a; memcpy(&a, data() + 12, 4); return a; }
    String unparse() const;
    /** False if @a text is neither an IPv4 nor an IPv6 address. */
    static bool parse(const String &text, GTPAddress &);
};

CLICK_ENDDECLS
#endif
