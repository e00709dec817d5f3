#include <click/config.h>
#include "ip6fragmenter.hh"
#include <click/args.hh>
#include "ip6packet.hh"
CLICK_DECLS

int IP6Fragmenter::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("MTU", _mtu).read("LINK", _link).complete(); }

int IP6Fragmenter::initialize(ErrorHandler *) {
    _id = click_random();
    return 0;
}

/** How much is before the header and to be kept. */
inline uint32_t IP6Fragmenter::link_length(const Packet *p) const {
    return _link && p->has_network_header() && p->network_header_offset() > 0 ? p->network_header_offset() : 0;
}

/** Push the parts of @a p, which stays; false if it cannot be split. */
bool IP6Fragmenter::split(Packet *p) {
    const click_ip6 *ip = ip6_header_of(p);
    if (!ip)
        return false;
    uint32_t len = sizeof *ip + ntohs(ip->ip6_plen);
    if (len > p->network_length())
        return false;
    IP6Chain chain(ip, len);
    uint32_t kept = chain.unfragmentable, room = _mtu < kept + sizeof(click_ip6_fragment) ? 0 : (_mtu - kept - sizeof(click_ip6_fragment)) & ~7U;
    if (!chain.whole || chain.fragment || !room)
        return false;
    const unsigned char *from = p->network_header();
    const uint32_t link = link_length(p);
    click_ip6_fragment header = {from[chain.nxt_offset], 0, 0, htonl(_id++)};
    for (uint32_t at = kept; at < len; at += room) {
        uint32_t n = std::min(room, len - at);
        WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, link + kept + sizeof header + n, 0);
        if (!q)
            break;
        unsigned char *to = q->data() + link;
        memcpy(q->data(), p->data(), link);
        memcpy(to, from, kept);
        to[chain.nxt_offset] = IP6_NXT_FRAGMENT;
        uint16_t plen = htons((uint16_t) (kept - sizeof *ip + sizeof header + n));
        memcpy(to + 4, &plen, 2);
        header.ip6_frag_offset = htons((uint16_t) ((at - kept) | (at + n < len ? IP6_MF : 0)));
        memcpy(to + kept, &header, sizeof header);
        memcpy(to + kept + sizeof header, from + at, n);
        q->copy_annotations(p);
        q->set_network_header(to, kept + sizeof header);
        ++_fragments;
        output(0).push(q);
    }
    return true;
}

void IP6Fragmenter::push(int, Packet *p) {
    const uint32_t most = _mtu + link_length(p);
    // Padding behind the packet is not worth a fragment.
    const click_ip6 *ip = p->length() > most ? ip6_header_of(p) : nullptr;
    uint32_t len = ip ? sizeof *ip + ntohs(ip->ip6_plen) : 0;
    if (ip && len <= _mtu && len < p->network_length())
        p->take(p->network_length() - len);
    if (p->length() <= most)
        return output(0).push(p);
    if (split(p)) {
        p->kill();
        return;
    }
    ++_drops;
    checked_output_push(1, p);
}

void IP6Fragmenter::push_batch(int port, PacketBatch *batch) {
    GatherScope gather(this);
    FOR_EACH_PACKET_SAFE(batch, p) push(port, p);
}

void IP6Fragmenter::add_handlers() {
    add_data_handlers("fragments", Handler::f_read, &_fragments);
    add_data_handlers("drops", Handler::f_read, &_drops);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6Fragmenter)
