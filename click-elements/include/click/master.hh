// Master: the driver loop. Runs tasks, timers and file descriptors; sleeps in poll() when there is nothing.
#ifndef CLICK_MASTER_HH
#define CLICK_MASTER_HH
#include <click/task.hh>
#include <click/timer.hh>
#include <poll.h>
CLICK_DECLS

class Master { public:
    Master();
    ~Master();
    /** Loop until @a router asks to stop, or a signal does. */
    void run(Router *router);
    /** One round; waits at most @a max_wait_ms (-1: as long as it takes). */
    void run_once(int max_wait_ms);
    /** Async-signal-safe: do not sleep this round. */
    void wake();
    /** Async-signal-safe: end run(). */
    void interrupt();

    int add_select(int fd, Element *, int mask);
    int remove_select(int fd, Element *, int mask);
    void forget_element(Element *);

  private:
    friend class Task;
    friend class Timer;
    Task *_tasks = nullptr;           // ring, sorted by pass
    Vector<Timer *> _heap;
    Vector<struct pollfd> _fds;
    struct Watcher { Element *read = nullptr, *write = nullptr; };
    Vector<Watcher> _watchers;        // parallel to _fds
    int _wake[2];
    volatile bool _interrupted = false;
    enum { tasks_per_round = 64 };

    void insert(Task *);
    void remove(Task *);
    void sift(int i);
    void place(Timer *t, int i) { _heap[i] = t; t->_index = i; }
    void remove(Timer *);
    void run_tasks();
    void run_timers();
    void poll_fds(int wait_ms);
};

CLICK_ENDDECLS
#endif
