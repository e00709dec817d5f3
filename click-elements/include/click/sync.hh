// Locks and counts that cost nothing while lclick runs one thread.
#ifndef CLICK_SYNC_HH
#define CLICK_SYNC_HH
#include <click/atomic.hh>
#include <atomic>
CLICK_DECLS

/** More than one thread runs, or may run. Set before the first of them starts, never cleared. */
extern bool click_multithreaded;
/** The number of the calling thread: 0, 1, ... for the router's, 0 elsewhere. */
extern thread_local int click_thread_id;
inline int click_current_cpu_id() { return click_thread_id; }
/** Threads that may call elements. */
unsigned click_max_cpu_ids();
inline unsigned num_possible_cpus() { return click_max_cpu_ids(); }
typedef int click_processor_t;
inline click_processor_t click_invalid_processor() { return -1; }
/** The calling thread; it stays on it, so that there is nothing to put back. */
inline click_processor_t click_get_processor() { return click_thread_id; }
inline void click_put_processor() {}
inline click_processor_t click_current_processor() { return click_thread_id; }

/** A count of owners, starting at 1. Locked instructions only where another thread might hold the object too. */
class RefCount { public:
    void reset() { _n.store(1, std::memory_order_relaxed); }
    bool alone() const { return _n.load(std::memory_order_acquire) == 1; }
    void take(uint32_t n) {
        if (unlikely(click_multithreaded)) _n.fetch_add(n, std::memory_order_relaxed);
        else _n.store(_n.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    /** Let go of @a n holds. True if they were the last. */
    bool release(uint32_t n = 1) {
        if (likely(_n.load(std::memory_order_acquire) == n)) return true;
        if (unlikely(click_multithreaded)) return _n.fetch_sub(n, std::memory_order_acq_rel) == n;
        _n.store(_n.load(std::memory_order_relaxed) - n, std::memory_order_relaxed);
        return false;
    }
  private:
    std::atomic<uint32_t> _n;
};

class SimpleSpinlock { public:
    SimpleSpinlock() {}
    SimpleSpinlock(const SimpleSpinlock &) {}
    SimpleSpinlock &operator=(const SimpleSpinlock &) { return *this; }
    void acquire() { while (click_multithreaded && _held.exchange(true, std::memory_order_acquire)) pause(); }
    bool attempt() { return !click_multithreaded || !_held.exchange(true, std::memory_order_acquire); }
    void release() { _held.store(false, std::memory_order_release); }
    bool nested() const { return false; }
  private:
    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#elif defined(__aarch64__) || (defined(__arm__) && __ARM_ARCH >= 7)
        __asm__ volatile("yield");
#endif
    }
    std::atomic<bool> _held{false};
};

/** As SimpleSpinlock, but whoever holds it may take it again. */
class Spinlock { public:
    Spinlock() {}
    Spinlock(const Spinlock &) {}
    Spinlock &operator=(const Spinlock &) { return *this; }
    void acquire() {
        if (_depth && _owner == click_thread_id + 1) { ++_depth; return; }
        _lock.acquire();
        _owner = click_thread_id + 1, _depth = 1;
    }
    bool attempt() {
        if (_depth && _owner == click_thread_id + 1) return ++_depth;
        if (!_lock.attempt()) return false;
        _owner = click_thread_id + 1, _depth = 1;
        return true;
    }
    void release() { if (--_depth == 0) { _owner = 0; _lock.release(); } }
    bool nested() const { return _depth > 1; }
  private:
    SimpleSpinlock _lock;
    volatile int _owner = 0, _depth = 0;
};

class ReadWriteLock { public:
    void acquire_read() { while (click_multithreaded) { int n = _n.load(std::memory_order_relaxed); if (n >= 0 && _n.compare_exchange_weak(n, n + 1, std::memory_order_acquire)) return; } }
    bool attempt_read() { int n = _n.load(std::memory_order_relaxed); return !click_multithreaded || (n >= 0 && _n.compare_exchange_strong(n, n + 1, std::memory_order_acquire)); }
    void release_read() { if (click_multithreaded) _n.fetch_sub(1, std::memory_order_release); }
    void acquire_write() { while (click_multithreaded) { int n = 0; if (_n.compare_exchange_weak(n, -1, std::memory_order_acquire)) return; } }
    bool attempt_write() { int n = 0; return !click_multithreaded || _n.compare_exchange_strong(n, -1, std::memory_order_acquire); }
    void release_write() { if (click_multithreaded) _n.store(0, std::memory_order_release); }
  private:
    std::atomic<int> _n{0};
};

/** Locks for the length of a scope. */
template <typename L> class LockHolder { public:
    explicit LockHolder(L &l) : _l(l) { _l.acquire(); }
    ~LockHolder() { _l.release(); }
    LockHolder(const LockHolder &) = delete;
  private:
    L &_l;
};
/** Userlevel has no interrupts to keep out: a plain lock. */
class SpinlockIRQ : public SimpleSpinlock { public:
    typedef int flags_t;
    flags_t acquire() { SimpleSpinlock::acquire(); return 0; }
    void release(flags_t) { SimpleSpinlock::release(); }
};

CLICK_ENDDECLS
#endif
