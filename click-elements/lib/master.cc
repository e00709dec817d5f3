// The threads of the driver: starting and ending them, halting them for what must not meet them, hot swap.
#include <click/config.h>
#include <click/master.hh>
#include <click/router.hh>
#include <pthread.h>
#include <sched.h>
CLICK_DECLS

namespace {
unsigned max_cpu_ids = 1;
pthread_mutex_t parking = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t unparked = PTHREAD_COND_INITIALIZER;
}

unsigned click_max_cpu_ids() { return max_cpu_ids; }

Master::Master(int nthreads) {
    for (int i = 0; i < nthreads; ++i)
        _threads.push_back(new RouterThread(this, i));
    max_cpu_ids = nthreads;
    if (nthreads > 1)
        click_multithreaded = true;
}

Master::~Master() {
    for (RouterThread *t : _threads)
        delete t;
}

void Master::interrupt() {
    _interrupted = true;
    wake();
}

bool Master::should_return() const { return _interrupted || _stop || _block.load(std::memory_order_relaxed) || (_router && (_router->stopping() || _router->stop_requested())); }

int Master::add_select(int fd, Element *e, int mask) { return e->home_thread()->add_select(fd, e, mask); }
int Master::remove_select(int fd, Element *e, int mask) { return e->home_thread()->remove_select(fd, mask); }
void Master::forget_element(Element *e) {
    for (RouterThread *t : _threads)
        t->forget_element(e);
}

// ---- Running

/** The calling thread, which is thread @a id; if the CPU is not there, it runs where it may. */
void Master::pin(int id) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((_first_cpu + id) % CPU_SETSIZE, &set);
    if (int error = pthread_setaffinity_np(pthread_self(), sizeof set, &set))
        click_chatter("warning: thread %d cannot be pinned to CPU %d: %s", id, _first_cpu + id, strerror(error));
}

void Master::drive(RouterThread *t) {
    if (_first_cpu >= 0)
        pin(t->thread_id());
    for (;;) {
        if (unlikely(_block.load(std::memory_order_relaxed)) && !blocked_by_me())
            park();
        if (unlikely(_next && t->thread_id() == 0))
            swap();
        if (unlikely(_router->stop_requested() && t->thread_id() == 0))
            _router->filter_stop_requests();
        if (unlikely(_interrupted || _stop || _router->stopping()))
            return;
        t->run_once(-1);
    }
}

void *Master::thread_main(void *arg) {
    RouterThread *t = (RouterThread *) arg;
    click_thread_id = t->thread_id();
    Master *m = t->master();
    m->drive(t);
    m->_parked++;           // it meets nobody any more
    m->wake();              // whatever ended it ends the others
    Packet::drain_pool();
    return nullptr;
}

void Master::run(Router *&router) {
    Timestamp::refresh_recent();
    _router = router;
    _stop = false;
    _parked = 0;
    _running = true;
    Vector<pthread_t> others;
    for (int i = 1; i < nthreads(); ++i) {
        pthread_t id;
        int error = pthread_create(&id, nullptr, thread_main, _threads[i]);
        if (error) {
            click_chatter("thread %d: %s", i, strerror(error));
            _interrupted = true;
            break;
        }
        others.push_back(id);
    }
    drive(_threads[0]);
    _stop = true;
    for (RouterThread *t : _threads)
        t->wake();
    for (pthread_t id : others)
        pthread_join(id, nullptr);
    _running = false;
    router = _router;
}

// ---- Halting the others

void Master::park() {
    pthread_mutex_lock(&parking);
    ++_parked;
    while (_block.load())
        pthread_cond_wait(&unparked, &parking);
    --_parked;
    pthread_mutex_unlock(&parking);
}

void Master::block_others() {
    if (nthreads() == 1 || !running())
        return;
    if (blocked_by_me()) {
        ++_block_depth;
        return;
    }
    for (int none = 0; !_block.compare_exchange_strong(none, 1); none = 0)
        park();             // somebody else halts us first
    _blocker = click_thread_id;
    _block_depth = 1;
    for (RouterThread *t : _threads)
        if (t->thread_id() != click_thread_id)
            t->wake();
    while (_parked.load() < nthreads() - 1)
        sched_yield();
}

void Master::unblock_others() {
    if (!blocked_by_me() || --_block_depth)
        return;
    _blocker = -1;
    pthread_mutex_lock(&parking);
    _block = 0;
    pthread_cond_broadcast(&unparked);
    pthread_mutex_unlock(&parking);
}

// ---- Hot swap

void Master::hot_swap(Router *next) {
    block_others();         // until swap(): the new router's tasks must not run before they have their state
    delete _next;
    _next = next;
    wake();
}

void Master::swap() {
    block_others();
    Router *old = _router;
    _router = _next;
    _router->take_state();
    _next = nullptr;
    delete old;
    while (blocked_by_me())
        unblock_others();
}

CLICK_ENDDECLS
