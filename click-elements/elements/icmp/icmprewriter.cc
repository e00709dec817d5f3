#include <click/config.h>
#include "icmprewriter.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <clicknet/icmp.h>
CLICK_DECLS

int ICMPRewriter::configure(Vector<String> &conf, ErrorHandler *errh) {
    String maps;
    if (Args(conf, this, errh).read_mp("MAPS", AnyArg(), maps).read("DST_ANNO", _dst_anno).complete() < 0) return -1;
    Vector<String> words;
    cp_spacevec(maps, words);
    for (const String &w : words) {
        Element *e = router()->find(w, this);
        IPRewriterBase *r = e ? (IPRewriterBase *) e->cast("IPRewriterBase") : nullptr;
        if (!r) return errh->error("MAPS: %<%s%> is no rewriter", w.c_str());
        _maps.push_back(r);
    }
    return _maps.empty() ? errh->error("MAPS: no rewriters") : 0;
}

/** The key of the packet that is quoted; it must have its ports. */
bool ICMPRewriter::quoted_key(const unsigned char *d, uint32_t n, IPRWKey &k) {
    const click_ip *ip = reinterpret_cast<const click_ip *>(d);
    if (n < sizeof(click_ip)) return false;
    uint32_t hlen = ip->ip_hl * 4U;
    if (ip->ip_v != 4 || hlen < sizeof(click_ip) || n < hlen + 8 || !IP_FIRSTFRAG(ip)) return false;
    k.saddr = ip->ip_src.s_addr, k.daddr = ip->ip_dst.s_addr, k.proto = ip->ip_p, k.sport = k.dport = 0;
    const unsigned char *t = d + hlen;
    if (ip->ip_p == IP_PROTO_TCP || ip->ip_p == IP_PROTO_UDP) memcpy(&k.sport, t, 4);
    else if (ip->ip_p != IP_PROTO_ICMP || (t[0] != ICMP_ECHO && t[0] != ICMP_ECHOREPLY)) return false;
    else memcpy(t[0] == ICMP_ECHO ? &k.sport : &k.dport, t + 4, 2);
    return true;
}

bool ICMPRewriter::find(const IPRWKey &k, IPRWKey &to) const {
    for (IPRewriterBase *r : _maps)
        if (r->rewritten(k, to)) return true;
    return false;
}

Packet *ICMPRewriter::simple_action(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    IPRWKey quoted, reply;
    if (ip && ip->ip_p == IP_PROTO_ICMP && !IP_ISFRAG(ip)) {
        IPPayload t(p, ip);
        int type = t.length >= 8 ? t.data[0] : -1;
        // Who quotes a packet has got it: its reply would be turned back just so.
        if ((type == 3 || type == 4 || type == 5 || type == 11 || type == 12) && quoted_key(t.data + 8, t.length - 8, quoted) && find(quoted.reverse(), reply)) {
            WritablePacket *q = p->uniqueify();
            if (!q) return nullptr;
            click_ip *w = q->ip_header();
            unsigned char *icmp = reinterpret_cast<unsigned char *>(w) + w->ip_hl * 4, *d = icmp + 8;
            click_ip *inner = reinterpret_cast<click_ip *>(d);
            IPRWKey was = reply.reverse();
            if (w->ip_src.s_addr == quoted.daddr) w->ip_src.s_addr = was.daddr;
            w->ip_dst.s_addr = was.saddr;
            w->ip_sum = 0;
            w->ip_sum = click_in_cksum((const unsigned char *) w, w->ip_hl * 4);
            inner->ip_sum = ip_sum_changed32(ip_sum_changed32(inner->ip_sum, quoted.saddr, was.saddr), quoted.daddr, was.daddr);
            inner->ip_src.s_addr = was.saddr, inner->ip_dst.s_addr = was.daddr;
            unsigned char *h = d + inner->ip_hl * 4;
            uint32_t left = t.length - 8 - inner->ip_hl * 4;
            int at = inner->ip_p == IP_PROTO_TCP ? 16 : inner->ip_p == IP_PROTO_UDP ? 6 : 2;
            if (left >= (uint32_t) at + 2) {        // as far as it is quoted
                uint16_t sum;
                memcpy(&sum, h + at, 2);
                if (at != 6 || sum) {
                    if (at != 2) sum = ip_sum_changed32(ip_sum_changed32(sum, quoted.saddr, was.saddr), quoted.daddr, was.daddr);
                    sum = ip_sum_changed(ip_sum_changed(sum, quoted.sport, was.sport), quoted.dport, was.dport);
                    if (at == 6) sum = udp_sum(sum);
                    memcpy(h + at, &sum, 2);
                }
            }
            if (at == 2) memcpy(h + 4, h[0] == ICMP_ECHO ? &was.sport : &was.dport, 2);
            else memcpy(h, &was.sport, 2), memcpy(h + 2, &was.dport, 2);
            memset(icmp + 2, 0, 2);
            uint16_t sum = click_in_cksum(icmp, (int) t.length);
            memcpy(icmp + 2, &sum, 2);
            if (_dst_anno) q->set_dst_ip_anno(IPAddress(w->ip_dst));
            return q;
        }
    }
    checked_output_push(1, p);
    return nullptr;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPRewriterBase)
EXPORT_ELEMENT(ICMPRewriter)
