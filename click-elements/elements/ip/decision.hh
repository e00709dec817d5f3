#ifndef LCLICK_DECISION_HH
#define LCLICK_DECISION_HH
#include <click/straccum.hh>
#include <click/vector.hh>
#include <limits.h>
#include <utility>
CLICK_DECLS
class Packet;

/** A field of a packet: bytes at an offset from one of three places, masked. */
struct DecisionField {
    enum { link = 2 };
    uint8_t base, width;             // base 0: the header, 1: what follows it, link: the Ethernet header before it; width: 1, 2 or 4 bytes
    uint32_t offset, mask;
    bool operator==(const DecisionField &x) const { return base == x.base && width == x.width && offset == x.offset && mask == x.mask; }
};

/** Tests of fields made to a decision diagram: each step loads one field and goes where its value says, so that many tests of one field cost
    one search. On the way down, tests whose outcome earlier ones imply are left out. */
class DecisionProgram { public:
    enum { drop = -1 };
    /** Where a path ends: an output, or drop. Targets of 0 and more are steps. */
    static int leaf(int output) { return output == drop ? INT_MIN : ~output; }
    /** A step that goes to @a yes for values of @a f from low to high, to @a no for others and where the packet has no such field. */
    int test(DecisionField f, uint32_t low, uint32_t high, int yes, int no);
    /** Keep what is reached from @a entry, and make it fast. @a always: that many bytes of base 0 are always there. */
    void finish(int entry, uint32_t always);

    /** The output for the header at @a d of @a length bytes; what follows it begins at @a next. @a p is whose Ethernet header is looked at. */
    int run(const unsigned char *d, uint32_t length, uint32_t next, const Packet *p = nullptr) const {
        int at = _entry;
        while (at >= 0) {
            const Step &s = _steps[at];
            uint32_t off = s.offset + (s.base ? next : 0);
            const unsigned char *from = d;
            if (unlikely(off + s.width > length)) {         // always so for the Ethernet header
                from = p && s.base == DecisionField::link ? link_header(p) : nullptr;
                if (!from) {
                    at = s.absent;
                    continue;
                }
                off = s.offset - link_offset;
            }
            uint32_t x = load(from + off, s.width) & s.mask, i = 0;
            const Arm *a = &_arms[s.first];
            if (s.narms <= 4)
                while (x > a[i].high) ++i;
            else
                for (uint32_t n = s.narms; n > 1; ) {       // the first arm whose end is not below x
                    uint32_t half = n / 2;
                    i = x > a[i + half - 1].high ? i + half : i;
                    n -= half;
                }
            at = a[i].to;
        }
        return at == INT_MIN ? (int) drop : ~at;
    }
    String unparse() const;
    /** Whether anything can go to this output; only after finish(). */
    bool reaches(int output) const;
    void swap(DecisionProgram &x) { _steps.swap(x._steps); _arms.swap(x._arms); std::swap(_entry, x._entry); }

  private:
    struct Arm { uint32_t high; int32_t to; };                      // of values above the arm before, up to high
    struct Step { uint8_t base, width; uint32_t offset, mask, first, narms; int32_t absent; };
    enum : uint32_t { link_offset = 0x40000000U };                  // more than any length, in offsets of steps
    static const unsigned char *link_header(const Packet *);
    Vector<Step> _steps;
    Vector<Arm> _arms;
    int _entry = INT_MIN;

    // While it is built
    struct Node { int field; int absent; Vector<Arm> arms; };
    struct Domain { bool known = false, absent = true; Vector<std::pair<uint32_t, uint32_t>> values; };
    typedef Vector<Domain> Facts;
    Vector<DecisionField> _fields;
    Vector<Node> _nodes;
    int field_index(const DecisionField &);
    int make(int field, const Vector<Arm> &, int absent);
    static void add_arm(Vector<Arm> &, uint32_t high, int to);
    int thread(int entry, uint32_t always);
    int follow(int to, const Facts &) const;
    static void meet(Facts &, const Facts &, bool first);
    static uint32_t load(const unsigned char *d, unsigned width) {
        uint32_t x;
        if (width == 4) return memcpy(&x, d, 4), ntohl(x);
        return width == 1 ? d[0] : (uint32_t) (d[0] << 8 | d[1]);
    }
};

CLICK_ENDDECLS
#endif
