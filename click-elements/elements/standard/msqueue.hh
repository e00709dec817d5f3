#ifndef CLICK_MSQUEUE_HH
#define CLICK_MSQUEUE_HH
#include "elements/standard/threadsafequeue.hh"
CLICK_DECLS

/*
=c
MSQueue([CAPACITY])
=s storage
another name of ThreadSafeQueue
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a ThreadSafeQueue
*/
class MSQueue : public ThreadSafeQueue { public:
    const char *class_name() const override { return "MSQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
};

CLICK_ENDDECLS
#endif
