#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "fromdpdkdevice.hh"
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int FromDPDKDevice::configure(Vector<String> &conf, ErrorHandler *errh) {
    String name;
    EtherAddress address;
    int queue = -1, ndesc = 256, mtu = 0;
    bool promisc = false, allow_nonexistent = false, has_address, has_mtu;
    _burst = DPDKInfo::of(router()).burst;
    if (Args(conf, this, errh).read_mp("PORT", name).read_p("QUEUE", BoundedIntArg(-1, 1023), queue).read("PROMISC", promisc)
            .read("BURST", BoundedIntArg(1, max_burst), _burst).read("NDESC", BoundedIntArg(32, 32768), ndesc)
            .read("MAC", address).read_status(has_address).read("MTU", BoundedIntArg(68, 65535), mtu).read_status(has_mtu)
            .read("ACTIVE", _active).read("ALLOW_NONEXISTENT", allow_nonexistent).read("TIMESTAMP", _timestamp)
            .read("IDLE", BoundedIntArg(0, 1000000), _idle_us).complete() < 0)
        return -1;
    if (find_port(name, allow_nonexistent, errh) < 0)
        return -1;
    if (!_port)
        return 0;
    if (promisc)
        _port->want_promiscuous();
    if ((has_mtu && _port->want_mtu(mtu, errh) < 0) || (has_address && _port->want_address(address, errh) < 0))
        return -1;
    queue = _port->add_queue(DPDKPort::rx, queue, ndesc, errh);
    _queue = (uint16_t) queue;
    return queue < 0 ? -1 : 0;
}

int FromDPDKDevice::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    if (open_port(errh) < 0)
        return -1;
    if (_port)
        memcpy(_address, _port->address().data(), 6);
    ScheduleInfo::initialize_task(this, &_task, _port && _active, errh);
    return 0;
}

WritablePacket *FromDPDKDevice::copy(const rte_mbuf *m) {
    uint32_t length = rte_pktmbuf_pkt_len(m);
    WritablePacket *p = Packet::make_pooled(headroom);
    if (unlikely(p && p->tailroom() < length)) {
        p->kill();
        p = Packet::make(headroom, nullptr, 0, length);
    }
    if (unlikely(!p))
        return nullptr;
    unsigned char *to = p->data();
    p = p->put(length);
    for (; m; to += rte_pktmbuf_data_len(m), m = m->next)
        memcpy(to, rte_pktmbuf_mtod(m, const void *), rte_pktmbuf_data_len(m));
    return p;
}

/** What was received, as packets. Ethernet has no frames of less than 14 bytes, but some drivers of virtual devices do. */
PacketBatch *FromDPDKDevice::take(rte_mbuf **received, unsigned n) {
    BatchBuilder batch;
    Timestamp now = _timestamp ? Timestamp::recent() : Timestamp();
    for (unsigned i = 0; i < n; ++i) {
        if (i + 1 < n)
            __builtin_prefetch(rte_pktmbuf_mtod(received[i + 1], const void *));
        WritablePacket *p = likely(rte_pktmbuf_pkt_len(received[i]) >= 14) ? copy(received[i]) : nullptr;
        if (unlikely(!p)) {
            ++_dropped;
            continue;
        }
        const unsigned char *d = p->data();
        p->set_timestamp_anno(now);
        p->set_mac_header(d, 14);
        p->set_packet_type_anno(d[0] & 1 ? (EtherAddress(d).is_broadcast() ? Packet::BROADCAST : Packet::MULTICAST)
            : memcmp(d, _address, 6) == 0 ? Packet::HOST : Packet::OTHERHOST);
        batch.append(p);
    }
    rte_pktmbuf_free_bulk(received, n);
    return batch.finish();
}

bool FromDPDKDevice::run_task(Task *) {
    if (!_active)
        return false;
    rte_mbuf *received[max_burst];
    unsigned n = rte_eth_rx_burst(port_id(), _queue, received, (uint16_t) _burst);
    ++_polls;
    if (!n) {
        if (_idle_us && ++_empty_polls >= polls_before_sleep)
            sleep();
        else
            _task.fast_reschedule();
        return false;
    }
    _empty_polls = _sleep_us = 0;
    _task.fast_reschedule();
    if (PacketBatch *batch = take(received, n)) {
        _count += batch->count();
        output(0).push_batch(batch);
    }
    return true;
}

void FromDPDKDevice::sleep() {
    _sleep_us = std::min(_sleep_us ? 2 * _sleep_us : int(first_sleep_us), _idle_us);
    _timer.schedule_after(Timestamp::make_usec(_sleep_us));
}

/** One look; run_task() sleeps on if there is nothing. */
void FromDPDKDevice::run_timer(Timer *) {
    if (_active)
        _task.reschedule();
}

String FromDPDKDevice::read(Element *e, void *data) {
    FromDPDKDevice *f = static_cast<FromDPDKDevice *>(e);
    rte_eth_stats s;
    f->statistics(s);
    switch ((uintptr_t) data) {
    case 0: return String((uint64_t) s.ipackets);
    case 1: return String((uint64_t) s.ibytes);
    case 2: return String((uint64_t) s.imissed);
    case 3: return String((uint64_t) s.ierrors);
    default: return String(f->_timer.scheduled());
    }
}

int FromDPDKDevice::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    FromDPDKDevice *f = static_cast<FromDPDKDevice *>(e);
    uintptr_t what = (uintptr_t) data;
    EtherAddress a;
    if (what == 0) {
        f->_count = f->_dropped = f->_polls = 0;
        return 0;
    }
    if (what == 1) {
        if (!BoolArg().parse(cp_uncomment(text), f->_active))
            return errh->error("syntax error");
        if (f->_active && f->_port)
            f->_task.reschedule();
        return 0;
    }
    if (!EtherAddressArg().parse(cp_uncomment(text), a))
        return errh->error("not an Ethernet address");
    if (!f->_port)
        return errh->error("there is no port");
    rte_ether_addr address;
    memcpy(address.addr_bytes, a.data(), 6);
    int error = what == 2 ? rte_eth_dev_mac_addr_add(f->port_id(), &address, 0) : rte_eth_dev_mac_addr_remove(f->port_id(), &address);
    return error < 0 ? errh->error("%s", strerror(-error)) : 0;
}

void FromDPDKDevice::add_handlers() {
    DPDKDevice::add_handlers();
    static const char *const reads[] = {"hw_count", "hw_bytes", "hw_dropped", "hw_errors", "sleeping"};
    for (int i = 0; i < 5; ++i)
        add_read_handler(reads[i], read, i);
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("dropped", Handler::f_read, &_dropped);
    add_data_handlers("polls", Handler::f_read, &_polls);
    add_data_handlers("burst", Handler::f_read, &_burst);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write, 1);
    for (const char *name : {"reset_counts", "reset_count"})
        add_write_handler(name, write, 0, Handler::f_button);
    add_write_handler("add_mac", write, 2);
    add_write_handler("remove_mac", write, 3);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(dpdk)
EXPORT_ELEMENT(FromDPDKDevice)
