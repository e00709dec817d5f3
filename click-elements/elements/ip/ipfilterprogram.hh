#ifndef LCLICK_IPFILTERPROGRAM_HH
#define LCLICK_IPFILTERPROGRAM_HH
#include <click/error.hh>
#include <click/packet.hh>
CLICK_DECLS

/** IP packet patterns compiled to one decision program: each instruction compares a header field with a range and
    says where to go on either way. IPFilter and IPClassifier share it. */
class IPFilterProgram { public:
    enum { drop = -1 };
    /** Add a pattern: packets that match it, and none before it, go to @a output. False, with complaints, if it is none. */
    bool add(const String &pattern, int output, const String &what, ErrorHandler *errh);
    /** To be called when all patterns are there. */
    void finish();
    /** The output for @a p, or drop. */
    int run(const Packet *p) const {
        const unsigned char *ip = p->network_header();
        if (!ip || p->network_length() < 20)
            return drop;
        return run(ip, p->network_length());
    }
    int run(const unsigned char *ip, uint32_t length) const;
    String unparse() const;

  private:
    struct Instruction {
        uint8_t transport, width;        // where: IP header or what follows it; bytes to load
        uint16_t offset;
        uint32_t mask, low, high;
        int32_t yes, no;                 // next instruction; below 0: ~output, or leaf_drop
    };
    enum { leaf_drop = INT_MIN };
    Vector<Instruction> _code;
    int _entry = leaf_drop;
    struct Parser;
    struct Node;
    struct Rule { Node *tree; int output; };
    Vector<Rule> _rules;
    int generate(const Node *, int yes, int no);

  public:
    IPFilterProgram() {}
    ~IPFilterProgram();
    IPFilterProgram(const IPFilterProgram &) = delete;
    void swap(IPFilterProgram &x) { _code.swap(x._code); _rules.swap(x._rules); std::swap(_entry, x._entry); }
};

CLICK_ENDDECLS
#endif
