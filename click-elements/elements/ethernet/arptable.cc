#include <click/config.h>
#include "arptable.hh"
CLICK_DECLS

void *ARPTable::cast(const char *name) { return strcmp(name, "ARPTable") == 0 ? this : Element::cast(name); }

int ARPTable::configure(Vector<String> &conf, ErrorHandler *errh) {
    Args args(conf, this, errh);
    return read_limits(args, 0).complete();
}

int ARPTable::initialize(ErrorHandler *) {
    start(this);
    return 0;
}

void ARPTable::take_state(Element *old, ErrorHandler *) {
    if (ARPTable *o = static_cast<ARPTable *>(old->cast("ARPTable")))
        take(*o);
}

int ARPTable::parse_entry(const String &s, IPAddress &ip, EtherAddress *mac, const Element *e, ErrorHandler *errh) {
    Args args(e, errh);
    args.push_back_words(cp_uncomment(s)).read_mp("IP", ip);
    if (mac)
        args.read_mp("ETH", *mac);
    return args.complete();
}

String ARPTable::read(Element *e, void *what) {
    ARPTable *t = static_cast<ARPTable *>(e);
    switch ((intptr_t) what) {
    case 0: return t->unparse_table();
    case 1: return String(t->count());
    case 2: return String(t->length());
    default: return String(t->drops());
    }
}

int ARPTable::write(const String &s, Element *e, void *what, ErrorHandler *errh) {
    ARPTable *t = static_cast<ARPTable *>(e);
    IPAddress ip;
    EtherAddress mac;
    if ((intptr_t) what == 2) {
        t->clear();
        return 0;
    }
    bool insert = what == nullptr;
    if (parse_entry(s, ip, insert ? &mac : nullptr, e, errh) < 0)
        return -EINVAL;
    if (!insert)
        t->erase(ip);
    else
        for (Packet *list = t->learn(ip, mac, true), *p; (p = list); p->kill())     // whom they came from is not known here
            list = p->next(), t->count_drop();
    return 0;
}

void ARPTable::add_handlers() {
    static const char *const readable[] = {"table", "count", "length", "drops"}, *const writable[] = {"insert", "delete", "clear"};
    for (int i = 0; i < 4; ++i)
        add_read_handler(readable[i], read, i);
    for (int i = 0; i < 3; ++i)
        add_write_handler(writable[i], write, i, i == 2 ? Handler::f_button : 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPTable)
