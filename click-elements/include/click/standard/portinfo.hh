#ifndef CLICK_STANDARD_PORTINFO_HH
#define CLICK_STANDARD_PORTINFO_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
PortInfo(NAME PORT[/PROTOCOL], ...)
=s information
names TCP and UDP ports
=d
PROTOCOL is `tcp` or `udp`; without one the name holds for both. More names may follow the port, and `#` starts a comment, so that
lines of /etc/services can be used as they are. Other elements of the same compound, and of compounds in it, may then write NAME
where they want a port. Names that no PortInfo knows are looked for in /etc/services.
=e
  PortInfo(ssh 22/tcp, dns 53);
=a AddressInfo
*/
class PortInfo : public Element { public:
    const char *class_name() const override { return "PortInfo"; }
    int configure_phase() const override { return CONFIGURE_PHASE_FIRST; }
    int configure(Vector<String> &, ErrorHandler *) override;
    /** A name's port for protocol 6 or 17 (0: either). */
    static bool query(const String &name, int proto, uint16_t *port, const Element *context);
};

CLICK_ENDDECLS
#endif
