#ifndef CLICK_STANDARD_ADDRESSINFO_HH
#define CLICK_STANDARD_ADDRESSINFO_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
AddressInfo(NAME ADDRESS [ADDRESS...], ...)
=s information
names IPv4, IPv6 and Ethernet addresses
=d
Each argument gives a NAME its addresses: IPv4, IPv4 prefix, IPv6, IPv6 prefix, Ethernet, at most one of a kind. Other elements
of the same compound, and of compounds in it, may then write NAME where they want an address. NAME:ip, :ipnet, :ip6, :ip6net,
:eth (and :ether, :ethernet) ask for one kind; NAME:bcast is the last address of NAME's IPv4 prefix, NAME:gw the first.

A name that no AddressInfo knows may be that of a network device: it then stands for the device's Ethernet address, IPv4
address and prefix, and NAME:gw for the gateway of the default route through it.
=e
  AddressInfo(home 10.0.0.1/8 02:00:00:00:00:01);
  ... -> EtherEncap(0x0800, home, ff:ff:ff:ff:ff:ff) -> ...
=a PortInfo
*/
class AddressInfo : public Element { public:
    const char *class_name() const override { return "AddressInfo"; }
    int configure_phase() const override { return CONFIGURE_PHASE_FIRST; }
    int configure(Vector<String> &, ErrorHandler *) override;

    /** f_nodevice: device names do not count. */
    enum { f_nodevice = 1 };
    static bool query_ip(const String &name, unsigned char *addr, const Element *context, int flags = 0);
    static bool query_ip_prefix(String name, unsigned char *addr, unsigned char *mask, const Element *context, int flags = 0);
    static bool query_ip6(String name, unsigned char *addr, const Element *context, int flags = 0);
    static bool query_ip6_prefix(String name, unsigned char *addr, int *prefix_len, const Element *context, int flags = 0);
    static bool query_ethernet(String name, unsigned char *addr, const Element *context, int flags = 0);
};

CLICK_ENDDECLS
#endif
