#include <click/config.h>
#include "gtpcontrolframe.hh"
CLICK_DECLS

typedef GTPControlReader Reader;
enum { proto_udp = 17, proto_sctp = 132, ipv6_fragment = 44 };

/** UDP (RFC 768) or SCTP (RFC 9260 §3.1). @a whole: no fragment. */
static void transport(GTPControlFrame &f, uint8_t proto, Reader r, bool whole) {
    const unsigned char *p = r.take(8);
    if (!p) return;
    f.peers.sport = (uint16_t) Reader::get16(p), f.peers.dport = (uint16_t) Reader::get16(p + 2);
    uint16_t port = proto == proto_udp ? (uint16_t) GTPC_PORT : (uint16_t) S1AP_PORT;
    if (f.peers.sport != port && f.peers.dport != port) return;
    f.is_sctp = proto == proto_sctp;
    f.kind = whole ? GTPControlFrame::bad : GTPControlFrame::fragment;
    if (!whole) return;
    if (proto == proto_udp) {
        uint32_t n = Reader::get16(p + 4);
        if (n < 8 || n - 8 > r.left()) return;
        f.length = n - 8;
    } else {
        f.tag = Reader::get32(p + 4);
        if (!r.take(4)) return;
        f.length = r.left();
    }
    f.payload = r.at();
    f.kind = f.is_sctp ? GTPControlFrame::sctp : GTPControlFrame::gtpc;
}

static void ipv4(GTPControlFrame &f, Reader r) {
    const unsigned char *p = r.take(20);
    if (!p || p[0] >> 4 != 4) return;
    uint32_t header = (p[0] & 15) * 4, total = Reader::get16(p + 2), part = Reader::get16(p + 6);
    if (header < 20 || total < header || total - 20 > r.left()) return;
    if ((p[9] != proto_udp && p[9] != proto_sctp) || (part & 0x1FFF)) return;
    f.peers.src = Reader::address4(p + 12), f.peers.dst = Reader::address4(p + 16);
    r = Reader(r.at(), total - 20);
    r.take(header - 20);
    transport(f, p[9], r, !(part & 0x2000));
}

static void ipv6(GTPControlFrame &f, Reader r) {
    const unsigned char *p = r.take(40);
    if (!p || p[0] >> 4 != 6) return;
    uint32_t n = Reader::get16(p + 4);
    if (n > r.left()) return;
    r = Reader(r.at(), n);
    f.peers.src = GTPAddress::from6(p + 8), f.peers.dst = GTPAddress::from6(p + 24);
    uint8_t next = p[6];
    bool whole = true;
    // RFC 8200 §4.1: what stands before the transport header; more than a few have no purpose
    for (int i = 0; i < 8 && (next == 0 || next == 43 || next == 60 || next == ipv6_fragment); ++i) {
        const unsigned char *h = r.take(8);
        if (!h) return;
        if (next == ipv6_fragment) {
            uint32_t part = Reader::get16(h + 2);
            if (part >> 3) return;
            whole = !(part & 1);
        } else if (!r.take(h[1] * 8u))
            return;
        next = h[0];
    }
    if (next == proto_udp || next == proto_sctp) transport(f, next, r, whole);
}

GTPControlFrame gtp_control_frame(const unsigned char *frame, uint32_t length) {
    GTPControlFrame f = GTPControlFrame();
    Reader r(frame, length);
    const unsigned char *p = r.take(14);
    if (!p) return f;
    uint32_t type = Reader::get16(p + 12);
    for (int tags = 0; (type == 0x8100 || type == 0x88A8) && tags < 2; ++tags) {
        if (!(p = r.take(4))) return f;
        type = Reader::get16(p + 2);
    }
    if (type == 0x0800) ipv4(f, r);
    else if (type == 0x86DD) ipv6(f, r);
    return f;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPAddress)
ELEMENT_PROVIDES(GTPControlFrame)
