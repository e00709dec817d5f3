#include <click/config.h>
#include "arpquerier.hh"
#include "arpframe.hh"
#include <click/error.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int ARPQuerier::configure(Vector<String> &conf, ErrorHandler *errh) {
    // One name may stand for both addresses.
    Vector<String> args;
    for (int i = 0; i < conf.size(); ++i) {
        args.push_back(conf[i]);
        if (i == 0 && conf[0] && conf[0].find_left(' ') < 0 && (conf.size() == 1 || conf[1].find_left(' ') > 0))
            args.push_back(conf[0]);
    }
    IPAddress ip, mask, broadcast = IPAddress::make_broadcast();
    EtherAddress mac;
    Timestamp poll = Timestamp::make_sec(60);
    bool broadcast_poll = false, has_broadcast = false;
    ARPTable *table = nullptr;
    struct PrefixArg {
        IPAddress *ip, *mask;
        bool parse(const String &s, const ArgContext &a) const {
            *mask = IPAddress::make_broadcast();
            if (IPAddressArg().parse(s, *ip, a))
                return true;
            int slash = s.find_right('/');
            IPAddress network;
            return slash > 0 && IPPrefixArg().parse(s, network, *mask, a) && IPAddressArg().parse(s.substring(0, slash), *ip, a);
        }
    };
    Args a(args, this, errh);
    a.read_mp_with("IP", PrefixArg{&ip, &mask}).read_mp("ETH", mac).read("TABLE", ElementCastArg("ARPTable"), table)
        .read("POLL_TIMEOUT", poll).read("BROADCAST", broadcast).read_status(has_broadcast).read("BROADCAST_POLL", broadcast_poll);
    if (_own.read_limits(a, 0).complete() < 0)
        return -1;
    NeighbourTable<IPAddress> *used = &_own;
    if (table)
        used = table;
    if (_timer.initialized() && used != _table)
        return errh->error("TABLE cannot be changed");
    _ip = ip, _mac = mac, _poll = poll, _broadcast_poll = broadcast_poll, _table = used;
    _broadcast = has_broadcast ? broadcast : mask == IPAddress::make_broadcast() ? IPAddress::make_broadcast() : IPAddress(ip.addr() | ~mask.addr());
    return 0;
}

int ARPQuerier::initialize(ErrorHandler *) {
    _timer.initialize(this);
    _own.start(this);
    return 0;
}

void ARPQuerier::cleanup(CleanupStage) { _own.clear(); }

void ARPQuerier::take_state(Element *old, ErrorHandler *errh) {
    ARPQuerier *o = static_cast<ARPQuerier *>(old->cast("ARPQuerier"));
    if (o && o->_table == &o->_own && _table == &_own)
        _own.take(o->_own);
    if (_table->length() && !_timer.scheduled())
        _timer.schedule_after_sec(1);
}

void ARPQuerier::forward(Packet *p, const EtherAddress &dst) {
    WritablePacket *q = p->push_mac_header(14);
    if (!q)
        return;
    click_ether *e = q->ether_header();
    memcpy(e->ether_dhost, dst.data(), 6);
    memcpy(e->ether_shost, _mac.data(), 6);
    e->ether_type = htons(ETHERTYPE_IP);
    output(0).push(q);
}

void ARPQuerier::query(IPAddress target, const EtherAddress &dst, uint16_t vlan) {
    WritablePacket *q = ARPFrame::make(ARPOP_REQUEST, dst, _mac, _ip, EtherAddress(), target);
    if (!q)
        return;
    SET_VLAN_TCI_ANNO(q, vlan);
    ++_queries;
    output(noutputs() - 1).push(q);
}

void ARPQuerier::push_batch(int port, PacketBatch *batch) {
    GatherScope gather(this);
    FOR_EACH_PACKET_SAFE(batch, p) push(port, p);
}

