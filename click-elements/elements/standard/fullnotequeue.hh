#ifndef CLICK_FULLNOTEQUEUE_HH
#define CLICK_FULLNOTEQUEUE_HH
#include "elements/standard/queue.hh"
CLICK_DECLS

/*
=c
FullNoteQueue([CAPACITY])
=s storage
another name of Queue
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a Queue
*/
class FullNoteQueue : public Queue { public:
    const char *class_name() const override { return "FullNoteQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
};

CLICK_ENDDECLS
#endif
