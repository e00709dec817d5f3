#ifndef LCLICK_SCTPASSOCIATIONS_HH
#define LCLICK_SCTPASSOCIATIONS_HH
#include "elements/gtp/gtpcontrolframe.hh"
CLICK_DECLS

/** What is kept of SCTP associations (RFC 9260), by direction: which DATA chunks have passed lately, for those that are sent again say nothing new; and the
    beginning of a message that is in several chunks. */
class SCTPAssociations { public:
    bool reserve(uint32_t capacity) { return _directions.reserve(capacity, click_random()) && _messages.reserve(messages, click_random()); }
    void clear() {
        _directions.clear();
        _messages.clear();
        _has_given = false;
    }

    void copy(const SCTPAssociations &x) {
        GTPControlContexts::copy(_directions, x._directions);
        GTPControlContexts::copy(_messages, x._messages);
        _given = x._given, _has_given = x._has_given;
    }

    /** Has a chunk with this TSN not passed yet? Of those more than 63 behind the latest one it is taken that they have. */
    bool is_new(const GTPControlFrame &f, uint32_t tsn) {
        Key k = key(f);
        Direction *d = _directions.use(k, 0);
        if (!d) {
            d = _directions.insert(k, 0);
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

    enum Assembly { complete, waiting, lost };
    /** A piece of a message, of which each must pass right after the one before it (§6.9: their TSNs follow each other). Once it is complete, @a p and @a n are
        the message, until the next call. */
    Assembly assemble(const GTPControlFrame &f, uint32_t tsn, bool beginning, bool ending, const unsigned char *&p, uint32_t &n) {
        if (_has_given) _messages.erase(_given), _has_given = false;
        Key k = key(f);
        Message *m = _messages.use(k, 0);
        if (!m && !beginning) return lost;
        if (!m) m = _messages.insert(k, 0);
        if (beginning) m->next = tsn, m->length = 0;
        if (tsn != m->next || n > sizeof m->bytes - m->length) {
            _messages.erase(k);
            return lost;
        }
        memcpy(m->bytes + m->length, p, n);
        m->length += n, ++m->next;
        if (!ending) return waiting;
        p = m->bytes, n = m->length;
        _given = k, _has_given = true;
        return complete;
    }

  private:
    enum { messages = 64 };
    struct Key {
        GTPAddress src, dst;
        uint32_t ports, tag;
        bool operator==(const Key &x) const { return src == x.src && dst == x.dst && ports == x.ports && tag == x.tag; }
        uint32_t hash(uint32_t seed) const { return GTPControlContexts::Name{src, dst, tag ^ ports, GTPControlContexts::Name::mme}.hash(seed); }
    };
    /** A bit each for the latest TSN and those before it. */
    struct Direction { uint64_t seen; uint32_t latest; };
    /** UE radio capabilities make messages of some thousand bytes; an open type of 16384 and more is not read. */
    struct Message { uint32_t next, length; unsigned char bytes[16384 + 64]; };
    LruTable<Key, Direction> _directions;
    LruTable<Key, Message> _messages;
    Key _given = Key();               // of a message that was complete
    bool _has_given = false;
    static Key key(const GTPControlFrame &f) { return Key{f.peers.src, f.peers.dst, (uint32_t) f.peers.sport << 16 | f.peers.dport, f.tag}; }
};

/** Calls f(tsn, beginning, ending, data, length) for each DATA chunk of S1AP. False if a chunk's length is wrong. */
template <typename F> bool sctp_each_s1ap(const unsigned char *chunks, uint32_t n, F f) {
    enum { data = 0, ending = 1, beginning = 2, header = 16, s1ap_ppid = 18 };
    GTPControlReader r(chunks, n);
    while (r.left() >= 4) {
        const unsigned char *p = r.at();
        uint32_t length = GTPControlReader::get16(p + 2);
        if (length < 4 || !r.take(length)) return false;
        if (p[0] == data) {
            if (length <= header) return false;             // §3.3.1: there are always user data
            if (GTPControlReader::get32(p + 12) == s1ap_ppid)
                f(GTPControlReader::get32(p + 4), (p[1] & beginning) != 0, (p[1] & ending) != 0, p + header, length - header);
        }
        uint32_t padding = (4 - length % 4) % 4;
        r.take(padding < r.left() ? padding : r.left());
    }
    return true;
}

CLICK_ENDDECLS
#endif
