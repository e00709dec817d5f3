// GTPFastPath: what it says of a packet that is traced (gtptrace.hh).
#include <click/config.h>
#include "gtpfastpath.hh"
#include "bpf/gtpparse.h"
#include "elements/gtp/gtptrace.hh"
CLICK_DECLS

/** Of one that see() made no example of. */
String GTPFastPath::why_no_example(int port, const Packet *packet) const {
    uint8_t *data = const_cast<uint8_t *>(packet->data()), *end = const_cast<uint8_t *>(packet->end_data());
    gtpfast_key k;
    gtpfast_tunnel t;
    gtpfast_inner i;
    uint8_t *p = gtpfast_network(data, end);
    const int why = !p ? gtpfast_not_gtp : port == gtpfast_local ? gtpfast_look_inside(p, end, (uint32_t) (end - p), &k, 1, &i) : gtpfast_look_at_tunnel(p, end, &t);
    if (why)
        return reason_name(why);
    if (port != gtpfast_local)
        if (const int inside = gtpfast_look_inside(t.inside, end, t.room, &k, port == gtpfast_core, &i))
            return reason_name(inside);
    return "its flow is closing, or of another tunnel, or its header is this packet's alone";
}

void GTPFastPath::see_traced(int port, const Packet *p) {
    GTPTrace &trace = *_table->tracing();
    const bool traced = trace.has(p);
    StringAccum sa;
    if (!_active)
        sa << unparse_state();
    else if (traced && trace.slow())
        sa << "not offered, for the trace";
    else {
        _outcome = seen_nothing;
        see(port, p);
        switch (_outcome) {
        case seen_example: sa << "example " << _examples << " of " << _packets; break;
        case seen_entered: sa << "entered: the kernel forwards the next ones"; break;
        case seen_renewed: sa << "known there, and proved anew: the kernel forwards the next ones"; break;
        case seen_no_room: sa << "not entered: no room"; break;
        default: sa << "not for the kernel: " << why_no_example(port, p);
        }
    }
    if (!traced)
        return;
    trace.note(p, "fast path", sa.take_string());
    static const char *const sides[] = {"the RAN", "the core", "the local leg"};
    sa << "to " << sides[port] << ", " << p->length() << " bytes";
    trace.note(p, "out", sa.take_string());
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel GTPTable GTPTrace)
