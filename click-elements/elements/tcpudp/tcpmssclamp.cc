#include <click/config.h>
#include "tcpmssclamp.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <clicknet/tcp.h>
#include "elements/ip/ippacket.hh"
#include "elements/ip6/ip6packet.hh"
CLICK_DECLS

enum { option_end = 0, option_nop = 1, option_mss = 2, mss_length = 4, default_mss = 536, default_mss6 = 1220, full_header = 60 };

int TCPMSSClamp::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint32_t mtu = 0, mss = 0;
    if (Args(conf, this, errh).read_p("MTU", BoundedIntArg(68, 65535), mtu).read("MSS", BoundedIntArg(1, 65535), mss).read("ADD", _add).complete() < 0)
        return -1;
    if (!mtu == !mss)
        return errh->error("give one of MTU and MSS");
    _limit[0] = (uint16_t) (mss ? mss : mtu - 40);
    _limit[1] = (uint16_t) (mss ? mss : mtu > 60 ? mtu - 60 : 1);
    return 0;
}

/** Where the TCP header is, from the packet's data on, of a packet that has all of it, options too; or -1. */
static int whole_tcp(const Packet *p, bool &v6, bool &fragment) {
    const unsigned char *h = p->network_header();
    if (!h || h >= p->end_data() || h < p->data())
        return -1;
    uint32_t at, length;
    v6 = *h >> 4 == 6;
    if (v6) {
        const click_ip6 *ip = ip6_header_of(p);
        if (!ip)
            return -1;
        length = 40U + ntohs(ip->ip6_plen);
        if (length > p->network_length()) length = p->network_length();
        IP6Chain chain(ip, length);
        if (!chain.whole || !chain.first || chain.proto != IP_PROTO_TCP)
            return -1;
        at = chain.offset, fragment = chain.fragment;
    } else {
        const click_ip *ip = ip_whole_header(p);
        if (!ip || ip->ip_v != 4 || ip->ip_p != IP_PROTO_TCP || !IP_FIRSTFRAG(ip))
            return -1;
        length = ip->ip_hl * 4U + IPPayload(p, ip).length;
        at = ip->ip_hl * 4U, fragment = IP_ISFRAG(ip);
    }
    if (at + sizeof(click_tcp) > length)
        return -1;
    const uint32_t size = reinterpret_cast<const click_tcp *>(h + at)->th_off * 4U;
    return size >= sizeof(click_tcp) && at + size <= length ? (int) (h - p->data()) + (int) at : -1;
}

/** The place of the next option's MSS, from the TCP header on, after @a at, which goes on; or 0. */
static uint32_t next_mss(const unsigned char *tcp, uint32_t size, uint32_t &at) {
    while (at < size && tcp[at] != option_end) {
        const uint32_t here = at, length = tcp[here] == option_nop ? 1 : here + 1 < size ? tcp[here + 1] : 0;
        if (!length || (tcp[here] != option_nop && length < 2) || here + length > size)
            break;
        at += length;
        if (tcp[here] == option_mss && length == mss_length)
            return here + 2;
    }
    at = size;
    return 0;
}

Packet *TCPMSSClamp::simple_action(Packet *p) {
    bool v6, fragment;
    const int offset = whole_tcp(p, v6, fragment);
    if (likely(offset < 0 || !(reinterpret_cast<const click_tcp *>(p->data() + offset)->th_flags & TH_SYN)))
        return p;
    ++_count;
    bool any = false, lowered = false;
    const uint16_t limit = _limit[v6];
    const unsigned char *tcp = p->data() + offset;
    uint32_t at = sizeof(click_tcp);
    const uint32_t size = reinterpret_cast<const click_tcp *>(tcp)->th_off * 4U;
    while (const uint32_t place = next_mss(tcp, size, at)) {
        any = true;
        if ((tcp[place] << 8 | tcp[place + 1]) <= limit)
            continue;
        WritablePacket *q = p->uniqueify();
        if (!q)
            return nullptr;
        p = q;
        unsigned char *w = q->data() + offset;
        uint16_t before, after = htons(limit), sum;
        memcpy(&before, w + place, 2), memcpy(&sum, w + 16, 2);
        memcpy(w + place, &after, 2);
        // At an odd place its bytes are in two words of the sum, each in the other's half.
        sum = place & 1 ? ip_sum_changed(sum, (uint16_t) (before << 8 | before >> 8), (uint16_t) (after << 8 | after >> 8)) : ip_sum_changed(sum, before, after);
        memcpy(w + 16, &sum, 2);
        tcp = w, lowered = true;
    }
    if (lowered) ++_clamped;
    return any || !_add || fragment || size + mss_length > full_header ? p : add(p, (uint32_t) offset, v6);
}

/** Put the option in front of all others: headers move forward by its length. */
Packet *TCPMSSClamp::add(Packet *p, uint32_t tcp, bool v6) {
    const int network = p->network_header_offset(), mac = p->has_mac_header() ? p->mac_header_offset() : 0;
    const bool has_mac = p->has_mac_header();
    const uint32_t length = p->network_length();
    if (length + mss_length > 65535)
        return p;
    WritablePacket *q = p->push(mss_length);
    if (!q)
        return nullptr;
    memmove(q->data(), q->data() + mss_length, tcp + sizeof(click_tcp));
    if (has_mac) q->set_mac_header(q->data() + mac);
    unsigned char *h = q->data() + network, *t = q->data() + tcp, *option = t + sizeof(click_tcp);
    const uint16_t usual = v6 ? default_mss6 : default_mss, mss = usual < _limit[v6] ? usual : _limit[v6];
    option[0] = option_mss, option[1] = mss_length, option[2] = (unsigned char) (mss >> 8), option[3] = (unsigned char) mss;
    uint16_t words[2], start, sum;
    memcpy(words, option, sizeof words), memcpy(&start, t + 12, 2), memcpy(&sum, t + 16, 2);
    const uint16_t before = start;
    t[12] = (unsigned char) (t[12] + 0x10);                 // a word more
    memcpy(&start, t + 12, 2);
    sum = ip_sum_changed(ip_sum_changed(ip_sum_changed(sum, before, start), 0, words[0]), 0, words[1]);
    uint16_t old_length, new_length;
    if (v6) {
        click_ip6 *ip = reinterpret_cast<click_ip6 *>(h);
        old_length = ip->ip6_plen;
        ip->ip6_plen = new_length = htons((uint16_t) (ntohs(old_length) + mss_length));
    } else {
        click_ip *ip = reinterpret_cast<click_ip *>(h);
        old_length = ip->ip_len;
        ip->ip_len = new_length = htons((uint16_t) (ntohs(old_length) + mss_length));
        ip->ip_sum = ip_sum_changed(ip->ip_sum, old_length, new_length);
    }
    q->set_network_header(h, tcp - (uint32_t) network);
    // The pseudo-header has the length of TCP's part, which grows as much.
    sum = ip_sum_changed(sum, 0, htons(mss_length));
    memcpy(t + 16, &sum, 2);
    ++_added;
    return q;
}

void TCPMSSClamp::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("clamped", Handler::f_read, &_clamped);
    add_data_handlers("added", Handler::f_read, &_added);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TCPMSSClamp)
