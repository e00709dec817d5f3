#include <click/config.h>
#include <click/args.hh>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include "gtpsignalling.hh"
#include "elements/gtp/gtpbuild.hh"
CLICK_DECLS

// Information elements, TS 29.281 table 8.1-1
enum { ie_recovery = 14, ie_teid_data_1 = 16, ie_peer_address = 133, ie_extension_types = 141 };

int GTPSignalling::configure(Vector<String> &conf, ErrorHandler *errh) {
    String direction, own;
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read_mp("DIRECTION", WordArg(), direction).read("OWN", AnyArg(), own)
            .read("PROBE", SecondsArg(), _probe).read("T3", SecondsArg(), _t3).read("N3", BoundedIntArg(1, 100), _n3).read("ERRORS", BoundedIntArg(0, 1000000), _errors).complete() < 0)
        return -1;
    direction = direction.upper();
    if (direction != "UPLINK" && direction != "DOWNLINK")
        return errh->error("DIRECTION must be UPLINK or DOWNLINK");
    _direction = direction == "UPLINK" ? GTP_UPLINK : GTP_DOWNLINK;
    Vector<String> words;
    cp_spacevec(own, words);
    for (const String &w : words) {
        GTPAddress a;
        if (!GTPAddress::parse(w, a))
            return errh->error("OWN: '%s' is not an IP address", w.c_str());
        _own.push_back(a);
    }
    if (_t3 == 0)
        return errh->error("T3 must be at least a second");
    if (_probe && noutputs() < 2)
        return errh->error("PROBE needs output 1, to send to the ends");
    if (_own.size() && noutputs() < 2)
        return errh->error("OWN needs output 1, to answer");
    _sequence = (uint16_t) click_random();
    return 0;
}

int GTPSignalling::initialize(ErrorHandler *) {
    _timer.initialize(this);
    if (_probe)
        _timer.schedule_after_sec(1);
    return 0;
}

// ---- Messages that pass

static int64_t steady_ns() { return Timestamp::recent_steady().nsecval(); }

void GTPSignalling::set_state(const GTPPathKey &k, GTPPathEnd &e, GTPDirection end, GTPPathEnd::State state) {
    if (e.state == state)
        return;
    bool tell = e.state != GTPPathEnd::unknown || state == GTPPathEnd::down;
    e.state = state;
    if (!tell)
        return;
    ++_counts[state == GTPPathEnd::down ? paths_down : paths_up];
    StringAccum sa;
    sa << "\"end\":\"" << (end == GTP_UPLINK ? "enb" : "core") << "\",\"enb\":\"" << k.enb.unparse() << "\",\"core\":\"" << k.core.unparse() << "\",\"vlan\":" << (k.vlan & 0xFFF);
    _table->event(state == GTPPathEnd::down ? "path-down" : "path-up", sa.take_string());
}

/** From an end on this side, to one on the other. False if it stays here. */
bool GTPSignalling::echo_request(const GTPFrame &f, const unsigned char *frame) {
    ++_counts[echo_requests];
    GTPPath *p = _table->path_of(_direction, f, frame);
    if (own(f.dst)) {
        // §7.2.2: to where it came from, with its sequence number and a restart counter of 0
        unsigned char gtp[14] = {GTPU_VERSION_1_PT_1 | GTPU_S, GTPU_ECHO_RESPONSE, 0, 6, 0, 0, 0, 0, (unsigned char) (f.sequence >> 8), (unsigned char) f.sequence, 0, 0, ie_recovery, 0};
        answer(f, frame, gtp_get16(frame + f.gtp - 8), gtp, sizeof gtp);
        ++_counts[echoes_answered];
        return false;
    }
    if (!p)
        return true;
    GTPPathEnd &from = p->end[_direction], &to = p->end[!_direction];
    ++from.requests;
    from.heard_ns = steady_ns();
    // Each of these that the other end leaves without response counts against it.
    if (!to.awaited) {
        if (to.missed >= _n3)
            set_state(_table->key_of(p), to, (GTPDirection) !_direction, GTPPathEnd::down);
        if (to.missed < 255)
            ++to.missed;
    }
    to.passing = f.sequence, to.passing_ns = steady_ns();
    return true;
}

