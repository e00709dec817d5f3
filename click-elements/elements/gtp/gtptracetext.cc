#include <click/config.h>
#include <click/ip6address.hh>
#include <click/ipaddress.hh>
#include <clicknet/ip.h>
#include <clicknet/tcp.h>
#include "gtptrace.hh"
CLICK_DECLS

void gtp_print_step(StringAccum &sa, const char *who, const String &what) {
    sa << "  " << who;
    for (size_t n = strlen(who); n < 10; ++n)
        sa << ' ';
    sa << what << '\n';
}

namespace {
const char *name_of_message(uint8_t type) {
    switch (type) {
    case GTPU_ECHO_REQUEST: return "echo request";
    case GTPU_ECHO_RESPONSE: return "echo response";
    case GTPU_ERROR_INDICATION: return "error indication";
    case GTPU_EXTENSIONS_NOTIFICATION: return "supported extension headers notification";
    case GTPU_TUNNEL_STATUS: return "tunnel status";
    case GTPU_END_MARKER: return "end marker";
    case GTPU_GPDU: return "G-PDU";
    default: return "message";
    }
}

/** TS 29.281 §5.2.1; what is there of the chain. */
void print_extensions(StringAccum &sa, const unsigned char *d, const GTPFrame &f) {
    uint32_t at = f.gtp + 12;
    const char *before = ", extension headers ";
    for (uint8_t type = d[f.gtp + 11]; type && at < f.end; before = ", ") {
        const uint32_t size = d[at] * 4U;
        sa << before;
        sa.snprintf(8, "0x%02x", type);
        if (type == GTPU_EXT_PDU_SESSION && f.has_qfi)
            sa << " (PDU session, QFI " << (int) f.qfi << ')';
        if (!size || size > f.end - at)
            return;
        type = d[at + size - 1];
        at += size;
    }
}

void print_tcp_flags(StringAccum &sa, uint8_t flags) {
    static const struct { uint8_t bit; const char *name; } names[] = {{TH_SYN, "SYN"}, {TH_FIN, "FIN"}, {TH_RST, "RST"}, {TH_ACK, "ACK"}, {TH_PUSH, "PSH"}};
    for (const auto &n : names)
        if (flags & n.bit)
            sa << ' ' << n.name;
}
}

void gtp_print_outer(StringAccum &sa, const unsigned char *d, const GTPFrame &f) {
    StringAccum line;
    if (f.src) {
        line << f.src.unparse() << " > " << f.dst.unparse();
        if (f.gtp)
            line << ", UDP from " << gtp_get16(d + f.gtp - 8);
        if (f.vlan_tpid)
            line << ", VLAN " << (f.vlan_tci & 0xFFF);
        line << ", DSCP " << (f.tos >> 2);
        if (f.tos & 3)
            line << ((f.tos & 3) == 3 ? ", congestion met" : ", ECN");
        gtp_print_step(sa, "outer", line.take_string());
    }
    if (!f.gtp)
        return;
    line << name_of_message(f.message_type) << " (" << (int) f.message_type << "), ";
    line.snprintf(40, "TEID 0x%x, flags 0x%02x", gtp_get32(d + f.gtp + 4), f.flags);
    line << (f.flags & GTPU_E ? " E" : "") << (f.flags & GTPU_S ? " S" : "") << (f.flags & GTPU_PN ? " PN" : "");
    if (f.flags & (GTPU_E | GTPU_S | GTPU_PN) && f.gtp + 12 <= f.end) {
        if (f.flags & GTPU_S)
            line << ", sequence " << gtp_get16(d + f.gtp + 8);
        if (f.flags & GTPU_PN)
            line << ", N-PDU " << (int) d[f.gtp + 10];
        if (f.flags & GTPU_E)
            print_extensions(line, d, f);
    }
    gtp_print_step(sa, "GTP-U", line.take_string());
}

void gtp_print_inner(StringAccum &sa, const unsigned char *p, uint32_t available, bool from_ue) {
    GTPInner in;
    gtp_inner(p, available, from_ue, in);
    auto address = [&in](const unsigned char *a) {
        uint32_t four;
        memcpy(&four, a, 4);
        return in.six ? IP6Address(a).unparse() : IPAddress(four).unparse();
    };
    const bool tcp = in.protocol == IP_PROTO_TCP, udp = in.protocol == IP_PROTO_UDP, icmp = in.protocol == IP_PROTO_ICMP || in.protocol == 58;
    const bool ports = (tcp || udp) && in.has_ports;
    const unsigned char *ends[2] = {from_ue ? in.ue : in.remote, from_ue ? in.remote : in.ue};
    const uint16_t port[2] = {from_ue ? in.ue_port : in.remote_port, from_ue ? in.remote_port : in.ue_port};
    StringAccum line;
    if (tcp || udp || icmp)
        line << (tcp ? "TCP" : udp ? "UDP" : in.six ? "ICMPv6" : "ICMP");
    else
        line << "protocol " << (int) in.protocol;
    for (int i = 0; i < 2; ++i) {
        const String a = address(ends[i]);
        line << (i ? " > " : " ") << (in.six && ports ? "[" + a + "]" : a);
        if (ports)
            line << ':' << ntohs(port[i]);
    }
    if (icmp && in.ue_port)
        line << ", echo " << ntohs(in.ue_port);
    if (tcp && ports && in.tcp_flags) {
        line << ',';
        print_tcp_flags(line, in.tcp_flags);
    }
    if (in.first_fragment || in.later_fragment)
        line << (in.later_fragment ? ", later" : ", first") << " fragment of datagram " << in.fragment_id;
    line << ", " << (in.six ? 40 + gtp_get16(p + 4) : gtp_get16(p + 2)) << " bytes";
    gtp_print_step(sa, "inner", line.take_string());
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPInner)
ELEMENT_PROVIDES(GTPTraceText)
