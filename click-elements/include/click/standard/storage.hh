// Storage: what a queue can say of itself; for queues that want them, also the positions of a ring of packets.
#ifndef CLICK_STANDARD_STORAGE_HH
#define CLICK_STANDARD_STORAGE_HH
#include <click/atomic.hh>
CLICK_DECLS
class Packet;

class Storage { public:
    typedef uint32_t index_type;
    typedef int32_t signed_index_type;
    static constexpr index_type invalid_index = (index_type) -1;

    Storage() : _capacity(0), _head(0), _tail(0) {}
    virtual ~Storage() {}
    virtual int size() const { return size(head(), tail()); }
    virtual int capacity() const { return (int) _capacity; }
    bool empty() const { return size() == 0; }
    operator bool() const { return !empty(); }
    int size(index_type head, index_type tail) const { return (int) (tail >= head ? tail - head : tail + _capacity + 1 - head); }

    // The ring has capacity + 1 slots; the one before the head stays empty.
    index_type head() const { return _head.load(std::memory_order_acquire); }
    index_type tail() const { return _tail.load(std::memory_order_acquire); }
    index_type next_i(index_type i) const { return i == _capacity ? 0 : i + 1; }
    index_type prev_i(index_type i) const { return i ? i - 1 : _capacity; }
    void set_capacity(index_type c) { _capacity = c; }
    void set_head(index_type h) { _head.store(h, std::memory_order_release); }
    void set_tail(index_type t) { _tail.store(t, std::memory_order_release); }
    void set_head_release(index_type h) { _head.store(h, std::memory_order_release); }
    void set_tail_acquire(index_type t) { _tail.store(t, std::memory_order_seq_cst); }
    /** Take the slot at the tail for the caller alone; invalid_index if the ring is full. */
    index_type reserve_tail_atomic() {
        index_type t = tail();
        do
            if (next_i(t) == head()) return invalid_index;
        while (!_tail.compare_exchange_weak(t, next_i(t)));
        return t;
    }
    static void packet_memory_barrier(Packet *volatile &, volatile index_type &) { click_fence(); }
    void packet_memory_barrier(Packet *volatile &) { click_fence(); }

  protected:
    index_type _capacity;
  private:
    std::atomic<index_type> _head, _tail;
};

CLICK_ENDDECLS
#endif
