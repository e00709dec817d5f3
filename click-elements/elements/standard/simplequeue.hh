#ifndef CLICK_SIMPLEQUEUE_HH
#define CLICK_SIMPLEQUEUE_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
#include <click/standard/storage.hh>
#include <atomic>
CLICK_DECLS

/*
=c
SimpleQueue([CAPACITY])
=s storage
stores packets in a FIFO queue
=d
Drops what arrives when CAPACITY packets (1000 by default) are waiting, or pushes it on output 1, if connected. Tells nobody when it fills or empties;
Queue does. One thread may push while another pulls.
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
class SimpleQueue : public BatchElement, public Storage { public:
    const char *class_name() const override { return "SimpleQueue"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return "h/lh"; }
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
    void push_batch(int, PacketBatch *) override;
    PacketBatch *pull_batch(int, unsigned max) override { return dequeue_batch(max); }
    int size() const {
        int n = _tail.load(std::memory_order_acquire) - _head.load(std::memory_order_acquire);
        return n < 0 ? n + _slots : n;
    }
    int capacity() const { return _slots - 1; }

  protected:
    // One thread may push while another pulls: each moves its own end, and nobody takes a lock.
    Packet **_ring = nullptr;
    int _slots = 1, _wanted_capacity = 1000;       // one slot stays empty
    alignas(64) std::atomic<int> _head{0};
    alignas(64) std::atomic<int> _tail{0};
    int _highwater = 0;
    uint64_t _drops = 0;
    bool _multithreaded = true;         // set once; false saves the fences

    bool enqueue(Packet *p) {
        int tail = _tail.load(std::memory_order_relaxed), next = tail + 1 == _slots ? 0 : tail + 1, head = _head.load(std::memory_order_acquire);
        if (unlikely(next == head)) {
            ++_drops;
            checked_output_push(1, p);
            return false;
        }
        _ring[tail] = p;
        _tail.store(next, std::memory_order_release);
        int n = next - head;
        if (n < 0)
            n += _slots;
        if (unlikely(n > _highwater))
            _highwater = n;
        return true;
    }
    Packet *dequeue() {
        int head = _head.load(std::memory_order_relaxed);
        if (head == _tail.load(std::memory_order_acquire))
            return nullptr;
        Packet *p = _ring[head];
        _head.store(head + 1 == _slots ? 0 : head + 1, std::memory_order_release);
        return p;
    }
    PacketBatch *dequeue_batch(unsigned max) {
        int head = _head.load(std::memory_order_relaxed), tail = _tail.load(std::memory_order_acquire);
        BatchBuilder b;
        while (head != tail && b.count() < max) {
            Packet *p = _ring[head];
            // They may have lain here for long: fetch their headers side by side, not one after the other.
            __builtin_prefetch(p->data());
            b.append(p);
            head = head + 1 == _slots ? 0 : head + 1;
        }
        _head.store(head, std::memory_order_release);
        return b.finish();
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
