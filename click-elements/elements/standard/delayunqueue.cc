#include <click/config.h>
#include "delayunqueue.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int DelayUnqueue::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp delay;
    if (Args(conf, this, errh).read_mp("DELAY", delay).complete() < 0)
        return -1;
    if (delay < Timestamp())
        return errh->error("DELAY must not be negative");
    _delay = delay;
    _task.reschedule();
    return 0;
}

int DelayUnqueue::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    return 0;
}

void DelayUnqueue::cleanup(CleanupStage) {
    if (_p)
        _p->kill();
    _p = nullptr;
}

bool DelayUnqueue::run_task(Task *) {
    Timestamp now = Timestamp::now(), left;
    BatchBuilder due;
    while (due.count() < BATCH_MAX_PULL && (_p || (_p = input(0).pull()))) {
        if (!_p->timestamp_anno())
            _p->timestamp_anno() = now;
        if ((left = _p->timestamp_anno() + _delay - now) > Timestamp())
            break;
        _p->timestamp_anno() = now;
        due.append(_p);
        _p = nullptr;
    }
    if (left > Timestamp())
        _timer.schedule_after(left);
    else if (due.count() || _signal)
        _task.fast_reschedule();
    PacketBatch *b = due.finish();
    if (b)
        output(0).push_batch(b);
    return b;
}

void DelayUnqueue::add_handlers() {
    add_data_handlers("delay", Handler::f_read, &_delay);
    add_write_handler("delay", reconfigure_keyword_handler, "0 DELAY");
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(DelayUnqueue)
