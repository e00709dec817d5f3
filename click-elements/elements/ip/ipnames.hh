#ifndef LCLICK_IPNAMES_HH
#define LCLICK_IPNAMES_HH
#include <click/args.hh>
#include <click/ipaddress.hh>
CLICK_DECLS

/** Names that numbers of IP, TCP, UDP and ICMP have in patterns and arguments; tables end with a null name. */
struct IPName { const char *name; int value; };
extern const IPName ip_protocol_names[], ip_port_names[], tcp_flag_names[], icmp_type_names[];
bool ip_name(const IPName *table, const String &s, int *value);
/** A name or a number below 256. */
bool ip_protocol(const String &s, int *value);
/** A code by its name, which depends on the type, or by number. */
bool icmp_code(int type, const String &s, int *value);
/** The name of a type, or of a code of it, or null. */
const char *icmp_type_name(int type);
const char *icmp_code_name(int type, int code);

/** The addresses in a space-separated list; false, with a complaint, if one is none. */
bool ip_address_list(const String &, Vector<IPAddress> &, const Element *, ErrorHandler *, const char *keyword);

CLICK_ENDDECLS
#endif