bool GTPSignalling::echo_response(const GTPFrame &f, const unsigned char *frame) {
    ++_counts[echo_responses];
    GTPPath *p = _table->path_of(_direction, f, frame);
    if (!p)
        return true;
    GTPPathEnd &from = p->end[_direction];
    bool ours = from.awaited && f.sequence == from.sequence && !(from.passing == f.sequence && from.passing_ns);
    int64_t now = steady_ns();
    if (ours) {
        from.awaited = false;
        ++from.probes_answered, ++_counts[probes_answered];
        from.rtt_us = (uint32_t) ((now - from.sent_ns) / 1000), from.has_rtt = true;
        from.next_ns = now + (int64_t) _probe * Timestamp::nsec_per_sec;
    } else {
        ++from.responses;
        if (from.passing_ns && from.passing == f.sequence)
            from.rtt_us = (uint32_t) ((now - from.passing_ns) / 1000), from.passing_ns = 0, from.has_rtt = true;
    }
    from.heard_ns = now;
    from.missed = 0;
    if (f.end - f.inner >= 2 && frame[f.inner] == ie_recovery)
        from.has_recovery = true, from.recovery = frame[f.inner + 1];
    set_state(_table->key_of(p), from, _direction, GTPPathEnd::up);
    return !ours && !own(f.dst);
}

/** §7.3.1. Acted on if it comes from the end itself that it tells of: it is a hint, and nobody signs it. */
void GTPSignalling::error_indication(const GTPFrame &f, const unsigned char *frame) {
    ++_counts[error_indications];
    if (GTPPath *p = _table->path_of(_direction, f, frame))
        ++p->end[_direction].error_indications;
    GTPEndpoint end = {};
    bool teid = false;
    for (uint32_t at = f.inner; at < f.end; ) {
        uint8_t type = frame[at];
        if (type < 128) {              // TV: of the fixed lengths that table 8.1-1 has
            if (type != ie_teid_data_1 || f.end - at < 5)
                break;
            end.teid = gtp_get32(frame + at + 1), teid = true;
            at += 5;
        } else {                       // TLV
            if (f.end - at < 3)
                break;
            uint32_t n = gtp_get16(frame + at + 1);
            if (n > f.end - at - 3)
                break;
            if (type == ie_peer_address && n == 4) {
                uint32_t a;
                memcpy(&a, frame + at + 3, 4);
                end.address = GTPAddress::from4(a);
            } else if (type == ie_peer_address && n == 16)
                end.address = GTPAddress::from6(frame + at + 3);
            at += 3 + n;
        }
    }
    if (!teid || end.address != f.src)
        ++_counts[malformed_messages];
    else
        _table->tunnel_unknown(_direction == GTP_UPLINK ? GTP_DOWNLINK : GTP_UPLINK, end);
}

bool GTPSignalling::message(const GTPFrame &f, const unsigned char *frame) {
    switch (f.message_type) {
    case GTPU_ECHO_REQUEST:
        return echo_request(f, frame);
    case GTPU_ECHO_RESPONSE:
        return echo_response(f, frame);
    case GTPU_ERROR_INDICATION:
        error_indication(f, frame);
        break;
    case GTPU_END_MARKER:
        ++_counts[end_markers];
        if (GTPPath *p = _table->path_of(_direction, f, frame))
            ++p->end[_direction].end_markers;
        _table->tunnel_ended(_direction, GTPEndpoint{f.dst, f.teid});
        break;
    case GTPU_EXTENSIONS_NOTIFICATION:
        ++_counts[extension_notifications];
        break;
    case GTPU_TUNNEL_STATUS:
        ++_counts[tunnel_status];
        break;
    default:
        ++_counts[unknown_messages];
    }
    return !own(f.dst);
}

