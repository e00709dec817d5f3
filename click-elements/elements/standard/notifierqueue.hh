#ifndef CLICK_NOTIFIERQUEUE_HH
#define CLICK_NOTIFIERQUEUE_HH
#include "elements/standard/queue.hh"
CLICK_DECLS

/*
=c
NotifierQueue([CAPACITY])
=s storage
Queue that tells when it is empty, but not when it is full
=d
So sources upstream do not wait for room, and what does not fit is dropped.
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a Queue, SimpleQueue
*/
class NotifierQueue : public Queue { public:
    const char *class_name() const override { return "NotifierQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
    void *port_cast(bool isoutput, int port, const char *name) override {
        return !isoutput && strcmp(name, Notifier::FULL_NOTIFIER) == 0 ? SimpleQueue::port_cast(isoutput, port, name) : Queue::port_cast(isoutput, port, name);
    }
};

CLICK_ENDDECLS
#endif
