// Fragments of a datagram: put in order (RFC 791 §3.2, RFC 815) and joined.
#include <click/config.h>
#include "ipfragments.hh"
#include <algorithm>
CLICK_DECLS

enum { longest_payload = 65535 - sizeof(click_ip) };

/** Write the @a n bytes of offset @a at to the end of @a before, if they follow it and it has room. */
bool IPFragments::lengthen(Packet *before, uint32_t at, const unsigned char *data, uint32_t n) {
    if (!before || stop(before) != at || before->tailroom() < n) return false;
    memcpy(before->put(n)->end_data() - n, data, n);
    set_range(before, start(before), length(before) + n);
    return true;
}

void IPFragments::link(Packet *before, Packet *p) {
    p->set_next(before ? before->next() : _head);
    (before ? before->next() : _head) = p;
    if (before == _tail) _tail = p;
    _memory += p->buffer_length() + (uint32_t) sizeof(Packet);
}

IPFragments::Result IPFragments::add(Packet *p, const click_ip *ip) {
    const uint32_t hlen = ip->ip_hl * 4U, total = ntohs(ip->ip_len), n = total - hlen, from = (ntohs(ip->ip_off) & IP_OFFMASK) * 8U, to = from + n;
    const bool last = !(ip->ip_off & htons(IP_MF));
    // What no honest sender makes: no bytes, an end between two units, a datagram that is too long, and two different ends.
    if (!n || (!last && n % 8) || to > longest_payload) return bad;
    if (_ended ? to > _end || (last && to != _end) : last && _tail && stop(_tail) > to) return bad;
    const uint8_t ecn = ip->ip_tos & 3;
    WritablePacket *q = p->uniqueify();
    if (!q) return nothing_new;
    if (last) _ended = true, _end = to;
    _ecn |= (uint8_t) (1 << ecn);
    if (total > _longest) _longest = (uint16_t) total;

    const unsigned char *data = q->end_data() - n;
    Packet *before = nullptr, *f = _head;
    if (_tail && stop(_tail) <= from) before = _tail, f = nullptr;      // in order, as they mostly come
    for (; f && stop(f) <= from; f = f->next()) before = f;
    const uint32_t held = _held;
    uint32_t kept_from = 0, kept = 0;       // the part for which the packet itself stays; for others there are copies
    for (uint32_t at = from; at < to; ) {
        const unsigned char *here = data + (at - from);
        if (f && start(f) <= at) {          // RFC 791: the more recently arrived copy counts
            uint32_t stretch = std::min(stop(f), to) - at;
            memcpy(bytes(f) + (at - start(f)), here, stretch);
            before = f, f = f->next(), at += stretch;
            continue;
        }
        uint32_t gap = (f ? std::min(start(f), to) : to) - at;
        if (!lengthen(before, at, here, gap)) {
            WritablePacket *piece = kept ? Packet::make(0, here, gap, 0) : q;
            if (!piece) break;              // what is missing is lost, as on a wire
            if (piece == q) kept_from = at, kept = gap;
            set_range(piece, at, gap);
            link(before, piece);
            before = piece;
        }
        _held += gap, at += gap;
    }
    if (kept) q->take(to - (kept_from + kept));
    else q->kill();
    return _held > held ? added : nothing_new;
}

WritablePacket *IPFragments::join() {
    Packet *first = _head;
    const uint32_t base = start(first), payload = stop(_tail) - base, had = length(first);
    const bool whole = complete();
    // The headers move to before the first byte that is left of the first fragment.
    uint32_t hlen = first->ip_header()->ip_hl * 4U;
    uint32_t front = (uint32_t) (first->network_header_offset() + (int) hlen), cut = first->length() - had - front;
    WritablePacket *q = nullptr;
    if (hlen + payload <= 65535) {
        _head = first->next();
        if (cut) {
            WritablePacket *w = static_cast<WritablePacket *>(first);
            int mac = w->has_mac_header() ? w->mac_header_offset() : 0, ip = w->network_header_offset();
            memmove(w->data() + cut, w->data(), front);
            w->pull(cut);
            if (w->has_mac_header()) w->set_mac_header(w->data() + mac);
            w->set_network_header(w->data() + ip, hlen);
        }
        q = first->put(payload - had);
    }
    if (q) {
        unsigned char *out = q->end_data() - payload;
        uint32_t at = base + had;
        for (Packet *f = _head; f; f = f->next()) {
            memset(out + (at - base), 0, start(f) - at);
            memcpy(out + (start(f) - base), bytes(f), length(f));
            at = stop(f);
        }
        click_ip *ip = q->ip_header();
        ip->ip_len = htons((uint16_t) (hlen + payload));
        ip->ip_off = whole ? 0 : htons((uint16_t) (base / 8 | (_ended && stop(_tail) == _end ? 0 : IP_MF)));
        if ((_ecn & 9) == 8) ip->ip_tos |= 3;       // RFC 3168 §5.3: congestion that one of them met is not lost
        ip->ip_sum = 0;
        ip->ip_sum = click_in_cksum((const unsigned char *) ip, (int) hlen);
        q->set_ip_header(ip, hlen);
        q->set_anno_u32(IPREASSEMBLER_ANNO_OFFSET, 0);
        q->set_next(nullptr);
    }
    clear();
    return q;
}

void IPFragments::clear() {
    while (Packet *p = _head) {
        _head = p->next();
        p->kill();
    }
    *this = IPFragments();
}

CLICK_ENDDECLS
