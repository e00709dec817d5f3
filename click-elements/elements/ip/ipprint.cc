#include <click/config.h>
#include "ipprint.hh"
#include "elements/ip/ipnames.hh"
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <clicknet/icmp.h>
#include <clicknet/tcp.h>
#include <errno.h>
CLICK_DECLS

bool IPPrint::contents(String s, Contents &c, ErrorHandler *errh) {
    s = s.upper();
    if (s == "HEX" || s == "ASCII") return c = s == "HEX" ? c_hex : c_ascii, true;
    if (s && s != "NONE" && s != "FALSE")
        return errh->error("bad contents value %<%s%>; should be %<NONE%>, %<HEX%>, or %<ASCII%>", s.c_str()), false;
    c = c_none;
    return true;
}

int IPPrint::configure(Vector<String> &conf, ErrorHandler *errh) {
    String whole, payload;
    Contents c, after;
    if (Args(conf, this, errh).read_p("LABEL", _label).read("CONTENTS", WordArg(), whole).read("PAYLOAD", WordArg(), payload).read("MAXLENGTH", _max)
            .read("ID", _id).read("TTL", _ttl).read("TOS", _tos).read("LENGTH", _length).read("TIMESTAMP", _timestamp).read("AGGREGATE", _aggregate)
            .read("PAINT", _paint).read("SWAP", _swap).read("OUTFILE", FilenameArg(), _outfile).read("ACTIVE", _active).complete() < 0) return -1;
    if (!contents(whole, c, errh) || !contents(payload, after, errh)) return -1;
    if (c != c_none && after != c_none) return errh->error("specify at most one of PAYLOAD and CONTENTS");
    _contents = c != c_none ? c : after;
    _payload = after != c_none;
    return 0;
}

int IPPrint::initialize(ErrorHandler *errh) {
    if (_outfile == "-") _file = stdout;
    else if (_outfile && !(_file = fopen(_outfile.c_str(), "we"))) return errh->error("%s: %s", _outfile.c_str(), strerror(errno));
    return 0;
}

void IPPrint::cleanup(CleanupStage) {
    if (_file && _file != stdout) fclose(_file);
    _file = nullptr;
}

/** Lines of 24 bytes in hex or 48 as text, indented. */
void IPPrint::bytes(StringAccum &sa, const unsigned char *d, uint32_t n) const {
    if (_max >= 0 && n > (uint32_t) _max) n = _max;
    const uint32_t line = _contents == c_hex ? 24 : 48, group = _contents == c_hex ? 4 : 8;
    for (uint32_t i = 0; i < n; ++i) {
        if (i % line == 0) sa << "\n  ";
        else if (i % group == 0) sa << ' ';
        if (_contents == c_hex) sa.snprintf(4, "%02x", d[i]);
        else sa << (char) (d[i] >= 32 && d[i] < 127 ? d[i] : '.');
    }
}

static unsigned word(const unsigned char *d) { return d[0] << 8 | d[1]; }
static uint32_t longword(const unsigned char *d) { return (uint32_t) d[0] << 24 | d[1] << 16 | d[2] << 8 | d[3]; }
static const char *protocol_name(int p) { return p == IP_PROTO_TCP ? "tcp" : p == IP_PROTO_UDP ? "udp" : p == IP_PROTO_ICMP ? "icmp" : nullptr; }

void IPPrint::icmp(StringAccum &sa, const IPPayload &t) const {
    const unsigned char *d = t.data;
    int type = d[0], code = d[1];
    sa << "icmp ";
    if (type == ICMP_ECHO || type == ICMP_ECHOREPLY) {
        unsigned id = word(d + 4), seq = word(d + 6);
        if (!_swap) id = d[5] << 8 | d[4], seq = d[7] << 8 | d[6];
        sa << icmp_type_name(type) << " (" << id << ", " << seq << ')';
        return;
    }
    const char *name = icmp_type_name(type), *code_name = icmp_code_name(type, code);
    if (!name) {
        sa << "type " << type << " code " << code;
        return;
    }
    // An error is about the packet that it quotes.
    const unsigned char *inner = type == 3 && t.length >= 28 && d[8] >> 4 == 4 ? d + 8 : nullptr;
    if (inner) sa << IPAddress(inner + 16) << ' ';
    sa << name;
    if (code_name) sa << ' ' << code_name;
    else if (code || type == 3) sa << " code " << code;
    if (type != 3) return;
    if (code == 4 && word(d + 6)) sa << " (mtu " << word(d + 6) << ')';
    if (!inner) return;
    uint32_t hlen = (inner[0] & 15) * 4U;
    const char *p = protocol_name(inner[9]);
    if (code == 2 && p) sa << ' ' << p;
    else if (code == 2) sa << " ip-proto-" << (int) inner[9];
    if (code == 3 && (inner[9] == IP_PROTO_TCP || inner[9] == IP_PROTO_UDP) && hlen >= 20 && t.length >= 8 + hlen + 4)
        sa << ' ' << p << '/' << word(inner + hlen + 2);
}

