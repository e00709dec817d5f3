#ifndef CLICK_QUICKNOTEQUEUE_HH
#define CLICK_QUICKNOTEQUEUE_HH
#include "elements/standard/queue.hh"
CLICK_DECLS

/*
=c
QuickNoteQueue([CAPACITY])
=s storage
Queue that tells what pulls from it that it is empty with the last packet, not with the first pull that finds none
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a Queue
*/
class QuickNoteQueue : public Queue { public:
    const char *class_name() const override { return "QuickNoteQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
    Packet *pull(int) override;
    PacketBatch *pull_batch(int, unsigned max) override;
};

CLICK_ENDDECLS
#endif
