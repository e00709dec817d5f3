#include <click/config.h>
#include "ip6ndsolicitor.hh"
#include <clicknet/ether.h>
#include "ndmessage.hh"
CLICK_DECLS

int IP6NDSolicitor::configure(Vector<String> &conf, ErrorHandler *errh) {
    Args args(conf, this, errh);
    args.read_mp("IP", _ip).read_mp("ETH", _mac).read_or_set("POLL_TIMEOUT", _poll, Timestamp::make_sec(60));
    return _table.read_limits(args, 16).complete();
}

int IP6NDSolicitor::initialize(ErrorHandler *) {
    _timer.initialize(this);
    _table.start(this);
    return 0;
}

void IP6NDSolicitor::take_state(Element *old, ErrorHandler *) {
    if (IP6NDSolicitor *o = static_cast<IP6NDSolicitor *>(old->cast("IP6NDSolicitor")))
        _table.take(o->_table);
    if (_table.length() && !_timer.scheduled())
        _timer.schedule_after_sec(1);
}

void IP6NDSolicitor::forward(Packet *p, const EtherAddress &dst) {
    WritablePacket *q = p->push_mac_header(14);
    if (!q)
        return;
    click_ether *e = q->ether_header();
    memcpy(e->ether_dhost, dst.data(), 6);
    memcpy(e->ether_shost, _mac.data(), 6);
    e->ether_type = htons(ETHERTYPE_IP6);
    output(0).push(q);
}

void IP6NDSolicitor::solicit(const IP6Address &target, const EtherAddress *mac, uint16_t vlan) {
    IP6Address to = mac ? target : NDMessage::solicited_node(target);
    if (WritablePacket *q = NDMessage::make(NDMessage::solicitation, 0, mac ? *mac : NDMessage::group_mac(to), _mac, _ip, to, target)) {
        SET_VLAN_TCI_ANNO(q, vlan);
        ++_queries;
        output(noutputs() - 1).push(q);
    }
}

void IP6NDSolicitor::push_batch(int port, PacketBatch *batch) {
    GatherScope gather(this);
    FOR_EACH_PACKET_SAFE(batch, p) push(port, p);
}

void IP6NDSolicitor::push(int port, Packet *p) {
    if (port == 1)
        return advertisement(p);
    IP6Address hop = dst_ip6_anno(p);
    if (hop.is_multicast())
        return forward(p, NDMessage::group_mac(hop));
    if (!hop) {
        ++_drops;
        p->kill();
        return;
    }
    EtherAddress mac;
    uint16_t vlan = VLAN_TCI_ANNO(p);
    Table::Answer answer = _table.resolve(hop, p, mac, _poll, this, vlan);
    if (answer == Table::known || answer == Table::known_ask)
        forward(p, mac);
    if (answer == Table::known_ask)
        solicit(hop, &mac, vlan);
    else if (answer == Table::waiting_ask) {
        solicit(hop, nullptr, vlan);
        if (!_timer.scheduled())
            _timer.schedule_after_sec(Table::ask_again_after);
    }
}

void IP6NDSolicitor::advertisement(Packet *p) {
    NDMessage m;
    bool good = m.parse(p, NDMessage::advertisement);
    p->kill();
    if (!good)
        return;
    ++_responses;
    if (!m.has_link_address)
        return _table.confirm(m.target);      // as an answer to what was sent to it alone may be
    Packet *list = _table.learn(m.target, m.link_address);
    while (Packet *q = list) {
        list = q->next();
        q->set_next(nullptr);
        forward(q, m.link_address);
    }
}

/** Once a second while something is asked for: ask again. */
void IP6NDSolicitor::run_timer(Timer *) {
    Vector<Table::Due> due;
    _table.due(this, due);
    for (const Table::Due &d : due)
        solicit(d.address, nullptr, d.vlan);
    if (_table.length() && !_timer.scheduled())
        _timer.schedule_after_sec(Table::ask_again_after);
}

String IP6NDSolicitor::read(Element *e, void *what) {
    IP6NDSolicitor *s = static_cast<IP6NDSolicitor *>(e);
    uint64_t drops = s->_drops + s->_table.drops();
    switch ((intptr_t) what) {
    case 0: return s->_table.unparse(EtherAddress(), false);
    case 1: return String(s->_table.count());
    case 2: return String(s->_table.length());
    case 3: return String(drops);
    default: return String(drops) + " packets killed\n" + String(s->_queries) + " ND Solicitation Message sent\n";
    }
}

void IP6NDSolicitor::add_handlers() {
    static const char *const names[] = {"table", "count", "length", "drops", "stats"};
    for (int i = 0; i < 5; ++i)
        add_read_handler(names[i], read, i);
    add_data_handlers("queries", Handler::f_read, &_queries);
    add_data_handlers("responses", Handler::f_read, &_responses);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6NDSolicitor)
