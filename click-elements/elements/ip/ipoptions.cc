#include <click/config.h>
#include "ipoptions.hh"
CLICK_DECLS

bool IPRouterOptions::is_mine(const unsigned char *a) const {
    if (memcmp(a, mine.data(), 4) == 0) return true;
    for (IPAddress x : others)
        if (memcmp(a, x.data(), 4) == 0) return true;
    return false;
}

// Both return the offset of a bad byte within the option, or 0.
int IPRouterOptions::record_route(unsigned char *o, int len, bool write, bool &changes) const {
    if (len < 3 || o[2] < 4) return 2;
    if (o[2] > len) return 0;                   // full
    if (o[2] + 3 > len) return 2;
    changes = true;
    if (write) {
        memcpy(o + o[2] - 1, mine.data(), 4);
        o[2] += 4;
    }
    return 0;
}

int IPRouterOptions::timestamp(unsigned char *o, int len, bool write, bool &changes) const {
    if (len < 4) return 1;
    int at = o[2], flag = o[3] & 15, need = flag == 0 ? 4 : 8;
    if (at < 5) return 2;
    if (flag != 0 && flag != 1 && flag != 3) return 3;
    if (at - 1 + need > len) {                  // no room: count those who found none
        if (o[3] >> 4 == 15) return 3;
        changes = true;
        if (write) o[3] += 16;
        return 0;
    }
    if (flag == 3 && !is_mine(o + at - 1)) return 0;
    changes = true;
    if (write) {
        Timestamp now = Timestamp::now();
        uint32_t ms = htonl((uint32_t) (now.msecval() % 86400000));
        if (flag == 1) memcpy(o + at - 1, mine.data(), 4);
        memcpy(o + at - 1 + need - 4, &ms, 4);
        o[2] = (unsigned char) (at + need);
    }
    return 0;
}

/** Returns the offset of a bad byte within the header, or 0. */
int IPRouterOptions::walk(unsigned char *h, int hlen, bool write, bool &changes) const {
    for (int at = sizeof(click_ip); at < hlen; ) {
        if (h[at] == 0) break;
        if (h[at] == 1) { ++at; continue; }
        int len = at + 1 < hlen ? h[at + 1] : 0;
        if (len < 2 || at + len > hlen) return at + 1;
        int bad = h[at] == 7 ? record_route(h + at, len, write, changes) : h[at] == 0x44 ? timestamp(h + at, len, write, changes) : 0;
        if (bad) return at + bad;
        at += len;
    }
    return 0;
}

Packet *IPRouterOptions::act(Packet *p, int &pointer) const {
    const click_ip *ip = ip_whole_header(p);
    pointer = 0;
    if (!ip || ip->ip_hl == 5) return p;
    int hlen = ip->ip_hl * 4;
    bool changes = false;
    pointer = walk(const_cast<unsigned char *>((const unsigned char *) ip), hlen, false, changes);      // nothing is written yet
    if (pointer || !changes) return p;
    WritablePacket *q = p->uniqueify();
    if (!q) return nullptr;
    click_ip *w = q->ip_header();
    walk((unsigned char *) w, hlen, true, changes);
    w->ip_sum = 0;
    w->ip_sum = click_in_cksum((const unsigned char *) w, hlen);
    return q;
}

CLICK_ENDDECLS
