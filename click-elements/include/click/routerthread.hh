// RouterThread: one driver loop. Runs the tasks, timers and file descriptors whose home it is; sleeps in poll() when
// there is nothing. Thread 0 is the process's main thread.
#ifndef CLICK_ROUTERTHREAD_HH
#define CLICK_ROUTERTHREAD_HH
#include <click/sync.hh>
#include <click/task.hh>
#include <click/timer.hh>
#include <poll.h>
CLICK_DECLS
class Master;

class RouterThread { public:
    RouterThread(Master *, int id);
    ~RouterThread();
    Master *master() const { return _master; }
    int thread_id() const { return _id; }
    /** One round; waits at most @a max_wait_ms (-1: as long as it takes). */
    void run_once(int max_wait_ms);
    /** From any thread, and async-signal-safe: do not sleep this round. */
    void wake();

    int add_select(int fd, Element *, int mask);
    int remove_select(int fd, int mask);
    void forget_element(Element *);
    /** Is it the calling thread's, or does nothing run yet? */
    bool here() const;

  private:
    friend class Task;
    friend class Timer;
    friend class Master;
    enum { tasks_per_round = 64 };
    Master *_master;
    int _id;
    Task *_tasks = nullptr;           // ring, sorted by pass
    Vector<Timer *> _heap;
    Vector<struct pollfd> _fds;
    struct Watcher { Element *read = nullptr, *write = nullptr; };
    Vector<Watcher> _watchers;        // parallel to _fds
    int _wake[2];
    SimpleSpinlock _lock;             // for what other threads want
    Vector<Task *> _wanted_tasks;
    struct TimerRequest { Timer *timer; bool schedule; Timestamp when; };
    Vector<TimerRequest> _wanted_timers;
    std::atomic<bool> _wanted{false}, _asleep{false};

    void insert(Task *);
    void remove(Task *);
    void sift(int i);
    void place(Timer *t, int i) { _heap[i] = t; t->_index = i; }
    void insert(Timer *, const Timestamp &when);
    void remove(Timer *);
    void ask(Task *, char what);
    void ask(Timer *, bool schedule, const Timestamp &when);
    void forget(Task *);
    void forget(Timer *);
    void take_requests();
    void wake_if_asleep();
    void run_tasks();
    void run_timers();
    bool poll_fds(int64_t wait_ns);
};

CLICK_ENDDECLS
#endif