/** True if it goes on. */
bool GTPSignalling::handle(int port, Packet *p) {
    GTPFrame f;
    gtp_parse(p->data(), p->length(), f);
    if (port == 1) {
        if (f.verdict != GTP_GPDU || !own(f.dst) || _table->knows_tunnel(_direction, GTPEndpoint{f.dst, f.teid}))
            return true;
        send_error(f, p->data());
        return false;
    }
    if (f.verdict == GTP_SIGNALLING)
        return message(f, p->data());
    if (f.verdict == GTP_UNKNOWN_EXTENSION && own(f.dst)) {
        send_notification(f, p->data());
        return false;
    }
    return true;
}

void GTPSignalling::push(int port, Packet *p) {
    if (handle(port, p))
        output(0).push(p);
    else
        p->kill();
}

void GTPSignalling::push_batch(int port, PacketBatch *batch) {
    auto way = [=](Packet *p) { return handle(port, p) ? 0 : 1; };
    CLASSIFY_EACH_PACKET(2, way, batch, [this](int o, PacketBatch *b) { if (o) b->kill(); else output(0).push_batch(b); });
}

// ---- Messages of our own

bool GTPSignalling::own(const GTPAddress &a) const {
    for (const GTPAddress &x : _own)
        if (x == a)
            return true;
    return false;
}

/** Who answers garbage without measure serves those who send it in another's name. */
bool GTPSignalling::may_answer() {
    int64_t now = steady_ns();
    if (now - _window_ns >= Timestamp::nsec_per_sec)
        _window_ns = now, _in_window = 0;
    if (_in_window >= _errors) {
        ++_counts[limited];
        return false;
    }
    ++_in_window;
    return true;
}

/** Back to the sender of @a f, from the address it was sent to. */
void GTPSignalling::answer(const GTPFrame &f, const unsigned char *frame, uint16_t dport, const unsigned char *gtp, uint32_t size) {
    GTPLeg back = {};
    memcpy(back.dst, frame + 6, 6);
    memcpy(back.src, frame, 6);
    back.vlan_tci = f.vlan_tci;
    GTPOuter o = {&back, (uint32_t) f.vlan_tpid << 16, &f.dst, &f.src, GTPU_PORT, dport, (uint16_t) click_random(), f.tos, 64, false};
    if (WritablePacket *q = gtp_message(o, gtp, size))
        output(1).push(q);
}

void GTPSignalling::send_error(const GTPFrame &f, const unsigned char *frame) {
    if (!may_answer())
        return;
    // §7.3.1; S is set and the number is not used (§5.1). The extension header (§5.2.2.1) tells the port that the G-PDU came from.
    unsigned char gtp[8 + 4 + 4 + 5 + 3 + 16] = {GTPU_VERSION_1_PT_1 | GTPU_S | GTPU_E, GTPU_ERROR_INDICATION};
    gtp[11] = GTPU_EXT_UDP_PORT;
    gtp[12] = 1, gtp[13] = frame[f.gtp - 8], gtp[14] = frame[f.gtp - 7], gtp[15] = GTPU_EXT_NONE;
    gtp[16] = ie_teid_data_1;
    gtp_put32(gtp + 17, f.teid);
    uint32_t n = f.outer6 ? 16 : 4;
    gtp[21] = ie_peer_address;
    gtp_put16(gtp + 22, n);
    memcpy(gtp + 24, f.dst.data() + 16 - n, n);
    gtp_put16(gtp + 2, 24 + n - 8);
    answer(f, frame, GTPU_PORT, gtp, 24 + n);
    ++_counts[errors_sent];
}

