#ifndef LCLICK_SCTPASSOCIATIONS_HH
#define LCLICK_SCTPASSOCIATIONS_HH
#include "elements/gtp/gtpcontrolframe.hh"
CLICK_DECLS

/** Which DATA chunks of SCTP (RFC 9260) have passed lately: those that are sent again say nothing new. */
class SCTPAssociations { public:
    bool reserve(uint32_t capacity) { return _directions.reserve(capacity, click_random()); }
    void clear() { _directions.clear(); }

    /** Has a chunk with this TSN not passed yet? Of those more than 63 behind the latest one it is taken that they have. */
    bool is_new(const GTPControlFrame &f, uint32_t tsn) {
        Key k = {f.peers.src, f.peers.dst, (uint32_t) f.peers.sport << 16 | f.peers.dport, f.tag};
        Direction *d = _directions.use(k);
        if (!d) {
            d = _directions.insert(k);
            d->latest = tsn, d->seen = 1;
            return true;
        }
        int32_t ahead = (int32_t) (tsn - d->latest);        // RFC 1982
        if (ahead > 0) {
            d->seen = ahead < 64 ? d->seen << ahead | 1 : 1;
            d->latest = tsn;
            return true;
        }
        if (ahead <= -64 || d->seen >> -ahead & 1) return false;
        d->seen |= (uint64_t) 1 << -ahead;
        return true;
    }

  private:
    struct Key {
        GTPAddress src, dst;
        uint32_t ports, tag;
        bool operator==(const Key &x) const { return src == x.src && dst == x.dst && ports == x.ports && tag == x.tag; }
        uint32_t hash(uint32_t seed) const { return GTPControlContexts::Name{src, dst, tag ^ ports, GTPControlContexts::Name::mme}.hash(seed); }
    };
    /** A bit each for the latest TSN and those before it. */
    struct Direction { uint64_t seen; uint32_t latest; };
    LruTable<Key, Direction> _directions;
};

/** Calls f(tsn, whole, message, length) for each DATA chunk of S1AP; whole: it is no piece of a message. False if a chunk's length is wrong. */
template <typename F> bool sctp_each_s1ap(const unsigned char *chunks, uint32_t n, F f) {
    enum { data = 0, ending = 1, beginning = 2, header = 16, s1ap_ppid = 18 };
    GTPControlReader r(chunks, n);
    while (r.left() >= 4) {
        const unsigned char *p = r.at();
        uint32_t length = GTPControlReader::get16(p + 2);
        if (length < 4 || !r.take(length)) return false;
        if (p[0] == data) {
            if (length <= header) return false;             // RFC 9260 §3.3.1: there are always user data
            if (GTPControlReader::get32(p + 12) == s1ap_ppid)
                f(GTPControlReader::get32(p + 4), (p[1] & (beginning | ending)) == (beginning | ending), p + header, length - header);
        }
        uint32_t padding = (4 - length % 4) % 4;
        r.take(padding < r.left() ? padding : r.left());
    }
    return true;
}

CLICK_ENDDECLS
#endif
