#ifndef CLICK_RED_HH
#define CLICK_RED_HH
#include <click/batchelement.hh>
#include <click/standard/storage.hh>
CLICK_DECLS

/*
=c
RED(MIN_THRESH, MAX_THRESH, MAX_P [, QUEUES, STABILITY, GENTLE])
=s aqm
drops packets early, by the average length of queues (Random Early Detection)
=d
Up to an average of MIN_THRESH packets none is dropped; from there the probability rises to MAX_P at MAX_THRESH and then, with GENTLE true (the default), to 1
at twice MAX_THRESH, else to 1 at once. The average moves by 2^-STABILITY (4) of the difference with each packet. QUEUES names the queues; by default
they are the nearest downstream, or upstream if RED is pulled from. What is dropped leaves on output 1, if connected.
=h min_thresh read/write
=h max_thresh read/write
=h max_p read/write
=h avg_queue_size read-only
=h drops read-only
=h queues read-only
=h stats read-only
=a Queue
*/
class RED : public SimpleElement<RED> { public:
    const char *class_name() const override { return "RED"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void add_handlers() override;
    Packet *pull(int) override;
    Packet *simple_action(Packet *p) override {
        if (!should_drop()) return p;
        ++_drops;
        checked_output_push(1, p);
        return nullptr;
    }

  private:
    enum { scale = 10 };
    Vector<Element *> _queues;
    Vector<Storage *> _storages;
    unsigned _min = 0, _max = 0, _stability = 4;
    uint64_t _max_p = 0;                  // of 2^16
    bool _gentle = true, _given = false;
    int64_t _average = 0;                 // times 2^scale
    int64_t _since_drop = -1;             // packets since the last drop; -1 below MIN_THRESH
    uint64_t _drops = 0;

    int length() const;
    bool should_drop();
    bool find_queues(bool downstream);
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
