// Fragments of an IPv6 packet: put in order and joined.
#include <click/config.h>
#include "ip6fragments.hh"
CLICK_DECLS

IP6FragmentView::IP6FragmentView(const Packet *p) {
    const click_ip6 *ip = ip6_header_of(p);
    if (!ip || p->network_header() < p->data()) return;
    const unsigned char *d = reinterpret_cast<const unsigned char *>(ip);
    const uint32_t total = 40U + ntohs(ip->ip6_plen), there = p->network_length();
    uint8_t proto = ip->ip6_nxt;
    for (header = 40; proto == IP6_NXT_HOP_BY_HOP || proto == IP6_NXT_ROUTING || proto == IP6_NXT_DESTINATION; ) {
        if (header + 8 > total || header + 8 > there) return;
        proto = d[header], nxt_at = header;
        header += 8 * (d[header + 1] + 1U);
    }
    if (proto != IP6_NXT_FRAGMENT) return;
    kind = bad;
    // What no sender makes: no bytes, an end between two units, a packet that is too long, headers that go on in the second one (§4.5).
    if (total > there || header + 8 >= total) return;
    const uint16_t offset = (uint16_t) (d[header + 2] << 8 | d[header + 3]);
    start = offset & IP6_OFFMASK, more = offset & IP6_MF, length = total - header - 8;
    memcpy(&id, d + header + 4, 4);
    if ((more && length % 8) || header - 40 + start + length > 65535) return;
    if (!start && !IP6Chain(ip, total).whole) return;
    kind = fragment;
}

/** Link it, if it overlaps nothing. */
IP6Fragments::Result IP6Fragments::add(Packet *p, const IP6FragmentView &v) {
    const uint32_t stop_at = v.start + v.length;
    Result r = _refused ? refused : added;
    Packet *before = nullptr, *after = _head;
    if (_tail && stop(_tail) <= v.start) before = _tail, after = nullptr;       // in order, as they mostly come
    for (; after && stop(after) <= v.start; after = after->next()) before = after;
    if (r == added && after && start(after) < stop_at) {
        // What a network delivers twice is no attack: the same place, and the same bytes.
        const bool same = start(after) == v.start && length(after) == v.length && (_ended && stop(after) == _end) == !v.more
            && memcmp(after->end_data() - v.length, p->end_data() - v.length, v.length) == 0;
        r = same ? duplicate : overlap;
    } else if (r == added && (_ended ? !v.more || stop_at > _end : !v.more && _tail && stop(_tail) > stop_at))
        r = overlap;                        // two ends, or something behind the end
    if (r == overlap) {
        clear();
        _refused = true;
    }
    if (r != added) {
        p->kill();
        return r;
    }
    p->set_anno_u16(IPREASSEMBLER_ANNO_OFFSET, (uint16_t) v.start);
    p->set_anno_u16(IPREASSEMBLER_ANNO_OFFSET + 2, (uint16_t) v.length);
    p->set_next(after);
    (before ? before->next() : _head) = p;
    if (!after) _tail = p;
    if (!v.more) _ended = true, _end = stop_at;
    _held += v.length;
    _ecn |= (uint8_t) (1 << (ntohl(ip6_header_of(p)->ip6_flow) >> IP6_CLASS_SHIFT & 3));
    _memory += p->buffer_length() + (uint32_t) sizeof(Packet);
    return added;
}

WritablePacket *ip6_without_fragment_header(Packet *p, const IP6FragmentView &v) {
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    const int mac = q->has_mac_header() ? q->mac_header_offset() : 0, network = q->network_header_offset();
    const bool has_mac = q->has_mac_header();
    unsigned char *ip = q->network_header();
    ip[v.nxt_at] = ip[v.header];
    memmove(q->data() + 8, q->data(), (uint32_t) network + v.header);
    q->pull(8);
    if (has_mac) q->set_mac_header(q->data() + mac);
    click_ip6 *h = reinterpret_cast<click_ip6 *>(q->data() + network);
    h->ip6_plen = htons((uint16_t) (ntohs(h->ip6_plen) - 8));
    q->set_network_header(q->data() + network, v.header);
    return q;
}

WritablePacket *IP6Fragments::join() {
    Packet *first = _head;
    const uint32_t had = length(first), end = _end;
    _head = first->next();
    first->set_next(nullptr);
    WritablePacket *q = ip6_without_fragment_header(first, IP6FragmentView(first));
    if (q) q = q->put(end - had);
    if (q) {
        unsigned char *out = q->end_data() - end;
        for (const Packet *f = _head; f; f = f->next()) memcpy(out + start(f), f->end_data() - length(f), length(f));
        click_ip6 *ip = q->ip6_header();
        ip->ip6_plen = htons((uint16_t) (ntohs(ip->ip6_plen) + end - had));
        if ((_ecn & 9) == 8) ip->ip6_flow |= htonl(3U << IP6_CLASS_SHIFT);      // RFC 3168 §5.3: congestion that one of them met is not lost
        q->set_anno_u32(IPREASSEMBLER_ANNO_OFFSET, 0);
    }
    clear();
    return q;
}

Packet *IP6Fragments::take_first() {
    Packet *first = _head && start(_head) == 0 ? _head : nullptr;
    if (first) {
        _head = first->next();
        first->set_next(nullptr);
        first->set_anno_u32(IPREASSEMBLER_ANNO_OFFSET, 0);
    }
    clear();
    return first;
}

void IP6Fragments::clear() {
    while (Packet *p = _head) {
        _head = p->next();
        p->set_next(nullptr);
        p->kill();
    }
    *this = IP6Fragments();
}

CLICK_ENDDECLS
