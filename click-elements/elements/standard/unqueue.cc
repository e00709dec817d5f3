#include <click/config.h>
#include "unqueue.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int Unqueue::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("BURST", _burst).read("LIMIT", _limit).read("ACTIVE", _active).complete();
}

int Unqueue::initialize(ErrorHandler *errh) {
    ScheduleInfo::initialize_task(this, &_task, _active, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    return 0;
}

bool Unqueue::run_task(Task *) {
    if (!_active || (_limit >= 0 && _count >= _limit))
        return false;
    int64_t max = _burst > 0 && _burst < BATCH_MAX_PULL ? _burst : BATCH_MAX_PULL;
    if (_limit >= 0 && _limit - _count < max)
        max = _limit - _count;
    PacketBatch *b = nullptr;
    if (max == 1) {
        if (Packet *p = input(0).pull()) {
            ++_count;
            _task.fast_reschedule();
            output(0).push(p);
            return true;
        }
    } else if ((b = input(0).pull_batch((unsigned) max)))
        _count += b->count();
    if (b || _signal)
        _task.fast_reschedule();
    if (b)
        output(0).push_batch(b);
    return b;
}

int Unqueue::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    Unqueue *u = static_cast<Unqueue *>(e);
    String s = cp_uncomment(text);
    switch ((uintptr_t) data) {
    case 0: u->_count = 0; break;
    case 1: if (!BoolArg().parse(s, u->_active)) return errh->error("syntax error"); break;
    case 2: if (!IntArg().parse(s, u->_limit)) return errh->error("syntax error"); break;
    default: if (!IntArg().parse(s, u->_burst)) return errh->error("syntax error"); break;
    }
    if (u->_active)
        u->_task.reschedule();
    return 0;
}

void Unqueue::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_data_handlers("limit", Handler::f_read, &_limit);
    add_data_handlers("burst", Handler::f_read, &_burst);
    add_write_handler("active", write, 1);
    add_write_handler("limit", write, 2);
    add_write_handler("burst", write, 3);
    add_write_handler("reset", write, 0, Handler::f_button);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Unqueue)
