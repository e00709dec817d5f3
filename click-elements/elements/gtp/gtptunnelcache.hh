#ifndef LCLICK_GTPTUNNELCACHE_HH
#define LCLICK_GTPTUNNELCACHE_HH
#include "elements/gtp/gtpplain.hh"
CLICK_DECLS

/** The tunnels that plain G-PDUs came in lately, and what they look like: what was found out about the last packet of a tunnel holds for one
    that is like it in each byte that mattered then.
    Entries are of one generation of the table (GTPTable::generation()); those of an earlier one are not found. */
class GTPTunnelCache { public:
    enum { size = 256 };
    struct Entry {
        GTPPlain::Head head;
        uint32_t ue;
        uint32_t teid;                       // network order
        uint64_t generation;                 // never comes round: what is empty is of none
        uint32_t path;
        GTPSession *session;
        GTPBearer *bearer;
        GTPPath *at_path;
    };

    /** @a d: the direction of its packets, which says where the UE's address stands. */
    void set_direction(GTPDirection d) { _ue_at = GTPPlain::ue_at(d); }

    /** The entry of a packet's tunnel, null if there is none or the packet is not plain or not whole. Reads nothing beyond @a length bytes. */
    const Entry *find(const unsigned char *d, uint32_t length, uint64_t generation) const {
        if (unlikely(length < GTPPlain::smallest)) return nullptr;
        const uint32_t teid = GTPPlain::teid(d);
        const Entry &e = _entries[index(teid)];
        const uint64_t differs = e.head.differs(d) | (e.ue ^ GTPPlain::word(d, _ue_at)) | (e.teid ^ teid) | (e.generation ^ generation);
        return GTPPlain::is(d, length, differs) ? &e : nullptr;
    }
    /** @a f is what @a d was found to be. What is not plain is not noted. */
    void note(const unsigned char *d, const GTPFrame &f, uint64_t generation, uint32_t path, GTPSession *s, GTPBearer *b, GTPPath *p) {
        if (!GTPPlain::is(f)) return;
        const uint32_t teid = GTPPlain::teid(d);
        _entries[index(teid)] = Entry{GTPPlain::Head::of(d), GTPPlain::word(d, _ue_at), teid, generation, path, s, b, p};
    }

  private:
    /** TEIDs are mostly counted up, in whichever byte. */
    static uint32_t index(uint32_t teid) { return (teid ^ teid >> 8 ^ teid >> 16 ^ teid >> 24) % size; }

    Entry _entries[size] = {};
    uint32_t _ue_at = GTPPlain::ue_at(GTP_UPLINK);
};

CLICK_ENDDECLS
#endif
