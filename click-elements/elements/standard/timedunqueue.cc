#include <click/config.h>
#include "timedunqueue.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int TimedUnqueue::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(conf, this, errh).read_mp("INTERVAL", _interval).read_p("BURST", BoundedIntArg(1, 1 << 20), _burst).complete() < 0)
        return -1;
    return _interval > Timestamp() ? 0 : errh->error("INTERVAL must be positive");
}

int TimedUnqueue::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, false, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    _timer.schedule_after(_interval);
    return 0;
}

bool TimedUnqueue::run_task(Task *t) {
    if (t && _timer.scheduled())        // woken before the interval is over
        return false;
    PacketBatch *b = input(0).pull_batch(_burst);
    if (b || _signal) {
        if (t) _timer.schedule_after(_interval);
        else _timer.reschedule_after(_interval);
    }
    if (b)
        output(0).push_batch(b);
    return b;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(TimedUnqueue)
