// Patterns of IPFilter and IPClassifier as trees, between their text and the program.
#ifndef LCLICK_IPFILTERNODE_HH
#define LCLICK_IPFILTERNODE_HH
#include <click/string.hh>
#include <clicknet/ip.h>
#include "elements/ip/decision.hh"
CLICK_DECLS
class Element;
class ErrorHandler;

struct IPFilterNode {
    enum Kind { constant_value, test, negation, conjunction, disjunction, condition } kind;
    bool value = false;                                             // constant_value
    DecisionField field = {};                                       // test: of values from low to high
    uint32_t low = 0, high = 0;
    IPFilterNode *a = nullptr, *b = nullptr, *c = nullptr;          // condition: a ? b : c
    ~IPFilterNode() { delete a; delete b; delete c; }

    /** The tree of a pattern; null, with complaints that begin with @a what, if it is none. Names are those that @a context knows. */
    static IPFilterNode *parse(const String &pattern, const String &what, const Element *context, ErrorHandler *errh);

    // Trees take over those that they are made of; of null comes null.
    static IPFilterNode *constant(bool v) { IPFilterNode *n = new IPFilterNode{constant_value}; n->value = v; return n; }
    static IPFilterNode *both(IPFilterNode *a, IPFilterNode *b) { return join(conjunction, a, b); }
    static IPFilterNode *either(IPFilterNode *a, IPFilterNode *b) { return join(disjunction, a, b); }
    static IPFilterNode *negate(IPFilterNode *a) {
        if (!a) return nullptr;
        IPFilterNode *n = new IPFilterNode{negation};
        n->a = a;
        return n;
    }
    static IPFilterNode *choice(IPFilterNode *a, IPFilterNode *b, IPFilterNode *c) {
        if (!c) { delete a; delete b; return nullptr; }
        IPFilterNode *n = join(condition, a, b);
        if (n) n->c = c;
        else delete c;
        return n;
    }
    /** A field in a range. Values are those of the masked field. */
    static IPFilterNode *in_range(DecisionField f, uint32_t low, uint32_t high) {
        uint32_t all = f.width == 4 ? 0xFFFFFFFFU : f.width == 2 ? 0xFFFF : 0xFF, rest = ~f.mask & all;
        if (rest && (rest & (rest + 1)) == 0) {     // the mask of a prefix, which DecisionProgram takes for ranges of the whole field
            if (low & rest) {
                if (low > f.mask) return constant(false);
                low = (low | rest) + 1;
            }
            high &= ~rest;
            if (low > high) return constant(false);
        }
        IPFilterNode *n = new IPFilterNode{test};
        n->field = f, n->low = low, n->high = high;
        return n;
    }
    /** The same, or with @a outside out of the range; false either way where there is no such field. */
    static IPFilterNode *compared(DecisionField f, uint32_t low, uint32_t high, bool outside) {
        if (!outside) return in_range(f, low, high);
        IPFilterNode *below = low ? in_range(f, 0, low - 1) : constant(false);
        return either(below, high < f.mask ? in_range(f, high + 1, f.mask) : constant(false));
    }
    static IPFilterNode *protocol(int p) { return in_range({0, 1, 9, 0xFF}, p, p); }
    /** A test with a protocol's name before it is of that protocol's packets only. */
    static IPFilterNode *of(int proto, IPFilterNode *n) { return proto ? both(protocol(proto), n) : n; }
    static IPFilterNode *first_fragment() { return in_range({0, 2, 6, IP_OFFMASK}, 0, 0); }

  private:
    static IPFilterNode *join(Kind k, IPFilterNode *a, IPFilterNode *b) {
        if (!a || !b) { delete a; delete b; return nullptr; }
        IPFilterNode *n = new IPFilterNode{k};
        n->a = a, n->b = b;
        return n;
    }
};

CLICK_ENDDECLS
#endif
