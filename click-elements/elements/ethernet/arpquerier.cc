#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include <clicknet/ether.h>
#include "arpquerier.hh"
CLICK_DECLS

int ARPQuerier::configure(Vector<String> &conf, ErrorHandler *errh) {
    _timeout = Timestamp::make_sec(300), _poll = Timestamp::make_sec(60);
    return Args(conf, this, errh).read_mp("IP", _ip).read_mp("ETH", _mac).read("TIMEOUT", _timeout).read("POLL_TIMEOUT", _poll)
        .read("CAPACITY", BoundedIntArg(1, 1 << 20), _capacity).read("ENTRY_PACKETS", BoundedIntArg(0, 4096), _entry_packets).complete();
}

int ARPQuerier::initialize(ErrorHandler *) {
    _timer.initialize(this);
    return 0;
}

void ARPQuerier::cleanup(CleanupStage) {
    for (auto it = _table.begin(); it.live(); ++it)
        drop_waiting(it.value());
    _table.clear();
}

void ARPQuerier::drop_waiting(Entry &e) {
    while (Packet *p = e.head) {
        e.head = p->next();
        p->kill();
        ++_drops;
    }
    e.tail = nullptr, e.waiting = 0;
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

void ARPQuerier::query(IPAddress target, Entry &entry) {
    Timestamp now = Timestamp::recent_steady();
    if (entry.asked && now - entry.asked < Timestamp::make_sec(1))
        return;
    entry.asked = now;
    WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, sizeof(click_ether) + sizeof(click_ether_arp), 0);
    if (!q)
        return;
    click_ether *e = reinterpret_cast<click_ether *>(q->data());
    click_ether_arp *a = reinterpret_cast<click_ether_arp *>(e + 1);
    memset(e->ether_dhost, 0xFF, 6);
    memcpy(e->ether_shost, _mac.data(), 6);
    e->ether_type = htons(ETHERTYPE_ARP);
    a->ea_hdr.ar_hrd = htons(ARPHRD_ETHER), a->ea_hdr.ar_pro = htons(ETHERTYPE_IP), a->ea_hdr.ar_hln = 6, a->ea_hdr.ar_pln = 4, a->ea_hdr.ar_op = htons(ARPOP_REQUEST);
    memcpy(a->arp_sha, _mac.data(), 6);
    memcpy(a->arp_spa, _ip.data(), 4);
    memset(a->arp_tha, 0, 6);
    memcpy(a->arp_tpa, target.data(), 4);
    q->set_mac_header(q->data(), sizeof *e);
    ++_queries;
    output(noutputs() - 1).push(q);
    if (!_timer.scheduled())
        _timer.schedule_after_sec(1);
}

void ARPQuerier::push(int port, Packet *p) {
    if (port == 1)
        return response(p);
    IPAddress hop = p->dst_ip_anno();
    Entry *e = _table.get_pointer(hop);
    Timestamp now = Timestamp::recent_steady();
    if (e && e->known && now - e->since < _timeout) {
        EtherAddress mac = e->mac;
        if (now - e->since > _poll)
            query(hop, *e);
        return forward(p, mac);
    }
    if (!e) {
        if (!hop || (unsigned) _table.size() >= _capacity) {
            ++_drops;
            p->kill();
            return;
        }
        e = &_table[hop];
    }
    if (!e->head)
        e->since = now;       // of an unknown address: when the waiting began
    e->known = false;
    if (e->waiting >= _entry_packets) {
        ++_drops;
        p->kill();
    } else {
        p->set_next(nullptr);
        (e->tail ? e->tail->next() : e->head) = p;
        e->tail = p;
        ++e->waiting;
    }
    query(hop, *e);
}

void ARPQuerier::response(Packet *p) {
    const click_ether *eth = reinterpret_cast<const click_ether *>(p->data());
    const click_ether_arp *a = reinterpret_cast<const click_ether_arp *>(eth + 1);
    if (p->length() >= sizeof *eth + sizeof *a && ntohs(eth->ether_type) == ETHERTYPE_ARP && ntohs(a->ea_hdr.ar_hrd) == ARPHRD_ETHER
        && ntohs(a->ea_hdr.ar_pro) == ETHERTYPE_IP && a->ea_hdr.ar_hln == 6 && a->ea_hdr.ar_pln == 4 && ntohs(a->ea_hdr.ar_op) == ARPOP_REPLY && !(a->arp_sha[0] & 1)) {
        IPAddress ip(a->arp_spa);
        EtherAddress mac(a->arp_sha);
        p->kill();
        ++_responses;
        if (_table.get_pointer(ip))          // what was not asked for is not believed
            learn(ip, mac);
        return;
    }
    p->kill();
}

void ARPQuerier::learn(IPAddress ip, const EtherAddress &mac) {
    Entry &e = _table[ip];
    e.mac = mac, e.known = true, e.since = Timestamp::recent_steady();
    Packet *list = e.head;
    e.head = e.tail = nullptr;
    e.waiting = 0;
    while (Packet *p = list) {
        list = p->next();
        p->set_next(nullptr);
        forward(p, mac);
    }
}

/** Once a second while something is asked for: ask again, and give up after five seconds. */
void ARPQuerier::run_timer(Timer *) {
    Timestamp now = Timestamp::recent_steady();
    Vector<IPAddress> again;
    for (auto it = _table.begin(); it.live(); ) {
        Entry &e = it.value();
        if (e.known && now - e.since >= _timeout)
            e.known = false;
        if (!e.known && e.head) {
            if (now - e.since > Timestamp::make_sec(5)) {
                drop_waiting(e);
                it = _table.erase(it);
                continue;
            }
            again.push_back(it.key());
        } else if (!e.known) {
            it = _table.erase(it);
            continue;
        }
        ++it;
    }
    for (IPAddress ip : again)
        if (Entry *e = _table.get_pointer(ip)) {
            e->asked = Timestamp();
            query(ip, *e);
        }
    if (!_table.empty() && !_timer.scheduled())
        _timer.schedule_after_sec(1);
}

String ARPQuerier::read(Element *el, void *data) {
    ARPQuerier *q = static_cast<ARPQuerier *>(el);
    StringAccum sa;
    Timestamp now = Timestamp::recent_steady();
    for (auto it = q->_table.begin(); it.live(); ++it)
        sa << it.key() << '\t' << it.value().known << '\t' << it.value().mac << '\t' << (now - it.value().since).sec() << '\n';
    return sa.take_string();
}

int ARPQuerier::write(const String &s, Element *el, void *data, ErrorHandler *errh) {
    ARPQuerier *q = static_cast<ARPQuerier *>(el);
    if (!data) {
        q->cleanup(CLEANUP_MANUAL);
        return 0;
    }
    String rest = cp_uncomment(s), ip = cp_shift_spacevec(rest);
    IPAddress a;
    EtherAddress m;
    if (!cp_ip_address(ip, &a) || !cp_ethernet_address(rest, &m))
        return errh->error("expected %<IP ETH%>");
    q->learn(a, m);
    return 0;
}

void ARPQuerier::add_handlers() {
    add_read_handler("table", read, 0);
    add_data_handlers("queries", Handler::f_read, &_queries);
    add_data_handlers("responses", Handler::f_read, &_responses);
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_write_handler("insert", write, 1);
    add_write_handler("clear", write, 0, Handler::f_button);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPQuerier)
