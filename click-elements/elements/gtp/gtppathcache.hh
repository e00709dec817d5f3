#ifndef LCLICK_GTPPATHCACHE_HH
#define LCLICK_GTPPATHCACHE_HH
#include "elements/gtp/gtpplain.hh"
CLICK_DECLS

/** As GTPTunnelCache, of paths, where tunnels are too many to be kept at hand: what a plain G-PDU's outer headers say is known, and of whom it is, is in the table. */
class GTPPathCache { public:
    enum { size = 64 };
    struct Entry { GTPPlain::Head head; uint64_t generation; uint32_t path; GTPPath *at_path; };

    const Entry *find(const unsigned char *d, uint32_t length, uint64_t generation) const {
        if (unlikely(length < GTPPlain::smallest)) return nullptr;
        const Entry &e = _entries[index(d)];
        return GTPPlain::is(d, length, e.head.differs(d) | (e.generation ^ generation)) ? &e : nullptr;
    }
    void note(const unsigned char *d, const GTPFrame &f, uint64_t generation, uint32_t path, GTPPath *p) {
        if (GTPPlain::is(f)) _entries[index(d)] = Entry{GTPPlain::Head::of(d), generation, path, p};
    }

  private:
    /** Many eNBs and few cores, most of them with neighbouring addresses. */
    static uint32_t index(const unsigned char *d) { return (d[GTPPlain::outer + 15] ^ d[GTPPlain::outer + 14] * 5U ^ d[GTPPlain::outer + 19] * 3U) % size; }

    Entry _entries[size] = {};
};

CLICK_ENDDECLS
#endif
