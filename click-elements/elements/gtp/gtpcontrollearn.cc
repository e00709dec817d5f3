#include <click/config.h>
#include <click/error.hh>
#include <click/straccum.hh>
#include "gtpcontrollearn.hh"
#include <click/args.hh>
CLICK_DECLS

int GTPControlLearn::configure(Vector<String> &conf, ErrorHandler *errh) {
    GTPBearerSink *sink = nullptr;
    String protocols;
    bool chosen = false;
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPBearerSink"), sink).read("CAPACITY", BoundedIntArg(1, 1 << 21), _capacity)
            .read("TIMEOUT", SecondsArg(), _timeout).read("PROTOCOLS", AnyArg(), protocols).read_status(chosen).complete() < 0)
        return -1;
    _contexts.set_sink(sink);
    if (!chosen) return 0;
    for (bool &read : _read) read = false;
    protocols = cp_unquote(protocols);
    bool any = false;
    for (String word; (word = cp_shift_spacevec(protocols)); any = true) {
        int i = 0;
        while (i < nprotocols && word.lower() != GTPControlContexts::protocol_name(i)) ++i;
        if (i == nprotocols) return errh->error("PROTOCOLS: there is no %<%s%>", word.c_str());
        _read[i] = true;
    }
    return any ? 0 : errh->error("PROTOCOLS names none");
}

int GTPControlLearn::initialize(ErrorHandler *errh) {
    // Of requests that wait for their answers, and of associations, there are fewer.
    if (!_contexts.reserve(_capacity) || !_gtp.reserve(_capacity < 4096 ? _capacity : 4096) || !_associations.reserve(_capacity < 4096 ? _capacity : 4096)) return errh->error("out of memory");
    _timer.initialize(this);
    _timer.schedule_after_sec(1);
    return 0;
}

void GTPControlLearn::take_state(Element *old, ErrorHandler *) {
    GTPControlLearn *l = static_cast<GTPControlLearn *>(old->cast("GTPControlLearn"));
    if (!l) return;
    _contexts.copy(l->_contexts);
    _gtp.copy(l->_gtp);
    _associations.copy(l->_associations);
}

void GTPControlLearn::run_timer(Timer *) {
    _contexts.expire(now(), _timeout, 10000);       // a second's worth; the rest waits for the next
    _gtp.expire(now(), 10000);
    _timer.schedule_after_sec(1);
}

void GTPControlLearn::look_closely(const unsigned char *frame, uint32_t length) {
    GTPControlFrame f = gtp_control_frame(frame, length);
    switch (f.kind) {
    case GTPControlFrame::gtpc: look_gtp(f); break;
    case GTPControlFrame::sctp: look_s1ap(f); break;
    case GTPControlFrame::fragment:
    case GTPControlFrame::bad: {
        // Of which version of GTP it is cannot be known; the newer one is the more likely.
        int protocol = f.is_sctp ? GTPControlContexts::s1ap : GTPControlContexts::gtpv2_c;
        if (_read[protocol]) ++_verdicts[protocol][f.kind == GTPControlFrame::fragment ? GTPC_FRAGMENT : GTPC_BAD_PACKET];
        break;
    }
    default: break;
    }
}

void GTPControlLearn::look_gtp(const GTPControlFrame &f) {
    const unsigned char *p = f.payload;
    uint32_t left = f.length;
    // TS 29.274 §5.5: at most one message is piggybacked.
    for (int i = 0; i < 2 && (left || !i); ++i) {
        int protocol = left && p[0] >> 5 == 1 ? GTPControlContexts::gtpv1_c : GTPControlContexts::gtpv2_c;
        if (!_read[protocol]) return;
        GTPControlMessage m;
        uint32_t used = left;
        GTPControlVerdict v = protocol == GTPControlContexts::gtpv1_c ? gtpv1c_parse(p, left, m) : gtpv2c_parse(p, left, m, used);
        if (m.version) ++_messages[protocol][m.type];
        if ((v == GTPC_OK || v == GTPC_OTHER) && _gtp.restarted(m, f.peers)) ++_restarts[protocol];
        if (v == GTPC_OK) v = _gtp.message(m, f.peers, p, used, now());
        ++_verdicts[protocol][v];
        p += used, left -= used;
    }
}

