#include <click/config.h>
#include "ipfragmenter.hh"
#include <click/args.hh>
#include <click/error.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

int IPFragmenter::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(conf, this, errh).read_mp("MTU", _mtu).read_p("HONOR_DF", _honor_df).read_p("VERBOSE", _verbose).read("HEADROOM", BoundedIntArg(0, 4096), _headroom)
            .read("LINK", _link).complete() < 0)
        return -1;
    return _mtu < 8 ? errh->error("MTU must be at least 8") : 0;
}

void IPFragmenter::add_handlers() {
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("fragments", Handler::f_read, &_fragments);
}

void IPFragmenter::refuse(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    ++_drops;
    if (ip && (_verbose || ++_said <= 5))
        click_chatter("%s: DF %s %s len=%d", declaration().c_str(), IPAddress(ip->ip_src).unparse().c_str(), IPAddress(ip->ip_dst).unparse().c_str(), ntohs(ip->ip_len));
    checked_output_push(1, p);
}

/** The header of later fragments: only options whose copy bit is set. Returns its length. */
static uint32_t later_header(const click_ip *ip, unsigned char *h) {
    uint32_t hlen = ip->ip_hl * 4, n = sizeof(click_ip);
    const unsigned char *o = (const unsigned char *) ip;
    memcpy(h, o, sizeof(click_ip));
    for (uint32_t at = sizeof(click_ip); at < hlen && o[at]; ) {
        uint32_t len = o[at] == 1 ? 1 : at + 1 < hlen ? o[at + 1] : 0;
        if (!len || (len < 2 && o[at] != 1) || at + len > hlen) break;
        if (o[at] & 0x80) memcpy(h + n, o + at, len), n += len;
        at += len;
    }
    while (n % 4) h[n++] = 0;
    reinterpret_cast<click_ip *>(h)->ip_hl = n / 4;
    return n;
}

void IPFragmenter::fragment(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    uint32_t hlen = ip->ip_hl * 4, length = IPPayload(p, ip).length, off = ntohs(ip->ip_off);
    if ((_honor_df && off & IP_DF) || hlen + 8 > _mtu || (off & IP_OFFMASK) * 8 + length > 65535 || !length) return refuse(p);
    unsigned char later[60];
    uint32_t later_hlen = later_header(ip, later);
    // A packet that was not to be fragmented may share its ID with others (RFC 6864).
    uint16_t id = off & IP_DF ? (uint16_t) click_random() : ip->ip_id;
    const unsigned char *data = (const unsigned char *) ip + hlen;
    const uint32_t link = _link && p->network_header_offset() > 0 ? p->network_header_offset() : 0;
    BatchBuilder batch;
    for (uint32_t at = 0; at < length; ) {
        uint32_t h = at ? later_hlen : hlen, n = (_mtu - h) & ~7U;
        if (length - at <= _mtu - h) n = length - at;
        WritablePacket *q = Packet::make(_headroom, nullptr, link + h + n, 0);
        if (!q) break;                  // what is missing is lost, as on a wire
        q->copy_annotations(p);
        memcpy(q->data(), p->data(), link);
        memcpy(q->data() + link, at ? (const void *) later : (const void *) ip, h);
        memcpy(q->data() + link + h, data + at, n);
        click_ip *w = reinterpret_cast<click_ip *>(q->data() + link);
        bool more = at + n < length || off & IP_MF;
        w->ip_len = htons((uint16_t) (h + n));
        w->ip_id = id;
        w->ip_off = htons((uint16_t) ((off & IP_RF) | (more ? IP_MF : 0) | ((off & IP_OFFMASK) + at / 8)));
        w->ip_sum = 0;
        w->ip_sum = click_in_cksum((const unsigned char *) w, (int) h);
        q->set_ip_header(w, h);
        batch.append(q);
        ++_fragments;
        at += n;
    }
    p->kill();
    if (PacketBatch *b = batch.finish()) output(0).push_batch(b);
}

void IPFragmenter::push(int, Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    if (!ip || ntohs(ip->ip_len) <= _mtu) output(0).push(p);
    else fragment(p);
}

void IPFragmenter::push_batch(int, PacketBatch *batch) {
    BatchBuilder fit;                   // what passes stays together, in order
    FOR_EACH_PACKET_SAFE(batch, p) {
        const click_ip *ip = ip_whole_header(p);
        if (!ip || ntohs(ip->ip_len) <= _mtu) {
            fit.append(p);
            continue;
        }
        if (PacketBatch *b = fit.finish()) output(0).push_batch(b);
        fragment(p);
    }
    if (PacketBatch *b = fit.finish()) output(0).push_batch(b);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IPFragmenter)
