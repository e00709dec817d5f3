#include <click/config.h>
#include <click/confparse.hh>
#include <click/ip6address.hh>
#include <click/ipaddress.hh>
#include "gtpaddress.hh"
CLICK_DECLS

String GTPAddress::unparse() const { return is4() ? IPAddress(v4()).unparse() : IP6Address(data()).unparse(); }

bool GTPAddress::parse(const String &text, GTPAddress &x) {
    IPAddress a;
    IP6Address a6;
    if (cp_ip_address(text, &a))
        x = from4(a.addr());
    else if (cp_ip6_address(text, &a6))
        x = from6(a6.data());
    else
        return false;
    return true;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPAddress)
