#include <click/config.h>
#include "ip6ndadvertiser.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include "ndmessage.hh"
CLICK_DECLS

int IP6NDAdvertiser::configure(Vector<String> &conf, ErrorHandler *errh) {
    Vector<Entry> entries;
    int before = errh->nerrors();
    ArgContext args(this);
    for (int i = 0; i < conf.size(); ++i) {
        Vector<String> words;
        cp_spacevec(conf[i], words);
        Vector<Entry> mine;
        EtherAddress mac;
        bool has_mac = false, good = true;
        for (const String &w : words) {
            Entry e;
            if (IP6PrefixArg(true).parse(w, e.address, e.length, args))
                mine.push_back(e);
            else if (!has_mac && EtherAddressArg().parse(w, mac, args))
                has_mac = true;
            else
                good = false;
        }
        if (!good || !has_mac || mine.empty())
            errh->error("argument %d: %s", i, !good ? "expected IP6/PREFIX ETH" : !has_mac ? "missing ETH" : "missing IP6/PREFIX");
        for (Entry &e : mine) {
            e.mac = mac;
            e.address &= IP6Address::make_prefix(e.length);
            entries.push_back(e);
        }
    }
    if (errh->nerrors() != before)
        return -EINVAL;
    _entries = entries;
    return 0;
}

const IP6NDAdvertiser::Entry *IP6NDAdvertiser::find(const IP6Address &a) const {
    const Entry *best = nullptr;
    for (const Entry &e : _entries)
        if ((!best || e.length > best->length) && a.matches_prefix(e.address, IP6Address::make_prefix(e.length)))
            best = &e;
    return best;
}

Packet *IP6NDAdvertiser::simple_action(Packet *p) {
    NDMessage m;
    const Entry *e = m.parse(p, NDMessage::solicitation) ? find(m.target) : nullptr;
    if (!e || (!m.src && e->length < 128)) {
        checked_output_push(1, p);
        return nullptr;
    }
    // A whole net is answered for in others' place: whoever knows better shall not be overridden.
    uint8_t flags = NDMessage::router | (m.src ? NDMessage::solicited : 0) | (e->length == 128 ? NDMessage::override_flag : 0);
    IP6Address to = m.src;
    if (!to) {
        static const unsigned char all_nodes[16] = {0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        to = IP6Address(all_nodes);
    }
    EtherAddress mac = !m.src ? NDMessage::group_mac(to) : m.has_link_address ? m.link_address : m.frame_source;
    WritablePacket *q = NDMessage::make(NDMessage::advertisement, flags, mac, e->mac, m.target, to, m.target);
    if (q)
        SET_VLAN_TCI_ANNO(q, VLAN_TCI_ANNO(p)), ++_count;
    p->kill();
    return q;
}

String IP6NDAdvertiser::read(Element *el, void *) {
    StringAccum sa;
    for (const Entry &e : static_cast<IP6NDAdvertiser *>(el)->_entries)
        sa << e.address << '/' << e.length << ' ' << e.mac << '\n';
    return sa.take_string();
}

void IP6NDAdvertiser::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_read_handler("table", read, 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6NDAdvertiser)
