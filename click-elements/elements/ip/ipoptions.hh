#ifndef LCLICK_IPOPTIONS_HH
#define LCLICK_IPOPTIONS_HH
#include "elements/ip/ippacket.hh"
#include <click/vector.hh>
CLICK_DECLS

/** What every router does to IP options: Record Route and Timestamp (RFC 791 §3.1, RFC 1812 §4.2.2). */
struct IPRouterOptions {
    IPAddress mine;
    Vector<IPAddress> others;
    /** The packet, changed if its options ask for it. With a bad option @a pointer is the offset of the bad byte, 0 otherwise; null if memory ran out. */
    Packet *act(Packet *p, int &pointer) const;
  private:
    bool is_mine(const unsigned char *a) const;
    int walk(unsigned char *h, int hlen, bool write, bool &changes) const;
    int record_route(unsigned char *o, int len, bool write, bool &changes) const;
    int timestamp(unsigned char *o, int len, bool write, bool &changes) const;
};

CLICK_ENDDECLS
#endif
