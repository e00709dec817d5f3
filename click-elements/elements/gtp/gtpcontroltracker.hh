#ifndef LCLICK_GTPCONTROLTRACKER_HH
#define LCLICK_GTPCONTROLTRACKER_HH
#include "elements/gtp/gtpcontrolcontexts.hh"
CLICK_DECLS

/** Where a datagram came from and goes to; ports in host order. */
struct GTPControlPeers { GTPAddress src, dst; uint16_t sport, dport; };

/** Matches requests and responses of GTPv1-C and GTPv2-C. Only an accepted response changes what is known. */
class GTPControlTracker { public:
    explicit GTPControlTracker(GTPControlContexts &contexts) : _contexts(contexts) {}
    bool reserve(uint32_t capacity) { return _requests.reserve(capacity, click_random()) && _counters.reserve(capacity, click_random()); }
    void clear() {
        _requests.clear();
        _counters.clear();
    }
    void copy(const GTPControlTracker &x) {
        GTPControlContexts::copy(_requests, x._requests);
        GTPControlContexts::copy(_counters, x._counters);
    }
    /** Forget requests that nobody has answered, and answers that nobody will repeat. */
    void expire(uint32_t now, int budget);
    uint32_t nrequests() const { return _requests.size(); }
    /** @a bytes: the message, to tell a repeated one from one that has the same number. */
    GTPControlVerdict message(const GTPControlMessage &, const GTPControlPeers &, const unsigned char *bytes, uint32_t n, uint32_t now);
    /** Has the sender been started anew since it was last heard (TS 23.007 §18)? What it had with the receiver is released then. To be asked of any message,
        before it counts as one. */
    bool restarted(const GTPControlMessage &, const GTPControlPeers &);

  private:
    typedef GTPControlContexts::Name Name;
    typedef GTPControlContexts::Session Session;
    /** TS 29.060 §7.6, TS 29.274 §7.6: T3-RESPONSE is seconds, N3-REQUESTS a few; what is older is not repeated any more. */
    enum { request_lifetime = 60 };
    struct Key {
        GTPAddress requester, responder;
        uint32_t sequence;
        uint16_t port, version;
        bool operator==(const Key &x) const {
            return requester == x.requester && responder == x.responder && sequence == x.sequence && port == x.port && version == x.version;
        }
        uint32_t hash(uint32_t seed) const {
            return Name{requester, responder, sequence, (Name::Kind) ((uint32_t) port << 8 | version)}.hash(seed);
        }
    };
    /** Whose restart counter: an entity may have one for each peer (TS 23.007 §18). */
    struct Pair {
        GTPAddress sender, receiver;
        uint32_t version;
        bool operator==(const Pair &x) const { return sender == x.sender && receiver == x.receiver && version == x.version; }
        uint32_t hash(uint32_t seed) const { return Name{sender, receiver, version, Name::gtp_server}.hash(seed); }
    };
    struct Counter { uint8_t value; };
    struct Request {
        GTPControlMessage message;
        uint64_t digest;
        uint32_t since;
        bool answered;
    };
    /** A request with its accepted response. */
    struct Exchange {
        const GTPControlMessage &request, &response;
        GTPAddress requester, responder;
        Session *session;
        bool by_server;         // the SGW, PGW or GGSN asked
    };
    GTPControlContexts &_contexts;
    LruTable<Key, Request> _requests;
    LruTable<Pair, Counter> _counters;
    uint32_t _now = 0;

    GTPControlVerdict answered(const GTPControlMessage &request, const GTPControlMessage &response, const GTPControlPeers &);
    GTPControlVerdict create(Exchange &);
    GTPControlVerdict create_bearer(Exchange &);
    GTPControlVerdict modify(Exchange &);
    GTPControlVerdict remove(Exchange &);
    Session *unseen(Exchange &, const GTPControlEnd &client, const GTPControlEnd &server);
    static bool bearer_accepted(const GTPControlMessage &response, const GTPControlBearer *);
};

CLICK_ENDDECLS
#endif
