#ifndef CLICK_THREADSAFEQUEUE_HH
#define CLICK_THREADSAFEQUEUE_HH
#include <click/sync.hh>
#include "elements/standard/queue.hh"
CLICK_DECLS

/*
=c
ThreadSafeQueue([CAPACITY])
=s storage
Queue that many threads may push to and pull from at once
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a Queue
*/
class ThreadSafeQueue : public Queue { public:
    const char *class_name() const override { return "ThreadSafeQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
    void *cast(const char *name) override { return strcmp(name, "ThreadSafeQueue") == 0 ? this : Queue::cast(name); }
    void push(int, Packet *) override;
    Packet *pull(int) override;
    void push_batch(int, PacketBatch *) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  private:
    // Those who push meet at one lock, those who pull at the other; between them Queue needs none.
    alignas(64) SimpleSpinlock _push_lock;
    alignas(64) SimpleSpinlock _pull_lock;
};

CLICK_ENDDECLS
#endif