void GTPSignalling::send_notification(const GTPFrame &f, const unsigned char *frame) {
    if (!may_answer())
        return;
    // §7.2.3, §8.5
    static const uint8_t types[] = {GTPU_EXT_SERVICE_CLASS, GTPU_EXT_UDP_PORT, GTPU_EXT_RAN_CONTAINER, GTPU_EXT_LONG_PDCP_PDU, GTPU_EXT_XW_RAN_CONTAINER,
                                    GTPU_EXT_NR_RAN_CONTAINER, GTPU_EXT_PDU_SESSION, GTPU_EXT_PDCP_PDU};
    unsigned char gtp[8 + 4 + 2 + sizeof types] = {GTPU_VERSION_1_PT_1 | GTPU_S, GTPU_EXTENSIONS_NOTIFICATION, 0, 4 + 2 + sizeof types};
    gtp[12] = ie_extension_types, gtp[13] = sizeof types;
    memcpy(gtp + 14, types, sizeof types);
    answer(f, frame, gtp_get16(frame + f.gtp - 8), gtp, sizeof gtp);
    ++_counts[notifications_sent];
}

/** To the end on this side, as from the other one. */
void GTPSignalling::send_probe(const GTPPathKey &k, GTPPath &p, int64_t now) {
    GTPPathEnd &e = p.end[_direction];
    if (!e.awaited) {
        do
            e.sequence = ++_sequence;
        while (e.passing_ns && e.passing == e.sequence);        // not one that the other end waits for itself
        e.awaited = true;
        e.missed = 0;
    }
    unsigned char gtp[12] = {GTPU_VERSION_1_PT_1 | GTPU_S, GTPU_ECHO_REQUEST, 0, 4, 0, 0, 0, 0, (unsigned char) (e.sequence >> 8), (unsigned char) e.sequence, 0, 0};
    bool to_enb = _direction == GTP_UPLINK;
    GTPOuter o = {&p.leg[!_direction], k.vlan, to_enb ? &k.core : &k.enb, to_enb ? &k.enb : &k.core, GTPU_PORT, GTPU_PORT, (uint16_t) click_random(), 0, 64, false};
    e.sent_ns = now, e.next_ns = now + (int64_t) _t3 * Timestamp::nsec_per_sec;
    ++e.probes, ++_counts[probes_sent];
    if (WritablePacket *q = gtp_message(o, gtp, sizeof gtp))
        output(1).push(q);
}

void GTPSignalling::run_timer(Timer *) {
    int64_t now = steady_ns();
    _table->each_path([&](const GTPPathKey &k, GTPPath &p) {
        GTPPathEnd &e = p.end[_direction];
        // A path is of interest while tunnels lie in it, and can be asked when it is known how to get there.
        if (!p.references || p.leg[!_direction].known == GTPLeg::unknown || now < e.next_ns)
            return;
        if (e.awaited && ++e.missed >= _n3) {
            e.awaited = false;
            e.next_ns = now + (int64_t) _probe * Timestamp::nsec_per_sec;
            set_state(k, e, _direction, GTPPathEnd::down);
        } else
            send_probe(k, p, now);
    });
    _timer.reschedule_after_sec(1);
}

// ---- Handlers

String GTPSignalling::read(Element *e, void *) {
    static const char *const names[] = {"echo_requests", "echo_responses", "error_indications", "end_markers", "extension_notifications", "tunnel_status", "unknown_messages",
                                        "malformed_messages", "echoes_answered", "errors_sent", "notifications_sent", "limited", "probes_sent", "probes_answered", "paths_down", "paths_up"};
    static_assert(sizeof names / sizeof *names == ncounts, "a name for each");
    StringAccum sa;
    for (int i = 0; i < ncounts; ++i)
        sa << names[i] << '\t' << static_cast<GTPSignalling *>(e)->_counts[i] << '\n';
    return sa.take_string();
}

int GTPSignalling::reset(const String &, Element *e, void *, ErrorHandler *) {
    memset(static_cast<GTPSignalling *>(e)->_counts, 0, sizeof _counts);
    return 0;
}

void GTPSignalling::add_handlers() {
    add_read_handler("counts", read, 0);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable GTPBuild)
EXPORT_ELEMENT(GTPSignalling)
