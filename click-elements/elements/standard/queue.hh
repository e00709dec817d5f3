#ifndef CLICK_QUEUE_HH
#define CLICK_QUEUE_HH
#include "elements/standard/simplequeue.hh"
CLICK_DECLS

/*
=c
Queue([CAPACITY])
=s storage
stores packets in a FIFO queue, tells its neighbours when it is empty or full
=d
As SimpleQueue; pullers downstream sleep while it is empty, and sources upstream while it is full.
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
=h reset write-only
=a SimpleQueue
*/
class Queue : public SimpleQueue { public:
    const char *class_name() const override { return "Queue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
    void *cast(const char *name) override { return strcmp(name, "Queue") == 0 ? this : SimpleQueue::cast(name); }
    void *port_cast(bool isoutput, int port, const char *name) override;
    void push(int, Packet *) override;
    Packet *pull(int) override;
    void push_batch(int, PacketBatch *) override;
    PacketBatch *pull_batch(int, unsigned max) override;

  protected:
    ActiveNotifier _nonempty, _nonfull;
    void changed() override;

  private:
    void pushed();
    void pulled(bool some);
};

CLICK_ENDDECLS
#endif
