#ifndef CLICK_MIXEDQUEUE_HH
#define CLICK_MIXEDQUEUE_HH
#include <click/sync.hh>
#include "elements/standard/notifierqueue.hh"
CLICK_DECLS

/*
=c
MixedQueue([CAPACITY])
=s storage
stores packets in a queue that is first in first out for one input, last in first out for the other
=d
What is pushed on input 1 is the next to be pulled; if there is no room, it takes that of the oldest packet from input 0 (the one that waits longest
at the tail). What is pushed on input 0 and does not fit is dropped, as in NotifierQueue. Drops leave on output 1, if connected. Threads may meet here.
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a Queue, FrontDropQueue
*/
class MixedQueue : public NotifierQueue { public:
    const char *class_name() const override { return "MixedQueue"; }
    const char *processing() const override { return "h/lh"; }
    const char *port_count() const override { return "2/1-2"; }
    void push(int port, Packet *) override;
    Packet *pull(int) override;
    void push_batch(int port, PacketBatch *) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  private:
    SimpleSpinlock _lock;
    Packet *push_front(Packet *);
};

CLICK_ENDDECLS
#endif