/** Everything from the addresses on; returns the length of the transport header. */
uint32_t IPPrint::transport(StringAccum &sa, const Packet *p, const click_ip *ip, const IPPayload &t) const {
    IPAddress src(ip->ip_src), dst(ip->ip_dst);
    const unsigned char *d = t.data;
    const char *name = protocol_name(ip->ip_p);
    bool first = IP_FIRSTFRAG(ip), ports = first && t.length >= 4 && (ip->ip_p == IP_PROTO_TCP || ip->ip_p == IP_PROTO_UDP);
    sa << src;
    if (ports) sa << '.' << word(d);
    sa << " > " << dst;
    if (ports) sa << '.' << word(d + 2);
    sa << ": ";
    if (!name) sa << "ip-proto-" << (int) ip->ip_p;
    else if (!first) sa << name;
    else if (t.length < (ip->ip_p == IP_PROTO_TCP ? 20U : 8U)) sa << "truncated-" << name;
    else if (ip->ip_p == IP_PROTO_UDP) {
        sa << "udp " << word(d + 4);
        return 8;
    } else if (ip->ip_p == IP_PROTO_ICMP) {
        icmp(sa, t);
        return 8;
    } else {
        uint32_t seq = longword(d + 4), hlen = (d[12] >> 4) * 4U, flags = d[13], n = t.length > hlen ? t.length - hlen : 0;
        n += (flags & TH_SYN ? 1 : 0) + (flags & TH_FIN ? 1 : 0);
        for (const char *f = "SFRP", *x = "\2\1\4\10"; *f; ++f, ++x)
            if (flags & *x) sa << *f;
        if (!(flags & (TH_SYN | TH_FIN | TH_RST | TH_PUSH))) sa << '.';
        sa << ' ' << seq << ':' << seq + n << '(' << n << ',' << p->length() << ',' << (unsigned) ntohs(ip->ip_len) << ')';
        if (flags & TH_ACK) sa << " ack " << longword(d + 8);
        sa << " win " << word(d + 14);
        return hlen < t.length ? hlen : t.length;
    }
    return 0;
}

Packet *IPPrint::simple_action(Packet *p) {
    const click_ip *ip = _active ? ip_whole_header(p) : nullptr;
    if (!ip) return p;
    StringAccum sa;
    if (_label) sa << _label << ": ";
    if (_timestamp) sa.snprintf(40, "%d.%06u: ", p->timestamp_anno().sec(), p->timestamp_anno().usec());
    if (_aggregate) sa << '#' << AGGREGATE_ANNO(p);
    if (_paint) sa << (_aggregate ? "." : "paint ") << (int) PAINT_ANNO(p);
    if (_aggregate || _paint) sa << ": ";
    if (_id) sa << "id " << (unsigned) ntohs(ip->ip_id) << ' ';
    if (_ttl) sa << "ttl " << (int) ip->ip_ttl << ' ';
    if (_tos) sa << "tos " << (int) ip->ip_tos << ' ';
    if (_length) sa << "length " << (unsigned) ntohs(ip->ip_len) << ' ';
    IPPayload t(p, ip);
    uint32_t skip = transport(sa, p, ip, t);
    if (IP_ISFRAG(ip)) {
        unsigned off = ntohs(ip->ip_off), total = ntohs(ip->ip_len), hlen = ip->ip_hl * 4;
        sa << " (frag " << (unsigned) ntohs(ip->ip_id) << ':' << (total > hlen ? total - hlen : 0) << '@' << (off & IP_OFFMASK) * 8 << (off & IP_MF ? "+)" : ")");
    }
    if (_contents != c_none && _payload) bytes(sa, t.data + skip, t.length - skip);
    else if (_contents != c_none) bytes(sa, (const unsigned char *) ip, (uint32_t) (p->end_data() - (const unsigned char *) ip));
    if (_file) {
        sa << '\n';
        fwrite(sa.data(), 1, sa.length(), _file);
        fflush(_file);
    } else
        click_chatter("%.*s", sa.length(), sa.data());
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IPPrint)
