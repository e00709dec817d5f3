#include <click/config.h>
#include "arpresponder.hh"
#include "arpframe.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <click/straccum.hh>
CLICK_DECLS

void ARPResponder::insert(Vector<Entry> &entries, const Entry &e) {
    int at = 0;
    for (; at < entries.size(); ++at) {
        Entry &x = entries[at];
        if (x.addr == e.addr && x.mask == e.mask) {
            x.mac = e.mac;
            return;
        }
        if (ntohl(x.mask.addr()) < ntohl(e.mask.addr()) && e.addr.matches_prefix(x.addr, x.mask))
            break;
    }
    entries.push_back(e);
    for (int i = entries.size() - 1; i > at; --i)
        entries[i] = entries[i - 1];
    entries[at] = e;
}

int ARPResponder::parse(Vector<Entry> &entries, const String &s, ErrorHandler *errh) const {
    Vector<String> words;
    Vector<Entry> mine;
    EtherAddress mac;
    int has_mac = 0;                    // 1: from a name that stands for both
    cp_spacevec(s, words);
    for (int i = 0; i < words.size(); ++i) {
        Entry e;
        EtherAddress m;
        // A name may stand for both.
        bool prefix = IPPrefixArg(true).parse(words[i], e.addr, e.mask, ArgContext(this)), ether = EtherAddressArg().parse(words[i], m, ArgContext(this));
        if (!prefix && !ether)
            return errh->error("expected IP/MASK ETH");
        if (ether && !prefix && has_mac == 2)
            return errh->error("more than one ETH");
        if (ether && (!prefix || has_mac < 2))         // what is only an ETH goes before what a name may stand for
            mac = m, has_mac = prefix ? 1 : 2;
        if (prefix) {
            e.addr = e.addr & e.mask;
            mine.push_back(e);
        }
    }
    if (mine.empty() || !has_mac)
        return errh->error(words.empty() ? "expected IP/MASK ETH" : has_mac ? "missing IP/MASK" : "missing ETH");
    for (Entry &e : mine) {
        e.mac = mac;
        insert(entries, e);
    }
    return 0;
}

int ARPResponder::configure(Vector<String> &conf, ErrorHandler *errh) {
    Vector<Entry> entries;
    int r = 0;
    for (int i = 0; i < conf.size(); ++i) {
        PrefixErrorHandler perrh(errh, "argument " + String(i) + ": ");
        if (parse(entries, conf[i], &perrh) < 0)
            r = -EINVAL;
    }
    if (r >= 0)
        _entries = entries;
    return r;
}

const ARPResponder::Entry *ARPResponder::find(IPAddress ip) const {
    for (const Entry &e : _entries)
        if (ip.matches_prefix(e.addr, e.mask))
            return &e;
    return nullptr;
}

Packet *ARPResponder::simple_action(Packet *p) {
    const ARPFrame *a = ARPFrame::of(p, ARPOP_REQUEST);
    if (const Entry *e = a ? find(a->target_ip()) : nullptr) {
        WritablePacket *q = ARPFrame::make(ARPOP_REPLY, a->sender_mac(), e->mac, a->target_ip(), a->sender_mac(), a->sender_ip());
        if (q) {
            SET_VLAN_TCI_ANNO(q, VLAN_TCI_ANNO(p));
            ++_count;
        }
        p->kill();
        return q;
    }
    checked_output_push(1, p);
    return nullptr;
}

String ARPResponder::read(Element *el, void *) {
    StringAccum sa;
    for (const Entry &e : static_cast<ARPResponder *>(el)->_entries)
        sa << e.addr << '/' << e.mask.mask_to_prefix_len() << ' ' << e.mac << '\n';
    return sa.take_string();
}

int ARPResponder::lookup(int, String &s, Element *el, const Handler *, ErrorHandler *errh) {
    IPAddress ip;
    if (!IPAddressArg().parse(cp_uncomment(s), ip, ArgContext(el, errh)))
        return errh->error("expected IP address");
    const Entry *e = static_cast<ARPResponder *>(el)->find(ip);
    s = e ? e->mac.unparse() : String();
    return 0;
}

int ARPResponder::write(const String &s, Element *el, void *add, ErrorHandler *errh) {
    ARPResponder *r = static_cast<ARPResponder *>(el);
    Vector<Entry> entries = r->_entries;
    if (add) {
        if (r->parse(entries, cp_uncomment(s), errh) < 0)
            return -EINVAL;
    } else {
        Entry x;
        if (!IPPrefixArg(true).parse(cp_uncomment(s), x.addr, x.mask, ArgContext(el, errh)))
            return errh->error("expected IP/MASK");
        entries.clear();
        for (const Entry &e : r->_entries)
            if (e.addr != (x.addr & x.mask) || e.mask != x.mask)
                entries.push_back(e);
        if (entries.size() == r->_entries.size())
            return errh->error("%s not found", s.c_str());
    }
    r->_entries = entries;
    return 0;
}

void ARPResponder::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_read_handler("table", read, 0);
    set_handler("lookup", Handler::f_read | Handler::f_read_param, lookup);
    add_write_handler("add", write, 1);
    add_write_handler("remove", write, 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPResponder)
