#ifndef CLICK_SIMPLEQUEUE_HH
#define CLICK_SIMPLEQUEUE_HH
#include <click/element.hh>
#include <click/notifier.hh>
#include <click/standard/storage.hh>
CLICK_DECLS

/*
=c
SimpleQueue([CAPACITY])
=s storage
stores packets in a FIFO queue
=d
Drops what arrives when CAPACITY packets (1000 by default) are waiting. Tells nobody when it fills or empties;
Queue does.
=h length read-only
=h highwater_length read-only
=h capacity read/write
=h drops read-only
=h reset_counts write-only
Drops to 0, the high water to the present length.
=h reset write-only
Drops all packets.
=a Queue
*/
class SimpleQueue : public Element, public Storage { public:
    const char *class_name() const override { return "SimpleQueue"; }
    const char *port_count() const override { return PORTS_1_1; }
    const char *processing() const override { return PUSH_TO_PULL; }
    void *cast(const char *name) override;
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool can_live_reconfigure() const override { return true; }
    int live_reconfigure(Vector<String> &, ErrorHandler *) override;
    void push(int, Packet *) override;
    Packet *pull(int) override;
    int size() const override { return _size; }
    int capacity() const override { return _capacity; }

  protected:
    Packet **_ring = nullptr;
    int _head = 0, _size = 0, _capacity = 1000, _slots = 0, _highwater = 0;
    uint64_t _drops = 0;
    bool _warned = false;

    bool enqueue(Packet *p) {
        if (unlikely(_size >= _capacity)) {
            ++_drops;
            p->kill();
            return false;
        }
        int tail = _head + _size;
        _ring[tail >= _slots ? tail - _slots : tail] = p;
        if (++_size > _highwater)
            _highwater = _size;
        return true;
    }
    Packet *dequeue() {
        if (!_size)
            return nullptr;
        Packet *p = _ring[_head];
        if (++_head == _slots)
            _head = 0;
        --_size;
        return p;
    }
    /** Its puller or its pusher may have waited for what has just changed from outside. */
    virtual void changed() {}

  private:
    bool set_capacity(int);
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
