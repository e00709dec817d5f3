#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "discard.hh"
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int Discard::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_p("BURST", BoundedIntArg(1, 1 << 20), _burst).complete(); }

int Discard::initialize(ErrorHandler *errh) {
    if (input_is_pull(0)) {
        ScheduleInfo::initialize_task(this, &_task, errh);
        _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    }
    return 0;
}

bool Discard::run_task(Task *) {
    PacketBatch *b = input(0).pull_batch(_burst);
    unsigned n = b ? b->count() : 0;
    if (b)
        b->kill();
    _count += n;
    if (n || _signal)
        _task.fast_reschedule();
    return n;
}

void Discard::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
    if (input_is_pull(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Discard)
