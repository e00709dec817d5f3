#include <click/config.h>
#include "randomsource.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int RandomSource::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(conf, this, errh).read_mp("LENGTH", BoundedIntArg(0, 65535), _length).read_p("LIMIT", _limit).read_p("BURST", BoundedIntArg(1, 1 << 20), _burst)
            .read_p("ACTIVE", _active).read("STOP", _stop).read("END_CALL", HandlerCallArg(HandlerCall::writable), _end_call).read("TIMESTAMP", _timestamp).complete() < 0)
        return -1;
    return _stop && _end_call ? errh->error("STOP and END_CALL conflict") : 0;
}

void *RandomSource::port_cast(bool isoutput, int port, const char *name) {
    return isoutput && port == 0 && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0 ? static_cast<Notifier *>(&_nonempty) : Element::port_cast(isoutput, port, name);
}

int RandomSource::initialize(ErrorHandler *errh) {
    if (_end_call && _end_call.initialize_write(this, errh) < 0)
        return -1;
    if (output_is_push(0)) {
        ScheduleInfo::initialize_task(this, &_task, _active, errh);
        _nonfull = Notifier::downstream_full_signal(this, 0, &_task);
    }
    return 0;
}

Packet *RandomSource::make_packet() {
    WritablePacket *p = Packet::make(Packet::default_headroom + 36, nullptr, _length, 0);
    if (!p)
        return nullptr;
    unsigned char *d = p->data();
    for (int i = 0; i < _length; i += 4) {
        uint32_t r = click_random();
        memcpy(d + i, &r, std::min(4, _length - i));
    }
    if (_timestamp)
        p->timestamp_anno() = Timestamp::now();
    ++_count;
    return p;
}

void RandomSource::ended() {
    if (_ended)
        return;
    _ended = true;
    if (_stop)
        router()->please_stop_driver();
    else if (_end_call)
        _end_call.call_write(ErrorHandler::default_handler());
}

bool RandomSource::run_task(Task *) {
    if (!_active)
        return false;
    BatchBuilder b;
    if (_nonfull)
        for (int i = 0; i < _burst && !done(); ++i)
            if (Packet *p = make_packet()) b.append(p);
    bool any = b.count();
    if (PacketBatch *batch = b.finish())
        output(0).push_batch(batch);
    if (done())
        ended();
    else if (any || _nonfull)
        _task.fast_reschedule();
    return any;
}

Packet *RandomSource::pull(int) {
    if (_active && !done())
        return make_packet();
    _nonempty.sleep();
    if (_active)
        ended();
    return nullptr;
}

int RandomSource::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    RandomSource *r = static_cast<RandomSource *>(e);
    String s = cp_uncomment(text);
    ArgContext context(e, errh);
    bool ok = true;
    switch ((uintptr_t) data) {
    case 0: r->_count = 0; break;
    case 1: ok = BoundedIntArg(0, 65535).parse(s, r->_length, context); break;
    case 2: ok = IntArg().parse(s, r->_limit, context); break;
    case 3: ok = BoundedIntArg(1, 1 << 20).parse(s, r->_burst, context); break;
    default: ok = cp_bool(s, &r->_active) || errh->error("active parameter must be boolean") >= 0; break;
    }
    if (!ok)
        return -EINVAL;
    r->_ended = false;
    if (!r->_active || r->done())
        return 0;
    if (r->output_is_push(0))
        r->_task.reschedule();
    else
        r->_nonempty.wake();
    return 0;
}

void RandomSource::add_handlers() {
    add_data_handlers("limit", Handler::f_read | Handler::f_calm, &_limit);
    add_write_handler("limit", write, 2);
    add_data_handlers("burst", Handler::f_read | Handler::f_calm, &_burst);
    add_write_handler("burst", write, 3);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write, 4);
    add_data_handlers("count", Handler::f_read, &_count);
    add_write_handler("reset", write, 0, Handler::f_button);
    add_data_handlers("length", Handler::f_read | Handler::f_calm, &_length);
    add_write_handler("length", write, 1);
    if (output_is_push(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RandomSource)
