#include <click/config.h>
#include "linkunqueue.hh"
#include <click/error.hh>
#include <click/int128.hh>
#include <click/packet_anno.hh>
#include <click/standard/scheduleinfo.hh>
#include "elements/standard/ratelimit.hh"
CLICK_DECLS

int LinkUnqueue::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp latency;
    uint64_t bandwidth = 0;
    if (Args(conf, this, errh).read_mp("LATENCY", latency).read_mp("BANDWIDTH", ByteRateArg(), bandwidth).complete() < 0)
        return -1;
    if (latency < Timestamp())
        return errh->error("LATENCY must not be negative");
    if (!bandwidth)
        return errh->error("BANDWIDTH too small");
    _latency = latency, _bandwidth = bandwidth;
    return 0;
}

int LinkUnqueue::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    return 0;
}

void LinkUnqueue::drop_all() {
    while (Packet *p = _head) {
        _head = p->next();
        p->kill();
    }
    _tail = nullptr, _size = 0;
}

bool LinkUnqueue::run_task(Task *) {
    Timestamp now = Timestamp::now_steady();
    bool empty = false;
    for (int n = 0; n < BATCH_MAX_PULL && _free <= now && !empty; ++n) {
        Packet *p = input(0).pull();
        if ((empty = !p)) {
            _idle = true;
            break;
        }
        // A packet that waited upstream entered when the link became free, not when this task came to look.
        Timestamp start = _idle ? now : _free;
        int64_t bytes = (int64_t) p->length() + EXTRA_LENGTH_ANNO(p);
        _free = start + Timestamp::make_nsec((int64_t) ((int128) bytes * 1000000000 / _bandwidth));
        _idle = false;
        p->timestamp_anno() = _free + _latency;
        p->set_next(nullptr);
        (_tail ? _tail->next() : _head) = p;
        _tail = p;
        ++_size;
    }
    BatchBuilder arrived;
    Timestamp offset = _head && _head->timestamp_anno() <= now ? Timestamp::now() - now : Timestamp();
    while (_head && _head->timestamp_anno() <= now) {
        Packet *p = _head;
        if (!(_head = p->next()))
            _tail = nullptr;
        p->timestamp_anno() += offset;
        arrived.append(p);
        --_size;
    }
    bool looking = !empty || _signal;
    if (looking && _free <= now)
        _task.fast_reschedule();
    else if (_head || looking)
        _timer.schedule_at_steady(!looking || (_head && _head->timestamp_anno() < _free) ? _head->timestamp_anno() : _free);
    PacketBatch *b = arrived.finish();
    if (b)
        output(0).push_batch(b);
    return b;
}

String LinkUnqueue::read(Element *e, void *) { return unparse_byte_rate(static_cast<LinkUnqueue *>(e)->_bandwidth); }

int LinkUnqueue::reset(const String &, Element *e, void *, ErrorHandler *) {
    LinkUnqueue *u = static_cast<LinkUnqueue *>(e);
    u->drop_all();
    u->_free = Timestamp();
    u->_idle = true;
    u->_task.reschedule();
    return 0;
}

void LinkUnqueue::add_handlers() {
    add_data_handlers("latency", Handler::f_read | Handler::f_calm, &_latency);
    add_write_handler("latency", reconfigure_keyword_handler, "0 LATENCY");
    add_read_handler("bandwidth", read, 0, Handler::f_calm);
    add_write_handler("bandwidth", reconfigure_keyword_handler, "1 BANDWIDTH");
    add_data_handlers("size", Handler::f_read, &_size);
    add_write_handler("reset", reset, 0, Handler::f_button);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(LinkUnqueue)
