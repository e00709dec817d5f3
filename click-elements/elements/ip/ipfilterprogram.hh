#ifndef LCLICK_IPFILTERPROGRAM_HH
#define LCLICK_IPFILTERPROGRAM_HH
#include <click/error.hh>
#include <click/packet.hh>
#include "elements/ip/decision.hh"
CLICK_DECLS
class Element;
struct IPFilterNode;

/** IP packet patterns compiled to one decision program. IPFilter and IPClassifier share it. */
class IPFilterProgram { public:
    enum { drop = -1 };
    /** Add a pattern: packets that match it, and none before it, go to @a output. False, with complaints, if it is none. Names in it are
        those that @a context knows. */
    bool add(const String &pattern, int output, const String &what, const Element *context, ErrorHandler *errh);
    /** To be called when all patterns are there. */
    void finish();
    /** The output for @a p, or drop. */
    int run(const Packet *p) const {
        const unsigned char *ip = p->network_header();
        if (unlikely(!ip || p->end_data() - ip < 20)) return drop;
        return run(ip, p->network_length(), p);
    }
    int run(const unsigned char *ip, uint32_t length, const Packet *p = nullptr) const { return _program.run(ip, length, (ip[0] & 15U) * 4, p); }
    /** The same by looking at one rule after the other, without the program: slow, for tests of it. */
    int run_naively(const unsigned char *ip, uint32_t length) const;
    /** Whether nothing can go to the output of a rule that is not just `false`; only after finish(), with an output of its own for each rule. */
    bool useless(int rule) const;
    String unparse() const { return _program.unparse(); }

  private:
    DecisionProgram _program;
    struct Rule { IPFilterNode *tree; int output; };
    Vector<Rule> _rules;
    int generate(const IPFilterNode *, int yes, int no);
    static bool evaluate(const IPFilterNode *, const unsigned char *ip, uint32_t length);

  public:
    IPFilterProgram() {}
    ~IPFilterProgram();
    IPFilterProgram(const IPFilterProgram &) = delete;
    void swap(IPFilterProgram &x) { _program.swap(x._program); _rules.swap(x._rules); }
};

CLICK_ENDDECLS
#endif
