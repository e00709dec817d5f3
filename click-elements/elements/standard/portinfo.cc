#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/nameinfo.hh>
#include <clicknet/ip.h>
#include <initializer_list>
#include "portinfo.hh"
CLICK_DECLS

int PortInfo::configure(Vector<String> &conf, ErrorHandler *errh) {
    int before = errh->nerrors();
    for (const String &arg : conf) {
        int hash = arg.find_left('#');
        Vector<String> words;
        cp_spacevec(hash < 0 ? arg : arg.substring(0, hash), words);
        if (words.empty()) continue;
        uint16_t port;
        bool tcp = true, udp = true;
        int slash = words.size() > 1 ? words[1].find_left('/') : -1;
        if (slash >= 0) {
            String proto = words[1].substring(slash + 1);
            tcp = proto == "tcp", udp = proto == "udp";
            words[1] = words[1].substring(0, slash);
        }
        if (words.size() == 1 || !IntArg().parse(words[1], port) || (!tcp && !udp)) {
            errh->error("expected %<NAME PORT/PROTO%>");
            continue;
        }
        for (int i = 0; i < words.size(); ++i) {
            if (i == 1) continue;
            if (tcp) NameInfo::define_int(NameInfo::T_TCP_PORT, this, words[i], port);
            if (udp) NameInfo::define_int(NameInfo::T_UDP_PORT, this, words[i], port);
        }
    }
    return errh->nerrors() == before ? 0 : -1;
}

/** In /etc/services; read by hand, as the C library's way loads shared objects. */
static bool in_services(const String &name, const char *proto, uint16_t *port) {
    FILE *f = fopen("/etc/services", "re");
    if (!f) return false;
    char line[1024];
    bool found = false;
    while (!found && fgets(line, sizeof line, f)) {
        if (char *hash = strchr(line, '#')) *hash = 0;
        char *save, *first = strtok_r(line, " \t\r\n", &save), *number = first ? strtok_r(nullptr, " \t\r\n", &save) : nullptr;
        char *slash = number ? strchr(number, '/') : nullptr;
        if (!slash || strcmp(slash + 1, proto) != 0) continue;
        bool match = name == first;
        for (char *alias; !match && (alias = strtok_r(nullptr, " \t\r\n", &save)); ) match = name == alias;
        if (match) *port = (uint16_t) atoi(number), found = true;
    }
    fclose(f);
    return found;
}

bool PortInfo::query(const String &name, int proto, uint16_t *port, const Element *context) {
    int32_t x;
    for (int p : {IP_PROTO_TCP, IP_PROTO_UDP})
        if ((!proto || proto == p) && NameInfo::query(NameInfo::T_IP_PORT + p, context, name, &x, sizeof x) && x >= 0 && x <= 65535) {
            *port = (uint16_t) x;
            return true;
        }
    if (!name || isdigit((unsigned char) name[0])) return false;
    return (proto != IP_PROTO_UDP && in_services(name, "tcp", port)) || (proto != IP_PROTO_TCP && in_services(name, "udp", port));
}

CLICK_ENDDECLS
EXPORT_ELEMENT(PortInfo)