void ARPQuerier::push(int port, Packet *p) {
    if (port == 1)
        return response(p);
    IPAddress hop = p->dst_ip_anno();
    if (unlikely(!hop || hop == _broadcast || hop == IPAddress::make_broadcast() || hop.is_multicast())) {
        if (hop) {
            unsigned char group[6] = {1, 0, 0x5E, (unsigned char) (hop.data()[1] & 0x7F), hop.data()[2], hop.data()[3]};      // RFC 1112
            return forward(p, hop.is_multicast() ? EtherAddress(group) : EtherAddress::make_broadcast());
        }
        if (!_complained)
            click_chatter("%s: would query for 0.0.0.0; missing dest IP addr annotation?", declaration().c_str());
        _complained = true;
        ++_drops;
        p->kill();
        return;
    }
    EtherAddress mac;
    uint16_t vlan = VLAN_TCI_ANNO(p);
    ARPTable::Answer answer = _table->resolve(hop, p, mac, _poll, this, vlan);
    if (answer == ARPTable::known || answer == ARPTable::known_ask)
        forward(p, mac);
    if (answer == ARPTable::known_ask)
        query(hop, _broadcast_poll ? EtherAddress::make_broadcast() : mac, vlan);
    else if (answer == ARPTable::waiting_ask) {
        query(hop, EtherAddress::make_broadcast(), vlan);
        if (!_timer.scheduled())
            _timer.schedule_after_sec(ARPTable::ask_again_after);
    }
}

void ARPQuerier::response(Packet *p) {
    const ARPFrame *a = ARPFrame::of(p, ARPOP_REPLY);
    if (a && !a->sender_mac().is_group()) {
        IPAddress ip = a->sender_ip();
        EtherAddress mac = a->sender_mac();
        ++_responses;
        send_waiting(_table->learn(ip, mac), mac);          // what was not asked for is not believed
    }
    p->kill();
}

void ARPQuerier::send_waiting(Packet *list, const EtherAddress &mac) {
    while (Packet *p = list) {
        list = p->next();
        p->set_next(nullptr);
        forward(p, mac);
    }
}

/** Once a second while something is asked for: ask again. */
void ARPQuerier::run_timer(Timer *) {
    Vector<ARPTable::Due> due;
    _table->due(this, due);
    for (const ARPTable::Due &d : due)
        query(d.address, EtherAddress::make_broadcast(), d.vlan);
    if (_table->length() && !_timer.scheduled())
        _timer.schedule_after_sec(ARPTable::ask_again_after);
}

enum { h_table, h_count, h_length, h_drops, h_stats, h_ipaddr, h_broadcast, h_insert = 0, h_delete, h_clear, h_set_ipaddr, h_set_broadcast };

String ARPQuerier::read(Element *el, void *what) {
    ARPQuerier *q = static_cast<ARPQuerier *>(el);
    uint64_t drops = q->_drops + q->_table->drops();
    switch ((intptr_t) what) {
    case h_table: return q->_table->unparse(EtherAddress::make_broadcast(), true);
    case h_count: return String(q->_table->count());
    case h_length: return String(q->_table->length());
    case h_drops: return String(drops);
    case h_ipaddr: return q->_ip.unparse();
    case h_broadcast: return q->_broadcast.unparse();
    default: return String(drops) + " packets killed\n" + String(q->_queries) + " ARP queries sent\n";
    }
}

int ARPQuerier::write(const String &s, Element *el, void *what, ErrorHandler *errh) {
    ARPQuerier *q = static_cast<ARPQuerier *>(el);
    IPAddress ip;
    EtherAddress mac;
    switch ((intptr_t) what) {
    case h_clear:
        q->_table->clear();
        q->_table->reset_drops();
        q->_queries = q->_responses = q->_drops = 0;
        return 0;
    case h_set_ipaddr:
    case h_set_broadcast:
        if (!IPAddressArg().parse(cp_uncomment(s), ip, ArgContext(q, errh)))
            return errh->error("expected IP address");
        ((intptr_t) what == h_set_ipaddr ? q->_ip : q->_broadcast) = ip;
        return 0;
    case h_delete:
        if (ARPTable::parse_entry(s, ip, nullptr, q, errh) < 0)
            return -EINVAL;
        q->_table->erase(ip);
        return 0;
    default:
        if (ARPTable::parse_entry(s, ip, &mac, q, errh) < 0)
            return -EINVAL;
        q->send_waiting(q->_table->learn(ip, mac, true), mac);
        return 0;
    }
}

void ARPQuerier::add_handlers() {
    static const char *const readable[] = {"table", "count", "length", "drops", "stats", "ipaddr", "broadcast"};
    static const char *const writable[] = {"insert", "delete", "clear", "ipaddr", "broadcast"};
    for (int i = 0; i < 7; ++i)
        add_read_handler(readable[i], read, i);
    for (int i = 0; i < 5; ++i)
        add_write_handler(writable[i], write, i, i == h_clear ? Handler::f_button : 0);
    add_data_handlers("queries", Handler::f_read, &_queries);
    add_data_handlers("responses", Handler::f_read, &_responses);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPQuerier)
