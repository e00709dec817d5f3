// Timer: calls an element, or a function, at a steady time.
#ifndef CLICK_TIMER_HH
#define CLICK_TIMER_HH
#include <click/router.hh>
CLICK_DECLS
class RouterThread;
typedef void (*TimerCallback)(Timer *, void *);
typedef TimerCallback TimerHook;

class Timer { public:
    Timer() : Timer(do_nothing, nullptr) {}
    Timer(Element *e) : _hook(nullptr), _data(e) {}
    Timer(const Timer &x) : _hook(x._hook), _data(x._data) {}
    Timer(Task *t);
    Timer(TimerCallback f, void *user_data = nullptr) : _hook(f), _data(user_data) {}
    ~Timer();
    struct do_nothing_t {};
    Timer(const do_nothing_t &) : Timer() {}
    static void do_nothing(Timer *, void *) {}
    void assign(Element *e) { _hook = nullptr, _data = e; }
    void assign(TimerCallback f, void *user_data) { _hook = f, _data = user_data; }
    void initialize(Element *owner, bool quiet = false);
    void initialize(Router *);
    bool initialized() const { return _thread; }
    bool scheduled() const { return _index >= 0; }
    const Timestamp &expiry_steady() const { return _expiry; }
    /** As a wall-clock time. */
    Timestamp expiry() const { return _expiry ? Timestamp::now() + (_expiry - Timestamp::now_steady()) : Timestamp(); }
    /** How much later than it should a timer may fire. */
    static Timestamp adjustment() { return Timestamp(); }
    void schedule_at_steady(const Timestamp &);
    void schedule_now() { schedule_at_steady(Timestamp::recent_steady()); }
    void schedule_after(const Timestamp &delta) { schedule_at_steady(Timestamp::now_steady() + delta); }
    void schedule_after_sec(uint32_t s) { schedule_after(Timestamp::make_sec(s)); }
    void schedule_after_msec(uint32_t ms) { schedule_after(Timestamp::make_msec(ms)); }
    void schedule_after_s(uint32_t s) { schedule_after_sec(s); }
    void schedule_after_ms(uint32_t ms) { schedule_after_msec(ms); }
    /** At a wall-clock time; what sets the clock later does not move it. */
    void schedule_at(const Timestamp &when) { schedule_at_steady(Timestamp::now_steady() + (when - Timestamp::now())); }
    void reschedule_at(const Timestamp &when) { schedule_at(when); }
    void reschedule_at_steady(const Timestamp &when) { schedule_at_steady(when); }
    /** After the last expiry, so that a period does not drift. */
    void reschedule_after(const Timestamp &delta) { schedule_at_steady(_expiry + delta); }
    void reschedule_after_sec(uint32_t s) { reschedule_after(Timestamp::make_sec(s)); }
    void reschedule_after_msec(uint32_t ms) { reschedule_after(Timestamp::make_msec(ms)); }
    void unschedule();
    void clear() { unschedule(); }
    Element *element() const { return _owner; }
    TimerCallback callback() const { return _hook; }
    void *user_data() const { return _data; }
    Router *router() const { return _owner ? _owner->router() : nullptr; }
    RouterThread *thread() const { return _thread; }
    int home_thread_id() const;
    void cleanup() { unschedule(); }
    /** Until the next assign(): fire, and do nothing. */
    void assign() { assign(do_nothing, nullptr); }
    void fire();
  private:
    friend class RouterThread;
    TimerCallback _hook;
    void *_data;
    Element *_owner = nullptr;
    RouterThread *_thread = nullptr;
    int _index = -1;
    Timestamp _expiry;
};

CLICK_ENDDECLS
#endif
