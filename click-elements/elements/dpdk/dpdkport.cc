#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include "dpdkport.hh"
#include <click/router.hh>
CLICK_DECLS

Vector<DPDKPort *> DPDKPort::all;
DPDKPort::Running DPDKPort::running[RTE_MAX_ETHPORTS];

int DPDKPort::find(const String &s) {
    uint16_t id;
    int number;
    if (cp_integer(s, &number))
        return number >= 0 && number < RTE_MAX_ETHPORTS && rte_eth_dev_is_valid_port((uint16_t) number) ? number : -1;
    return rte_eth_dev_get_port_by_name(s.c_str(), &id) == 0 ? id : -1;
}

bool DPDKPort::Settings::operator==(const Settings &x) const {
    for (int d : {rx, tx}) {
        if (queues[d].size() != x.queues[d].size()) return false;
        for (int i = 0; i < queues[d].size(); ++i)
            if (queues[d][i] != x.queues[d][i]) return false;
    }
    return mtu == x.mtu && has_address == x.has_address && address == x.address;
}

DPDKPort *DPDKPort::get(const Router *router, int id) {
    DPDKPort *found = nullptr;
    for (DPDKPort *p : all)
        if (p->_router == router && p->_id == id) found = p;
    if (!found)
        all.push_back(found = new DPDKPort(router, id));
    ++found->_users;
    return found;
}

void DPDKPort::release(bool opened) {
    if (opened) {
        --_opens;
        if (--running[_id].users == 0)
            rte_eth_dev_stop((uint16_t) _id);
        else
            set_promiscuous(_id);
    }
    if (--_users)
        return;
    for (int i = all.size() - 1; i >= 0; --i)
        if (all[i] == this) all.erase(all.begin() + i);
    delete this;
}

int DPDKPort::add_queue(Direction d, int queue, int ndesc, ErrorHandler *errh) {
    Vector<int> &q = _wanted.queues[d];
    if (queue < 0)
        for (queue = 0; queue < q.size() && q[queue]; ) ++queue;
    while (q.size() <= queue) q.push_back(0);
    if (q[queue])
        return errh->error("another element %s queue %d of this port", d == rx ? "reads" : "sends on", queue);
    q[queue] = ndesc;
    return queue;
}

int DPDKPort::want_mtu(int mtu, ErrorHandler *errh) {
    if (_wanted.mtu && _wanted.mtu != mtu)
        return errh->error("another element gives this port the MTU %d", _wanted.mtu);
    _wanted.mtu = mtu;
    return 0;
}

int DPDKPort::want_address(const EtherAddress &a, ErrorHandler *errh) {
    if (_wanted.has_address && _wanted.address != a)
        return errh->error("another element gives this port the address %s", _wanted.address.unparse().c_str());
    _wanted.has_address = true, _wanted.address = a;
    return 0;
}

int DPDKPort::refused(const char *what, int error, ErrorHandler *errh) const {
    char name[RTE_ETH_NAME_MAX_LEN] = "?";
    rte_eth_dev_get_name_by_port((uint16_t) _id, name);
    return errh->error("DPDK port %d (%s): %s: %s", _id, name, what, strerror(error < 0 ? -error : error));
}

/** What DPDK would refuse without a word, or only when packets come. */
int DPDKPort::check(const rte_eth_dev_info &info, ErrorHandler *errh) const {
    const int most[] = {info.max_rx_queues, info.max_tx_queues};
    for (int d : {rx, tx}) {
        const Vector<int> &q = _wanted.queues[d];
        if (q.size() > most[d])
            return errh->error("this port has at most %d %s queues", most[d], d == rx ? "receive" : "send");
        for (int i = 0; i < q.size(); ++i)
            if (!q[i])
                return errh->error("queue %d of this port is %s by no element, though queue %d is", i, d == rx ? "read" : "used", q.size() - 1);
    }
    int room = rte_pktmbuf_data_room_size(_pool) - RTE_PKTMBUF_HEADROOM, frame = _wanted.mtu + 14 + 4;
    if (frame > room)
        return errh->error("frames of MTU %d do not fit into buffers of %d bytes: DPDKInfo(MBUF_SIZE %d)", _wanted.mtu, room, frame + RTE_PKTMBUF_HEADROOM);
    return 0;
}

