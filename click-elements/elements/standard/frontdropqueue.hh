#ifndef CLICK_FRONTDROPQUEUE_HH
#define CLICK_FRONTDROPQUEUE_HH
#include <click/sync.hh>
#include "elements/standard/notifierqueue.hh"
CLICK_DECLS

/*
=c
FrontDropQueue([CAPACITY])
=s storage
stores packets in a FIFO queue that drops the oldest when there is no room
=d
The packet that waited longest makes room for the new one; it leaves on output 1, if connected. Otherwise as NotifierQueue. Threads may meet here.
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a Queue, MixedQueue
*/
class FrontDropQueue : public NotifierQueue { public:
    const char *class_name() const override { return "FrontDropQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
    void push(int, Packet *) override;
    Packet *pull(int) override;
    void push_batch(int, PacketBatch *) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  private:
    SimpleSpinlock _lock;
};

CLICK_ENDDECLS
#endif
