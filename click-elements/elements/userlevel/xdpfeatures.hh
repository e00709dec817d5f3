// What a device's driver can do with XDP, as the kernel tells since Linux 6.3 (the family "netdev" of generic netlink).
#ifndef LCLICK_XDPFEATURES_HH
#define LCLICK_XDPFEATURES_HH
#include <click/glue.hh>
CLICK_DECLS

class XdpFeatures { public:
    XdpFeatures() {}
    XdpFeatures(const XdpFeatures &) = delete;
    ~XdpFeatures();
    /** False if this kernel does not tell. A confined process can go on asking with what was opened before. */
    bool open();
    enum { basic = 1, redirect = 2, takes_redirected = 4 /* ndo_xdp_xmit */ };
    /** Of these; -1 if it does not tell of this one. */
    int64_t of(int ifindex);

  private:
    int _fd = -1;
    uint16_t _family = 0;
    uint32_t _sequence = 0;
    /** Ask; the attribute @a wanted of the answer goes to @a value. */
    bool ask(uint16_t family, uint8_t command, uint16_t attribute, const void *data, uint16_t size, uint16_t wanted, void *value, uint16_t value_size);
};

CLICK_ENDDECLS
#endif
