#ifndef LCLICK_GTPTUNNELCACHE_HH
#define LCLICK_GTPTUNNELCACHE_HH
#include "elements/gtp/gtpsession.hh"
CLICK_DECLS

/** The tunnels that plain G-PDUs came in lately, and what they look like: what was found out about the last packet of a tunnel holds for one
    that is like it in each byte that mattered then. A plain one is IPv4 in untagged IPv4, both without options, with a GTP header of 8 octets.
    Entries are of one generation of the table (GTPTable::generation()); those of an earlier one are not found. */
class GTPTunnelCache { public:
    enum { outer = 14, udp = outer + 20, gtp = udp + 8, inner = gtp + 8, size = 256 };
    struct Entry {
        uint64_t ethernet, ethernet_type;    // the frame's first 8 bytes; the next 8, but for the TOS
        uint64_t addresses;                  // outer
        uint32_t ue;
        uint32_t teid;                       // network order
        uint64_t generation;                 // never comes round: what is empty is of none
        uint32_t path;
        GTPSession *session;
        GTPBearer *bearer;
        GTPPath *at_path;
    };

    /** @a d: the direction of its packets, which says where the UE's address stands. */
    void set_direction(GTPDirection d) { _ue_at = inner + (d == GTP_UPLINK ? 12 : 16); }

    /** The entry of a packet's tunnel, null if there is none or the packet is not plain or not whole. Reads nothing beyond @a length bytes. */
    const Entry *find(const unsigned char *d, uint32_t length, uint64_t generation) const {
        if (unlikely(length < inner + 20)) return nullptr;
        const uint32_t teid = get<uint32_t>(d + gtp + 4);
        const Entry &e = _entries[index(teid)];
        const uint32_t total = be16(d + outer + 2), payload = total - (inner - outer), inner_total = be16(d + inner + 2);
        // No one of these is likely to differ: they are looked at together.
        const uint64_t differs = (e.ethernet ^ get<uint64_t>(d)) | (e.ethernet_type ^ (get<uint64_t>(d + 8) & type_mask())) | (e.addresses ^ get<uint64_t>(d + outer + 12))
            | (e.ue ^ get<uint32_t>(d + _ue_at)) | (e.teid ^ teid) | (e.generation ^ generation)
            | ((get<uint32_t>(d + outer + 6) & htonl(0x3FFF00FFU)) ^ htonl(17U)) | (get<uint16_t>(d + udp + 2) ^ htons(GTPU_PORT))
            | (be16(d + udp + 4) ^ (total - 20)) | (get<uint32_t>(d + gtp) ^ htonl(0x30FF0000U | payload)) | (d[inner] ^ 0x45U);
        if (differs || total < inner - outer + 20 || total > length - outer || inner_total < 20 || inner_total > payload) return nullptr;
        return &e;
    }
    /** The inner bytes of a packet that was found. */
    static uint32_t inner_bytes(const unsigned char *d) { return be16(d + outer + 2) - (inner - outer); }

    /** @a f is what @a d was found to be. What is not plain is not noted. */
    void note(const unsigned char *d, const GTPFrame &f, uint64_t generation, uint32_t path, GTPSession *s, GTPBearer *b, GTPPath *p) {
        if (f.inner != inner || f.outer != outer || f.flags != GTPU_VERSION_1_PT_1 || f.inner6 || f.outer6 || f.inner_header_length != 20) return;
        const uint32_t teid = get<uint32_t>(d + gtp + 4);
        _entries[index(teid)] = Entry{get<uint64_t>(d), get<uint64_t>(d + 8) & type_mask(), get<uint64_t>(d + outer + 12), get<uint32_t>(d + _ue_at), teid, generation, path, s, b, p};
    }

  private:
    template <typename T> static T get(const unsigned char *p) { T x; memcpy(&x, p, sizeof x); return x; }
    static uint32_t be16(const unsigned char *p) { return ntohs(get<uint16_t>(p)); }
    /** All but the TOS, which is the last of the 8. */
    static uint64_t type_mask() { return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0x00FFFFFFFFFFFFFFULL : 0xFFFFFFFFFFFFFF00ULL; }
    /** TEIDs are mostly counted up, in whichever byte. */
    static uint32_t index(uint32_t teid) { return (teid ^ teid >> 8 ^ teid >> 16 ^ teid >> 24) % size; }

    Entry _entries[size] = {};
    uint32_t _ue_at = inner + 12;
};

CLICK_ENDDECLS
#endif