int DPDKPort::set_up_queues(const rte_eth_dev_info &info, uint16_t nrx, uint16_t ntx, ErrorHandler *errh) {
    const DPDKInfo::Settings &s = DPDKInfo::of(_router);
    auto set = [](rte_eth_thresh &to, const DPDKInfo::Thresholds &from) {
        if (from.prefetch >= 0) to.pthresh = (uint8_t) from.prefetch;
        if (from.host >= 0) to.hthresh = (uint8_t) from.host;
        if (from.write_back >= 0) to.wthresh = (uint8_t) from.write_back;
    };
    uint16_t id = (uint16_t) _id;
    unsigned socket = rte_eth_dev_socket_id(id) < 0 ? 0 : (unsigned) rte_eth_dev_socket_id(id);
    auto size = [this](Direction d, int i) { return (uint16_t) (i < _wanted.queues[d].size() ? _wanted.queues[d][i] : 256); };
    rte_eth_rxconf rxconf = info.default_rxconf;
    rte_eth_txconf txconf = info.default_txconf;
    set(rxconf.rx_thresh, s.rx);
    set(txconf.tx_thresh, s.tx);
    for (uint16_t i = 0; i < nrx; ++i) {
        uint16_t n = size(rx, i), unused = 256;
        rte_eth_dev_adjust_nb_rx_tx_desc(id, &n, &unused);
        if (int e = rte_eth_rx_queue_setup(id, i, n, socket, &rxconf, _pool))
            return refused("receive queue", e, errh);
    }
    for (uint16_t i = 0; i < ntx; ++i) {
        uint16_t n = size(tx, i), unused = 256;
        rte_eth_dev_adjust_nb_rx_tx_desc(id, &unused, &n);
        if (int e = rte_eth_tx_queue_setup(id, i, n, socket, &txconf))
            return refused("send queue", e, errh);
    }
    return 0;
}

int DPDKPort::start(ErrorHandler *errh) {
    rte_eth_dev_info info;
    uint16_t id = (uint16_t) _id;
    if (int e = rte_eth_dev_info_get(id, &info))
        return refused("no information", e, errh);
    if (check(info, errh) < 0)
        return -1;
    // Drivers want a queue for each way, used or not; what nobody reads fills up and is dropped by the device.
    uint16_t nrx = (uint16_t) std::max(1, _wanted.queues[rx].size()), ntx = (uint16_t) std::max(1, _wanted.queues[tx].size());
    rte_eth_conf conf = {};
    if (nrx > 1) {
        conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
        conf.rx_adv_conf.rss_conf.rss_hf = (RTE_ETH_RSS_IP | RTE_ETH_RSS_TCP | RTE_ETH_RSS_UDP) & info.flow_type_rss_offloads;
    }
    if (_wanted.mtu)
        conf.rxmode.mtu = (uint32_t) _wanted.mtu;
    if (int e = rte_eth_dev_configure(id, nrx, ntx, &conf))
        return refused("cannot be configured", e, errh);
    if (set_up_queues(info, nrx, ntx, errh) < 0)
        return -1;
    if (int e = _wanted.mtu ? rte_eth_dev_set_mtu(id, (uint16_t) _wanted.mtu) : 0)
        if (e != -ENOTSUP)
            return refused("MTU", e, errh);
    rte_ether_addr address;
    memcpy(address.addr_bytes, _wanted.address.data(), 6);
    if (int e = _wanted.has_address ? rte_eth_dev_default_mac_addr_set(id, &address) : 0)
        return refused("MAC", e, errh);
    if (int e = rte_eth_dev_start(id))
        return refused("cannot be started", e, errh);
    return 0;
}

int DPDKPort::set_promiscuous(int id) {
    bool on = false;
    for (DPDKPort *p : all)
        on |= p->_id == id && p->_opens && p->_wanted.promiscuous;
    int e = on ? rte_eth_promiscuous_enable((uint16_t) id) : rte_eth_promiscuous_disable((uint16_t) id);
    return e;
}

int DPDKPort::open(ErrorHandler *errh) {
    if (!(_pool = DPDKInfo::pool(_router, errh)))
        return -1;
    Running &r = running[_id];
    if (r.users && !(r.settings == _wanted))
        return errh->error("DPDK port %d runs with other queues, NDESC, MTU or MAC: a hot swap cannot change them", _id);
    if (!r.users && start(errh) < 0)
        return -1;
    r.settings = _wanted;
    ++r.users, ++_opens;
    int e = set_promiscuous(_id);
    if (e == 0 || e == -ENOTSUP)        // a device that has no such mode takes all that comes
        return 0;
    --_opens;
    if (--r.users == 0)
        rte_eth_dev_stop((uint16_t) _id);
    return refused("PROMISC", e, errh);
}

EtherAddress DPDKPort::address() const {
    rte_ether_addr a = {};
    rte_eth_macaddr_get((uint16_t) _id, &a);
    return EtherAddress(a.addr_bytes);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(dpdk)
ELEMENT_PROVIDES(DPDKPort)
