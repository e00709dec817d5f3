#include <click/config.h>
#include "ipnames.hh"
#include <click/error.hh>
#include <clicknet/tcp.h>
CLICK_DECLS

const IPName ip_protocol_names[] = {{"icmp", 1}, {"igmp", 2}, {"ipip", 4}, {"tcp", 6}, {"udp", 17}, {"dccp", 33}, {"gre", 47}, {"esp", 50}, {"ah", 51},
    {"sctp", 132}, {"udplite", 136}, {nullptr, 0}};
const IPName ip_port_names[] = {{"echo", 7}, {"discard", 9}, {"daytime", 13}, {"chargen", 19}, {"ftp-data", 20}, {"ftp", 21}, {"ssh", 22}, {"telnet", 23},
    {"smtp", 25}, {"domain", 53}, {"dns", 53}, {"bootps", 67}, {"bootpc", 68}, {"tftp", 69}, {"finger", 79}, {"www", 80}, {"http", 80}, {"pop3", 110},
    {"sunrpc", 111}, {"auth", 113}, {"nntp", 119}, {"ntp", 123}, {"netbios-ns", 137}, {"netbios-dgm", 138}, {"netbios-ssn", 139}, {"imap", 143}, {"snmp", 161},
    {"snmp-trap", 162}, {"bgp", 179}, {"irc", 194}, {"imap3", 220}, {"https", 443}, {"rip", 520}, {"route", 520}, {"imaps", 993}, {"pop3s", 995}, {nullptr, 0}};
const IPName tcp_flag_names[] = {{"fin", TH_FIN}, {"syn", TH_SYN}, {"rst", TH_RST}, {"psh", TH_PUSH}, {"ack", TH_ACK}, {"urg", TH_URG}, {nullptr, 0}};
const IPName icmp_type_names[] = {{"echo-reply", 0}, {"unreachable", 3}, {"sourcequench", 4}, {"redirect", 5}, {"echo", 8}, {"routeradvert", 9},
    {"routersolicit", 10}, {"timeexceeded", 11}, {"parameterproblem", 12}, {"timestamp", 13}, {"timestamp-reply", 14}, {"inforeq", 15}, {"inforeq-reply", 16},
    {"maskreq", 17}, {"maskreq-reply", 18}, {nullptr, 0}};
static const struct { int type; const char *name; int value; } icmp_codes[] = {
    {3, "net", 0}, {3, "host", 1}, {3, "protocol", 2}, {3, "port", 3}, {3, "needfrag", 4}, {3, "srcroutefail", 5}, {3, "netunknown", 6}, {3, "hostunknown", 7},
    {3, "hostisolated", 8}, {3, "netprohibited", 9}, {3, "hostprohibited", 10}, {3, "nettos", 11}, {3, "hosttos", 12}, {3, "filterprohibited", 13},
    {3, "hostprecedence", 14}, {3, "precedencecutoff", 15}, {5, "net", 0}, {5, "host", 1}, {5, "tosnet", 2}, {5, "toshost", 3}, {11, "transit", 0},
    {11, "reassembly", 1}, {12, "erroratptr", 0}, {12, "missingopt", 1}, {12, "length", 2}};

bool ip_name(const IPName *t, const String &s, int *value) {
    for (; t->name; ++t)
        if (s == t->name) return *value = t->value, true;
    return false;
}

bool ip_protocol(const String &s, int *value) {
    return ip_name(ip_protocol_names, s, value) || (cp_integer(s, value) && *value >= 0 && *value <= 255);
}

bool icmp_code(int type, const String &s, int *value) {
    for (const auto &c : icmp_codes)
        if (c.type == type && s == c.name) return *value = c.value, true;
    return cp_integer(s, value) && *value >= 0 && *value <= 255;
}

const char *icmp_type_name(int type) {
    for (const IPName *t = icmp_type_names; t->name; ++t)
        if (t->value == type) return t->name;
    return nullptr;
}

const char *icmp_code_name(int type, int code) {
    for (const auto &c : icmp_codes)
        if (c.type == type && c.value == code) return c.name;
    return nullptr;
}

bool ip_address_list(const String &s, Vector<IPAddress> &list, const Element *e, ErrorHandler *errh, const char *keyword) {
    Vector<String> words;
    cp_spacevec(s, words);
    for (const String &w : words) {
        IPAddress a;
        if (!cp_ip_address(w, &a, e)) return errh->error("%s: bad IP address %<%s%>", keyword, w.c_str()), false;
        list.push_back(a);
    }
    return true;
}

CLICK_ENDDECLS
