#include <click/config.h>
#include "ratedunqueue.hh"
#include <click/error.hh>
#include <click/standard/scheduleinfo.hh>
#include <click/straccum.hh>
CLICK_DECLS

int RatedUnqueue::configure(Vector<String> &conf, ErrorHandler *errh) {
    bool active = _active;
    Vector<String> rest;
    for (const String &arg : conf)
        if (!arg.starts_with("ACTIVE ")) rest.push_back(arg);
        else if (!cp_bool(arg.substring(7).trim_space(), &active)) return errh->error("ACTIVE: parse error");
    if (_limit.configure(rest, this, errh) < 0)
        return -1;
    _active = active;
    if (_active)
        _task.reschedule();
    return 0;
}

int RatedUnqueue::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, _active, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    return 0;
}

bool RatedUnqueue::run_task(Task *) {
    ++_runs;
    if (!_active)
        return false;
    PacketBatch *b = _limit.pull(input(0), BATCH_MAX_PULL);
    if (!_limit.may_pass()) {
        _empty += !b;
        _timer.schedule_after(_limit.wait());
    } else if (b || _signal) {
        _failed += !b;
        _task.fast_reschedule();
    }
    if (!b)
        return false;
    _pushes += b->count();
    output(0).push_batch(b);
    return true;
}

String RatedUnqueue::read(Element *e, void *data) {
    RatedUnqueue *u = static_cast<RatedUnqueue *>(e);
    if (!data)
        return u->_limit.unparse();
    StringAccum sa;
    sa << u->_runs << " calls to run_task()\n" << u->_empty << " empty runs\n" << u->_pushes << " pushes\n" << u->_failed << " failed pulls\n";
    return sa.take_string();
}

int RatedUnqueue::write_active(const String &s, Element *e, void *, ErrorHandler *errh) {
    RatedUnqueue *u = static_cast<RatedUnqueue *>(e);
    if (!cp_bool(cp_uncomment(s), &u->_active))
        return errh->error("syntax error");
    if (u->_active)
        u->_task.reschedule();
    return 0;
}

void RatedUnqueue::add_handlers() {
    add_read_handler("calls", read, 1);
    add_read_handler("rate", read, 0);
    add_write_handler("rate", reconfigure_keyword_handler, "0 RATE");
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write_active, 0);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RatedUnqueue)
