// Master: the threads of the driver, the router that they run, and the one that shall replace it.
#ifndef CLICK_MASTER_HH
#define CLICK_MASTER_HH
#include <click/routerthread.hh>
CLICK_DECLS

class Master { public:
    explicit Master(int nthreads = 1);
    ~Master();
    int nthreads() const { return _threads.size(); }
    RouterThread *thread(int i) const { return _threads[i >= 0 && i < nthreads() ? i : 0]; }
    /** Pin thread i to CPU @a first_cpu + i when run() begins. */
    void set_affinity(int first_cpu) { _first_cpu = first_cpu; }
    /** Run @a router, and what hot swaps put in its place, until one asks to stop or a signal does. @a router is then the last one. */
    void run(Router *&router);
    /** Async-signal-safe: end run(). */
    void interrupt();
    void wake() { _threads[0]->wake(); }
    bool running() const { return _running.load(std::memory_order_relaxed); }

    /** Has the process given up what it takes to open devices? Elements then make do with what they have open. */
    bool confined() const { return _confined; }
    void set_confined() { _confined = true; }

    /** Replace the running router by @a next, initialised and with no state yet, before anything else runs. Takes it over. */
    void hot_swap(Router *next);
    Router *next_router() const { return _next; }

    /** Something waits for the round to end. */
    bool should_return() const;

    /** Halt all threads but the caller's between two rounds; nests. */
    void block_others();
    void unblock_others();
    bool blocked_by_me() const { return _blocker.load(std::memory_order_relaxed) == click_thread_id; }

    int add_select(int fd, Element *, int mask);
    int remove_select(int fd, Element *, int mask);
    void forget_element(Element *);

  private:
    friend class RouterThread;
    Vector<RouterThread *> _threads;
    Router *_router = nullptr, *_next = nullptr;
    std::atomic<bool> _running{false}, _interrupted{false}, _stop{false};
    std::atomic<int> _block{0}, _parked{0}, _blocker{-1};
    int _block_depth = 0, _first_cpu = -1;
    bool _confined = false;

    void pin(int thread_id);
    void drive(RouterThread *);
    void park();
    void swap();
    static void *thread_main(void *);
};

CLICK_ENDDECLS
#endif
