// atomic_uint32_t, and fences. It behaves as a plain number would, whichever threads use it.
#ifndef CLICK_ATOMIC_HH
#define CLICK_ATOMIC_HH
#include <click/glue.hh>
#include <atomic>
CLICK_DECLS

inline void click_compiler_fence() { std::atomic_signal_fence(std::memory_order_seq_cst); }
inline void click_read_fence() { std::atomic_thread_fence(std::memory_order_acquire); }
inline void click_write_fence() { std::atomic_thread_fence(std::memory_order_release); }
inline void click_fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }
inline void click_relax_fence() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}
inline void click_master_fence() { click_fence(); }

/** A plain structure, so that it can be in unions and be cleared with memset. */
class atomic_uint32_t { public:
    uint32_t value() const { return __atomic_load_n(&_val, __ATOMIC_RELAXED); }
    uint32_t nonatomic_value() const { return _val; }
    operator uint32_t() const { return value(); }
    atomic_uint32_t &operator=(uint32_t x) { __atomic_store_n(&_val, x, __ATOMIC_SEQ_CST); return *this; }
    atomic_uint32_t &operator+=(int32_t d) { __atomic_fetch_add(&_val, d, __ATOMIC_SEQ_CST); return *this; }
    atomic_uint32_t &operator-=(int32_t d) { __atomic_fetch_sub(&_val, d, __ATOMIC_SEQ_CST); return *this; }
    atomic_uint32_t &operator|=(uint32_t m) { __atomic_fetch_or(&_val, m, __ATOMIC_SEQ_CST); return *this; }
    atomic_uint32_t &operator&=(uint32_t m) { __atomic_fetch_and(&_val, m, __ATOMIC_SEQ_CST); return *this; }
    void operator++() { *this += 1; }
    void operator++(int) { *this += 1; }
    void operator--() { *this -= 1; }
    void operator--(int) { *this -= 1; }
    uint32_t swap(uint32_t x) { return swap(_val, x); }
    uint32_t fetch_and_add(uint32_t d) { return __atomic_fetch_add(&_val, d, __ATOMIC_SEQ_CST); }
    bool dec_and_test() { return dec_and_test(_val); }
    uint32_t compare_swap(uint32_t expected, uint32_t desired) { return compare_swap(_val, expected, desired); }
    bool compare_and_swap(uint32_t expected, uint32_t desired) { return compare_swap(expected, desired) == expected; }
    static uint32_t swap(volatile uint32_t &x, uint32_t desired) { return __atomic_exchange_n(&x, desired, __ATOMIC_SEQ_CST); }
    static void inc(volatile uint32_t &x) { __atomic_fetch_add(&x, 1, __ATOMIC_SEQ_CST); }
    static bool dec_and_test(volatile uint32_t &x) { return __atomic_sub_fetch(&x, 1, __ATOMIC_SEQ_CST) == 0; }
    static uint32_t compare_swap(volatile uint32_t &x, uint32_t expected, uint32_t desired) {
        __atomic_compare_exchange_n(&x, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
        return expected;
    }
    static bool compare_and_swap(volatile uint32_t &x, uint32_t e, uint32_t d) { return compare_swap(x, e, d) == e; }
  private:
    volatile uint32_t _val;
};

typedef atomic_uint32_t uatomic32_t;

CLICK_ENDDECLS
#endif
