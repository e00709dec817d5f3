// The tcpdump-like language of IPFilter and IPClassifier, by recursive descent: what combines tests is in ipfilterparser.cc, what they are of
// and what they compare with in ipfiltervalues.cc.
#ifndef LCLICK_IPFILTERPARSER_HH
#define LCLICK_IPFILTERPARSER_HH
#include <click/ipaddress.hh>
#include <click/vector.hh>
#include "elements/ip/ipfilternode.hh"
#include "elements/ip/ipnames.hh"
CLICK_DECLS

class IPFilterParser { public:
    typedef IPFilterNode Node;
    IPFilterParser(const String &text, const String &what, const Element *context, ErrorHandler *errh);
    Node *whole();

  private:
    enum Direction { dir_none, dir_src, dir_dst, dir_either, dir_both };
    enum Type { type_none, type_host, type_net, type_port, type_proto, type_opt, type_icmp, type_vers, type_hl, type_id, type_ttl, type_tos, type_dscp, type_ecn,
                type_len, type_win, type_frag, type_unfrag, type_ect, type_ce, type_bytes, type_ether };
    enum { sctp = 132, max_depth = 100, max_position = 65535 };
    struct Token { String text; int column; };
    /** What a test is of; a bare value takes over that of the test before: `dst port 80 or 443`. */
    struct Subject { Direction dir = dir_none; int type = type_none, proto = 0; DecisionField bytes = {}; int shift = 0; };
    /** A field of numbers, and what its values are called. */
    struct Numbers { const IPName *names; DecisionField field; int shift; };

    Vector<Token> _tokens;
    int _at = 0, _depth = 0;
    const Element *_context;
    ErrorHandler *_errh;
    String _what;
    bool _ok = true;
    Subject _last;
    static const IPName types[];

    String peek(int k = 0) const { return _at + k < _tokens.size() ? _tokens[_at + k].text : String(); }
    bool more() const { return _at < _tokens.size(); }
    bool accept(const char *s) { if (!more() || peek() != s) return false; ++_at; return true; }
    Node *fail(const String &text);

    Node *expression();
    Node *disjunction();
    Node *conjunction();
    Node *negation();
    Node *primitive();
    bool direction(Direction &);
    bool bytes(const String &, Subject &);
    void begin_anew(Subject &);

    bool port_name(const String &, int proto, int *port) const;
    Node *comparison(const Subject &);
    Node *address(const Subject &, const String &mask, bool unequal);
    Node *ether(const Subject &, bool unequal);
    bool numbers(const Subject &, Numbers &);
    bool range(const Numbers &, int proto, bool beyond, uint32_t &low, uint32_t &high);
    void warn_if_constant(const String &op, uint32_t bound, uint32_t max);
    Node *number(const Subject &, const String &mask, const String &op);
    static Node *directed(Direction, Node *src, Node *dst);
};

CLICK_ENDDECLS
#endif
