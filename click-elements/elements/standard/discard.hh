#ifndef CLICK_DISCARD_HH
#define CLICK_DISCARD_HH
#include <click/batchelement.hh>
#include <click/task.hh>
#include <click/notifier.hh>
CLICK_DECLS

/*
=c
Discard([BURST])
=s basicsources
drops all packets
=d
Drops what is pushed; on a pull input, pulls and drops up to BURST (32) packets a turn.
=h count read-only
Packets dropped.
=h reset_counts write-only
=a Idle
*/
class Discard : public BatchElement { public:
    Discard() : _task(this) {}
    const char *class_name() const override { return "Discard"; }
    const char *port_count() const override { return PORTS_1_0; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void push(int, Packet *p) override { ++_count; p->kill(); }
    void push_batch(int, PacketBatch *b) override { _count += b->count(); b->kill(); }
    bool run_task(Task *) override;

  private:
    Task _task;
    NotifierSignal _signal;
    uint64_t _count = 0;
    unsigned _burst = 32;
    static int reset(const String &, Element *e, void *, ErrorHandler *) { static_cast<Discard *>(e)->_count = 0; return 0; }
};

CLICK_ENDDECLS
#endif
