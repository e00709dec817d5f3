#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "todpdkdevice.hh"
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int ToDPDKDevice::configure(Vector<String> &conf, ErrorHandler *errh) {
    String name;
    int queue = -1, iqueue = 1024, ndesc = 1024;
    bool allow_nonexistent = false;
    _burst = DPDKInfo::of(router()).burst;
    if (Args(conf, this, errh).read_mp("PORT", name).read_p("QUEUE", BoundedIntArg(-1, 1023), queue).read("IQUEUE", BoundedIntArg(1, 1 << 20), iqueue)
            .read("BLOCKING", _blocking).read("BURST", BoundedIntArg(1, max_burst), _burst).read("TIMEOUT", BoundedIntArg(-1, 3600000), _timeout_ms)
            .read("NDESC", BoundedIntArg(32, 32768), ndesc).read("ALLOW_NONEXISTENT", allow_nonexistent).complete() < 0)
        return -1;
    if (_burst > iqueue)
        return errh->error("BURST %d is more than the IQUEUE of %d holds", _burst, iqueue);
    if (find_port(name, allow_nonexistent, errh) < 0)
        return -1;
    if (!_port)
        return 0;
    _waiting.resize(iqueue, nullptr);
    queue = _port->add_queue(DPDKPort::tx, queue, ndesc, errh);
    _queue = (uint16_t) queue;
    return queue < 0 ? -1 : 0;
}

int ToDPDKDevice::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, false, errh);
    return open_port(errh);
}

void ToDPDKDevice::cleanup(CleanupStage stage) {
    while (opened() && send() > 0) {}
    for (; _n; --_n, _head = (_head + 1) % _waiting.size())
        rte_pktmbuf_free(_waiting[_head]);
    DPDKDevice::cleanup(stage);
}

/** In one of DPDK's buffers; null if it is no frame, is too long, or there is no buffer. */
rte_mbuf *ToDPDKDevice::copy(const Packet *p) {
    if (unlikely(p->length() < 14))
        return nullptr;
    rte_mbuf *m = rte_pktmbuf_alloc(_port->pool());
    if (unlikely(!m))
        return nullptr;
    void *to = p->length() <= 0xFFFF ? rte_pktmbuf_append(m, (uint16_t) p->length()) : nullptr;
    if (unlikely(!to)) {
        rte_pktmbuf_free(m);
        return nullptr;
    }
    memcpy(to, p->data(), p->length());
    return m;
}

/** Frames from the head of the queue on that lie together. How many the device took. */
int ToDPDKDevice::send() {
    int together = std::min(std::min(_n, _waiting.size() - _head), int(max_burst));
    if (!together)
        return 0;
    int sent = rte_eth_tx_burst(port_id(), _queue, _waiting.begin() + _head, (uint16_t) together);
    _head += sent, _n -= sent, _count += (uint64_t) sent;
    if (_head == _waiting.size())
        _head = 0;
    if (sent)
        _stalled = false, _retry_us = first_retry_us;
    return sent;
}

/** The queue is full. */
bool ToDPDKDevice::make_room() {
    if (send() > 0)
        return true;
    if (!_blocking || _stalled)
        return false;
    for (Timestamp end = Timestamp::now_steady() + Timestamp::make_usec(patience_us); Timestamp::now_steady() < end; )
        if (send() > 0)
            return true;
    _stalled = true;
    return false;
}

bool ToDPDKDevice::enqueue(const Packet *p) {
    if (unlikely(_n == _waiting.size()) && !make_room())
        return false;
    rte_mbuf *m = copy(p);
    if (unlikely(!m))
        return false;
    int at = _head + _n++;
    _waiting[at < _waiting.size() ? at : at - _waiting.size()] = m;
    return true;
}

void ToDPDKDevice::push_batch(int, PacketBatch *batch) {
    if (unlikely(!_port))
        _dropped += batch->count();
    else {
        FOR_EACH_PACKET(batch, p)
            if (unlikely(!enqueue(p)))
                ++_dropped;
        while (_n >= _burst && send() > 0) {}
        if (_n)
            schedule();
    }
    batch->kill();
}

/** The device is full: try again soon, and ever less often, for its link may be down. */
void ToDPDKDevice::retry() {
    if (_timer.scheduled())
        return;
    _timer.schedule_after(Timestamp::make_usec(_retry_us));
    _retry_us = std::min(2 * _retry_us, int(last_retry_us));
}

/** Some frames are left: see to it that they go. */
void ToDPDKDevice::schedule() {
    if (_n >= _burst)
        retry();
    else if (_timeout_ms == 0)
        _task.reschedule();
    else if (_timeout_ms > 0 && !_timer.scheduled())
        _timer.schedule_after_msec((uint32_t) _timeout_ms);
}

bool ToDPDKDevice::run_task(Task *) {
    bool any = false;
    while (send() > 0) any = true;
    if (_n)
        retry();
    return any;
}

void ToDPDKDevice::run_timer(Timer *) { run_task(&_task); }

String ToDPDKDevice::read(Element *e, void *data) {
    rte_eth_stats s;
    static_cast<ToDPDKDevice *>(e)->statistics(s);
    switch ((uintptr_t) data) {
    case 0: return String((uint64_t) s.opackets);
    case 1: return String((uint64_t) s.obytes);
    default: return String((uint64_t) s.oerrors);
    }
}

int ToDPDKDevice::reset(const String &, Element *e, void *, ErrorHandler *) {
    ToDPDKDevice *t = static_cast<ToDPDKDevice *>(e);
    t->_count = t->_dropped = 0;
    return 0;
}

void ToDPDKDevice::add_handlers() {
    DPDKDevice::add_handlers();
    static const char *const reads[] = {"hw_count", "hw_bytes", "hw_errors"};
    for (int i = 0; i < 3; ++i)
        add_read_handler(reads[i], read, i);
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("dropped", Handler::f_read, &_dropped);
    add_data_handlers("queued", Handler::f_read, &_n);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(dpdk)
EXPORT_ELEMENT(ToDPDKDevice)