void GTPControlLearn::look_s1ap(const GTPControlFrame &f) {
    if (!_read[GTPControlContexts::s1ap]) return;
    uint64_t *verdicts = _verdicts[GTPControlContexts::s1ap];
    bool good = sctp_each_s1ap(f.payload, f.length, [&](uint32_t tsn, bool beginning, bool ending, const unsigned char *p, uint32_t n) {
        GTPControlVerdict v = GTPC_RETRANSMITTED;
        S1APMessage m;
        if (_associations.is_new(f, tsn)) {
            SCTPAssociations::Assembly a = SCTPAssociations::complete;
            if (!beginning || !ending) a = _associations.assemble(f, tsn, beginning, ending, p, n);
            if (a == SCTPAssociations::waiting) return;
            v = a == SCTPAssociations::lost ? GTPC_SCTP_FRAGMENT : s1ap_parse(p, n, m);
            if (v == GTPC_OK || v == GTPC_OTHER) ++_s1ap_messages[m.kind][m.procedure];
            if (v == GTPC_OK) v = _s1ap.message(m, f.peers, now());
        }
        ++verdicts[v];
    });
    if (!good) ++verdicts[GTPC_BAD_PACKET];
}

String GTPControlLearn::unparse_messages() const {
    static const char *const kinds[] = {"initiating", "successful", "unsuccessful"};
    StringAccum sa;
    auto line = [&](int protocol, const char *name, int type, const char *kind, uint64_t count) {
        if (!count) return;
        sa << GTPControlContexts::protocol_name(protocol) << ' ';
        if (name) sa << name;
        else sa << "type-" << type;
        sa << (*kind ? " " : "") << kind << '\t' << count << '\n';
    };
    for (int t = 0; t < 256; ++t) line(GTPControlContexts::gtpv1_c, gtpv1c_name((uint8_t) t), t, "", _messages[0][t]);
    for (int t = 0; t < 256; ++t) line(GTPControlContexts::gtpv2_c, gtpv2c_name((uint8_t) t), t, "", _messages[1][t]);
    for (int t = 0; t < 256; ++t)
        for (int k = 0; k < 3; ++k) line(GTPControlContexts::s1ap, s1ap_name((uint8_t) t), t, kinds[k], _s1ap_messages[k][t]);
    return sa.take_string();
}

enum { h_count, h_sessions, h_contexts, h_messages, h_reasons, h_events, h_restarts, h_clear, h_reset };

String GTPControlLearn::read(Element *e, void *data) {
    GTPControlLearn *l = static_cast<GTPControlLearn *>(e);
    StringAccum sa;
    switch ((uintptr_t) data) {
    case h_count: return String(l->_contexts.nbearers());
    case h_sessions: return String(l->_contexts.nsessions());
    case h_contexts: return l->_contexts.unparse(now());
    case h_messages: return l->unparse_messages();
    case h_reasons:
        for (int p = 0; p < nprotocols; ++p)
            for (int v = 0; v < GTPC_NVERDICTS; ++v)
                if (l->_verdicts[p][v])
                    sa << GTPControlContexts::protocol_name(p) << ' ' << gtp_control_verdict_name((GTPControlVerdict) v) << '\t' << l->_verdicts[p][v] << '\n';
        break;
    case h_restarts:
        for (int p = 0; p < nprotocols; ++p) sa << GTPControlContexts::protocol_name(p) << '\t' << (p == GTPControlContexts::s1ap ? l->_s1ap.resets : l->_restarts[p]) << '\n';
        break;
    default:
        static const char *const kinds[] = {"setup", "modify", "suspend", "release"};
        for (int k = 0; k < 4; ++k) sa << kinds[k] << '\t' << l->_contexts.events[k] << '\n';
    }
    return sa.take_string();
}

int GTPControlLearn::write(const String &, Element *e, void *data, ErrorHandler *) {
    GTPControlLearn *l = static_cast<GTPControlLearn *>(e);
    if ((uintptr_t) data == h_clear) {
        l->_contexts.clear();
        l->_gtp.clear();
        l->_associations.clear();
    } else {
        memset(l->_verdicts, 0, sizeof l->_verdicts);
        memset(l->_messages, 0, sizeof l->_messages);
        memset(l->_s1ap_messages, 0, sizeof l->_s1ap_messages);
        memset(l->_contexts.events, 0, sizeof l->_contexts.events);
        memset(l->_restarts, 0, sizeof l->_restarts);
        l->_s1ap.resets = 0;
    }
    return 0;
}

void GTPControlLearn::add_handlers() {
    add_read_handler("count", read, h_count);
    add_read_handler("sessions", read, h_sessions);
    add_read_handler("contexts", read, h_contexts, Handler::f_expensive);
    add_read_handler("messages", read, h_messages);
    add_read_handler("reasons", read, h_reasons);
    add_read_handler("events", read, h_events);
    add_read_handler("restarts", read, h_restarts);
    add_write_handler("clear", write, h_clear, Handler::f_button);
    add_write_handler("reset_counts", write, h_reset, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPControlFrame GTPControlContexts GTPControlTracker S1APTracker GTPv1C GTPv2C)
EXPORT_ELEMENT(GTPControlLearn)
