// What GTPFastPath owes to the elements that count what takes the slow way: who they are, for each way through a breakout.
#ifndef LCLICK_GTPFASTCREDIT_HH
#define LCLICK_GTPFASTCREDIT_HH
#include <click/vector.hh>
#include "elements/gtp/gtpsession.hh"
CLICK_DECLS
class Element;
class GTPDecap;
class GTPEncap;
class GTPRules;
class GTPTable;
class Router;

class GTPFastCredit { public:
    /** Broken out; to the core; from the core; and what comes back on the local leg. */
    enum Way { out, core, down, back, nways };
    /** Find them: the GTPDecap, GTPEncap and GTPRules that are the only ones of @a table's, and what all packets must pass from there to @a fast. */
    void find(Element *fast, const GTPTable *table);
    void credit(Way, uint64_t packets, uint64_t bytes, int rule, uint32_t generation) const;
    /** The rule for an IP packet from a UE, -1 for none; and of what generation of rules. */
    int rule_of(const unsigned char *ip, uint32_t length) const;
    uint32_t generation() const;
    bool has_rules() const { return _rules; }

  private:
    GTPDecap *_decap[2] = {};
    GTPEncap *_encap = nullptr;
    GTPRules *_rules = nullptr;
    Vector<Element *> _others[nways];
    void find_others(Way, Element *from, Element *fast, int port);
};

CLICK_ENDDECLS
#endif
