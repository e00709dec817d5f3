#ifndef LCLICK_S1APTRACKER_HH
#define LCLICK_S1APTRACKER_HH
#include "elements/gtp/gtpcontroltracker.hh"
#include "elements/gtp/s1ap.hh"
CLICK_DECLS

/** Follows UEs through S1AP's procedures. What a request asks for waits at the UE's bearers until it is answered. The relation is between an eNB (client) and an
    MME (server), named by their ids of the UE. Two relations may have a bearer at a time, during a hand-over: it belongs to the one that took it last. */
class S1APTracker { public:
    explicit S1APTracker(GTPControlContexts &contexts) : _contexts(contexts) {}
    GTPControlVerdict message(const S1APMessage &, const GTPControlPeers &, uint32_t now);
    uint64_t resets = 0;        // how often a node forgot all that it knew of UEs, or some of it

  private:
    typedef GTPControlContexts::Name Name;
    typedef GTPControlContexts::Session Session;
    typedef GTPControlContexts::Bearer Bearer;
    typedef GTPControlContexts::Change Change;
    GTPControlContexts &_contexts;
    GTPAddress _mme, _enb;      // of the message at hand
    uint32_t _now = 0;

    Session *find(const S1APMessage &);
    Session *find_or_add(const S1APMessage &);
    void name(Session &);
    GTPControlVerdict asked(Session *, const S1APMessage &);
    GTPControlVerdict done(Session *, const S1APMessage &);
    GTPControlVerdict moved(Session *, const S1APMessage &);
    GTPControlVerdict released(Session *, const S1APMessage &);
    GTPControlVerdict path_switch(const S1APMessage &);
    GTPControlVerdict handover(const S1APMessage &);
    GTPControlVerdict arrived(const S1APMessage &);
    GTPControlVerdict context_release(const S1APMessage &);
    GTPControlVerdict reset(const S1APMessage &, const GTPControlPeers &);
    GTPControlVerdict s1_setup(const S1APMessage &, const GTPControlPeers &);
    void all_lost(const GTPControlPeers &);
    void idle(Session *);
    static Name uplink_name(const Bearer &b) { return Name{b.named.address, GTPAddress::none(), b.named.teid, Name::uplink}; }
    bool owns(const Session &s, const Bearer &b) { return b.named && _contexts.names(uplink_name(b), s); }
    void set(Session &, uint8_t ebi, const Change &);
    void release(Session &, uint8_t ebi);
    void settle(Session *, uint8_t procedure);
};

CLICK_ENDDECLS
#endif
