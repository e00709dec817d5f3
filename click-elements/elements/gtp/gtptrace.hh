// The life of a few packets as text, for who looks for the reason of something: GTPTable's handler `trace`. The elements ask the table for one of these, and
// have it take the steps that it is to tell of in their place; there is none, and they are done with a branch, unless somebody traces.
#ifndef LCLICK_GTPTRACE_HH
#define LCLICK_GTPTRACE_HH
#include <click/straccum.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS
class ErrorHandler;
class Packet;

/** The number of a traced packet's text, 0 of others: a byte of the annotations that upstream uses for cycle counters only. */
#define GTP_TRACE_ANNO_OFFSET 42

class GTPTrace { public:
#define COLD __attribute__((cold))         // so that what calls it is out of the way of what does not
    explicit GTPTrace(GTPTable *table) : _table(table) {}
    ~GTPTrace();
    /** off, or an address or TEID or `any`, how many packets, and `slow`: begins anew. */
    int set(const String &, ErrorHandler *);
    /** What came of it so far. */
    String text() const;

    // GTPDecap
    /** GTPTable::learn(). */
    COLD uint32_t learn(Packet *, GTPDirection, const GTPFrame &, GTPSessionKey, const uint32_t *hash);
    COLD void not_gpdu(Packet *, GTPDirection, const GTPFrame &, bool dropped);
    // GTPRules: its place, or -1
    COLD void rule(const Packet *, int place, const String &text);
    // GTPBreakout
    /** GTPTable::steer(). */
    COLD bool steer(const Packet *, const GTPInner &, GTPTunnel up, uint8_t qfi, bool selected, uint8_t &tenant);
    // GTPEncap
    /** It is in its tunnel. */
    COLD void wrapped(Packet *);
    /** It is not, for want of a bearer, or since it would have had @a length bytes where there is room for @a mtu. */
    COLD void not_wrapped(Packet *, const GTPBearer *, uint32_t length, uint32_t mtu);
    // Anybody
    bool has(const Packet *p) const { return find(p); }
    /** Are traced packets to stay out of the fast path? */
    bool slow() const { return _slow; }
    COLD void note(const Packet *, const char *who, const String &what);
#undef COLD

  private:
    struct Life { uint8_t mark; StringAccum text; };
    enum { usual_packets = 20, max_packets = 255 };
    enum Filter { any, of_ue, of_teid };
    GTPTable *_table;
    Filter _filter = any;
    GTPSessionKey _ue = {};
    uint32_t _teid = 0, _packets = 0, _left = 0;
    bool _slow = false, _on = false;
    uint8_t _mark = 0;
    String _what;
    Timestamp _last;
    Vector<Life *> _lives;

    bool wants(GTPSessionKey ue, uint32_t teid) const { return _filter == any || (_filter == of_ue ? _ue == ue : _teid == teid); }
    Life *begin(Packet *, const char *from, uint32_t bytes);
    Life *find(const Packet *) const;
    void end();
    void forget();
    GTPFlow *flow_of(const GTPInner &) const;
    String bearer_text(const GTPBearer &) const;
    String what_was_learned(GTPDirection, const GTPFrame &, GTPSessionKey, const GTPBearer *before, int nbefore, uint32_t path) const;
    String why_not_broken_out(const GTPInner &, GTPTunnel up) const;
};

// Texts of packets (gtptracetext.cc)
/** The outer and GTP-U headers of a frame, as far as they are there: lines. */
void gtp_print_outer(StringAccum &, const unsigned char *frame, const GTPFrame &);
/** A UE's packet of which so many bytes are there: a line. */
void gtp_print_inner(StringAccum &, const unsigned char *packet, uint32_t available, bool from_ue);
/** A line of a packet's life. */
void gtp_print_step(StringAccum &, const char *who, const String &what);

CLICK_ENDDECLS
#endif
