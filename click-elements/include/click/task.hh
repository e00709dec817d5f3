// Task: work to be done as often as fairness allows. Tasks share the CPU by stride scheduling: each run costs
// a task a stride inversely proportional to its tickets.
#ifndef CLICK_TASK_HH
#define CLICK_TASK_HH
#include <click/router.hh>
#include <click/sync.hh>
CLICK_DECLS
class Master;
class RouterThread;
typedef bool (*TaskCallback)(Task *, void *);
typedef TaskCallback TaskHook;

class Task { public:
    enum { STRIDE1 = 1 << 16, MAX_TICKETS = 1 << 15, DEFAULT_TICKETS = 1024 };
    explicit Task(Element *e) : _hook(nullptr), _data(e) {}
    Task(TaskCallback f, void *user_data) : _hook(f), _data(user_data) {}
    ~Task();
    void initialize(Element *owner, bool schedule);
    void initialize(Router *, bool schedule);
    bool initialized() const { return _thread; }
    Element *element() const { return _owner; }
    TaskCallback callback() const { return _hook; }
    TaskCallback hook() const { return _hook; }
    void *user_data() const { return _data; }
    bool needs_cleanup() const { return _thread; }
    void cleanup() { unschedule(); }
    bool scheduled() const { return _scheduled; }
    /** Run again soon, on the task's own thread. fast_reschedule() is the same, for use in run_task(). */
    void reschedule();
    void fast_reschedule() { reschedule(); }
    void strong_reschedule() { reschedule(); }
    void strong_unschedule() { unschedule(); }
    void fast_schedule() { reschedule(); }
    void unschedule();
    int tickets() const { return _tickets; }
    void set_tickets(int n) { _tickets = n < 1 ? 1 : n > MAX_TICKETS ? int(MAX_TICKETS) : n; }
    void adjust_tickets(int delta) { set_tickets(_tickets + delta); }
    RouterThread *thread() const { return _thread; }
    int home_thread_id() const;
    /** Only while the task's thread does not run, or from it. */
    void move_thread(int id);
    Router *router() const;
    Master *master() const;
    bool fire();
  private:
    friend class RouterThread;
    void initialize(RouterThread *, bool schedule);
    TaskCallback _hook;
    void *_data;
    Element *_owner = nullptr;
    RouterThread *_thread = nullptr;
    Task *_next = nullptr, *_prev = nullptr;
    uint32_t _pass = 0;
    int _tickets = DEFAULT_TICKETS;
    std::atomic<bool> _scheduled{false};
    std::atomic<char> _asked{0};      // by another thread: '+' to run, '-' not to
};

/** Passes, the times of stride scheduling, wrap around. */
#define PASS_GT(a, b) ((int32_t) ((a) - (b)) > 0)
#define PASS_GE(a, b) ((int32_t) ((a) - (b)) >= 0)

CLICK_ENDDECLS
#include <click/timer.hh>
#endif
