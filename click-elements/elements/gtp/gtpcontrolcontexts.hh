#ifndef LCLICK_GTPCONTROLCONTEXTS_HH
#define LCLICK_GTPCONTROLCONTEXTS_HH
#include "elements/gtp/gtpcontrolmessage.hh"
#include "elements/gtp/lrutable.hh"
CLICK_DECLS

/** What is known from control messages: relations between two control entities about a UE, their bearers, and the names under which messages mean
    them. Bounded; what was not used longest makes room. Tells the sink what changes. */
class GTPControlContexts { public:
    enum Protocol : uint8_t { gtpv1_c, gtpv2_c, s1ap };
    static const char *protocol_name(int p) {
        static const char *const names[] = {"gtpv1-c", "gtpv2-c", "s1ap"};
        return names[p];
    }

    /** A TEID or S1AP id at an address; some are distinct for each peer only. */
    struct Name {
        enum Kind : uint32_t {
            gtp_server,         // TEID of the SGW, PGW or GGSN
            gtp_client,         // TEID of the MME, SGSN or SGW, for that peer
            mme_any,            // MME-UE-S1AP-ID, whatever the eNB: the UE's latest relation
            mme, enb,           // MME-UE-S1AP-ID and eNB-UE-S1AP-ID, for that peer
            uplink };           // the core's end of a bearer that S1AP told of: which relation has it
        GTPAddress address, peer;
        uint32_t id;
        Kind kind;
        bool operator==(const Name &x) const { return address == x.address && peer == x.peer && id == x.id && kind == x.kind; }
        uint32_t hash(uint32_t seed) const {
            const uint64_t k = 0x9E3779B97F4A7C15ULL;
            uint64_t x = address.word[0] * k ^ address.word[1], y = peer.word[0] * k ^ peer.word[1];
            x = (x ^ x >> 29) * k ^ (y ^ y >> 31) * 0xD6E8FEB86659FD93ULL;
            return lru_mix(x * k ^ ((uint64_t) id << 8 | kind), seed);
        }
    };

    /** The relation of a client (MME, SGSN, eNB) and a server (SGW, PGW, GGSN, MME) about a UE. Its names are TEIDs or S1AP ids. */
    struct Session {
        uint64_t serial;
        GTPEndpoint client, server;
        Protocol protocol;
        uint8_t place;          // GTPControlBearer::Place
        bool leaving;           // the UE detaches: what ends, ends for good
        bool arriving;          // a handover's target, where the UE is not yet
        uint16_t ebis;          // which bearers there are, a bit each
        uint32_t seen;
    };

    struct Bearer {
        /** Offer an end, to be taken when this procedure is answered. */
        void offer(uint8_t procedure, const GTPControlEnd &e) { offered = e, offered_by = procedure; }
        bool has_offer(uint8_t procedure) const { return offered && offered_by == procedure; }
        GTPControlEnd end[2];   // by side
        GTPControlEnd offered;  // S1AP: asked for, not answered yet
        GTPControlUE ue;
        GTPEndpoint named;      // the uplink end by which the sink knows it
        uint8_t linked;         // the default bearer's EBI; 0: not told
        uint8_t offered_by;     // S1AP: in which procedure
        bool fresh;             // S1AP: offered as a new bearer, not for one that the UE has already
    };

    /** What a message changes of a bearer. What has no address stays as it is. */
    struct Change {
        GTPControlEnd end[2];   // by side
        GTPControlUE ue;
        uint8_t linked;         // 0: as it is
        bool resumed;           // if the bearer is new here, the UE had it before
    };

    bool reserve(uint32_t capacity);
    void set_sink(GTPBearerSink *sink) { _sink = sink; }
    void clear();
    /** Know what @a x knows, as far as there is room; nothing was known before. */
    void copy(const GTPControlContexts &x);
    template <typename K, typename V> static void copy(LruTable<K, V> &to, const LruTable<K, V> &from) {
        from.each([&](const K &k, const V &v) { *to.insert(k, 0) = v; });
    }
    /** Forget what has been idle for longer than @a timeout seconds; at most @a budget of them. */
    void expire(uint32_t now, uint32_t timeout, int budget);
    uint32_t nsessions() const { return _sessions.size(); }
    uint32_t nbearers() const { return _bearers.size(); }
    String unparse(uint32_t now) const;

    Session *find(const Name &, uint32_t now);
    /** Is the name known, be it that of a relation that is gone? */
    bool known(const Name &n) { return _names.find(n); }
    bool names(const Name &n, const Session &s) {
        const uint64_t *serial = _names.find(n);
        return serial && *serial == s.serial;
    }
    void set_name(const Name &n, const Session &s);
    void forget_name(const Name &n, const Session &s);
    Session *add(Protocol, const GTPEndpoint &client, const GTPEndpoint &server, uint32_t now);
    /** Its bearers and names go, without a word to the sink. */
    void erase(Session *);
    /** Calls f(relation) for each one between these two, whichever of them is the server; it may erase that one. Looks at all that there are. */
    template <typename F> void each_between(Protocol protocol, const GTPAddress &a, const GTPAddress &b, F f) {
        for (Session *s = _sessions.oldest(), *next; s; s = next) {
            next = _sessions.next_newer(s);
            if (s->protocol != protocol) continue;
            if ((s->client.address == a && s->server.address == b) || (s->client.address == b && s->server.address == a)) f(s);
        }
    }
    /** The names by which GTP messages mean it are those of its ends from now on. */
    void rename(Session &, const GTPEndpoint &client, const GTPEndpoint &server);

    Bearer *bearer(const Session &s, uint8_t ebi) { return s.ebis >> ebi & 1 ? _bearers.find(BearerKey{s.serial, ebi}) : nullptr; }
    Bearer *make_bearer(Session &, uint8_t ebi);
    void erase_bearer(Session &, uint8_t ebi);

    void set(Session &, uint8_t ebi, const Change &);
    void suspend(Session &, uint8_t ebi);
    /** Tell the sink, and forget it. */
    void release(Session &, uint8_t ebi);
    /** All bearers, or those of one PDN connection, if @a linked is not 0. A relation without bearers is forgotten: the pointer may be void afterwards. */
    void release_all(Session *, uint8_t linked);
    void erase_if_empty(Session *s) { if (!s->ebis) erase(s); }

    uint64_t events[4] = {};    // by kind

  private:
    struct SessionKey {
        uint64_t serial;
        bool operator==(const SessionKey &x) const { return serial == x.serial; }
        uint32_t hash(uint32_t seed) const { return lru_mix(serial, seed); }
    };
    struct BearerKey {
        uint64_t serial, ebi;
        bool operator==(const BearerKey &x) const { return serial == x.serial && ebi == x.ebi; }
        uint32_t hash(uint32_t seed) const { return lru_mix(serial << 4 | ebi, seed); }
    };
    LruTable<SessionKey, Session> _sessions;
    LruTable<BearerKey, Bearer> _bearers;
    LruTable<Name, uint64_t> _names;
    GTPBearerSink *_sink = nullptr;
    uint64_t _next_serial = 1;
    void tell(GTPBearerEvent::Kind, const Session &, uint8_t ebi, const Bearer &);
};

CLICK_ENDDECLS
#endif
