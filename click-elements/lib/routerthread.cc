// The driver loop: tasks by stride, timers by heap, descriptors by poll(). Each thread touches only what is its own;
// what another thread wants of it goes into a list of requests.
#include <click/config.h>
#include <click/master.hh>
#include <click/packet.hh>
#include <click/router.hh>
#include <click/simtime.hh>
#include <fcntl.h>
#include <unistd.h>
CLICK_DECLS

thread_local int click_thread_id = 0;
bool click_multithreaded = false;

// ---- Task

Task::~Task() {
    unschedule();
    if (_thread && _asked)
        _thread->forget(this);
}
void Task::initialize(RouterThread *thread, bool schedule) {
    _thread = thread;
    if (schedule)
        reschedule();
}
void Task::initialize(Element *owner, bool schedule) {
    _owner = owner;
    initialize(owner->home_thread(), schedule);
}
void Task::initialize(Router *r, bool schedule) { initialize(r->master()->thread(0), schedule); }
int Task::home_thread_id() const { return _thread ? _thread->thread_id() : 0; }
Router *Task::router() const { return _owner ? _owner->router() : nullptr; }
Master *Task::master() const { return _thread->master(); }
void Task::move_thread(int id) {
    bool on = scheduled();
    unschedule();
    _thread = _thread->master()->thread(id);
    if (on)
        reschedule();
}

void Task::reschedule() {
    if (!_thread)
        return;
    if (_thread->here()) {
        if (!_scheduled) {
            _scheduled = true;
            _thread->insert(this);
        }
    } else {
        // Against run_tasks(): either it sees what we did before, or we see that the task is not scheduled any more.
        std::atomic_thread_fence(std::memory_order_seq_cst);
        if (!_scheduled || _asked)
            _thread->ask(this, '+');
    }
}
void Task::unschedule() {
    if (!_thread)
        return;
    if (!_thread->here())
        _thread->ask(this, '-');
    else if (_scheduled) {
        _scheduled = false;
        _thread->remove(this);
    }
}
bool Task::fire() { return _hook ? _hook(this, _data) : static_cast<Element *>(_data)->run_task(this); }

// ---- Timer

static void reschedule_task(Timer *, void *task) { static_cast<Task *>(task)->reschedule(); }
Timer::Timer(Task *t) : Timer(reschedule_task, t) {}
Timer::~Timer() {
    unschedule();
    if (_thread && click_multithreaded)
        _thread->forget(this);
}
void Timer::initialize(Element *owner, bool) {
    _owner = owner;
    _thread = owner->home_thread();
}
void Timer::initialize(Router *r) { _thread = r->master()->thread(0); }
void Timer::fire() {
    if (_hook)
        _hook(this, _data);
    else
        static_cast<Element *>(_data)->run_timer(this);
}
int Timer::home_thread_id() const { return _thread ? _thread->thread_id() : -1; }
void Timer::schedule_at_steady(const Timestamp &when) {
    assert(_thread);
    if (_thread->here())
        _thread->insert(this, when);
    else
        _thread->ask(this, true, when);
}
void Timer::unschedule() {
    if (_thread && !_thread->here())
        _thread->ask(this, false, Timestamp());
    else if (_index >= 0)
        _thread->remove(this);
}

// ---- RouterThread

RouterThread::RouterThread(Master *master, int id) : _master(master), _id(id) {
    if (pipe2(_wake, O_NONBLOCK | O_CLOEXEC) < 0)
        _wake[0] = _wake[1] = -1;
    _fds.push_back(pollfd{_wake[0], POLLIN, 0});
    _watchers.push_back(Watcher());
}

RouterThread::~RouterThread() {
    close(_wake[0]);
    close(_wake[1]);
}

bool RouterThread::here() const {
    return !click_multithreaded || !_master->running() || click_thread_id == _id || _master->blocked_by_me();
}

void RouterThread::wake() {
    char c = 0;
    (void) !write(_wake[1], &c, 1);
}

void RouterThread::wake_if_asleep() {
    if (_asleep.exchange(false))
        wake();
}

// ---- Requests of other threads

void RouterThread::ask(Task *t, char what) {
    _lock.acquire();
    if (!t->_asked)
        _wanted_tasks.push_back(t);
    t->_asked = what;
    _wanted = true;
    _lock.release();
    wake_if_asleep();
}

void RouterThread::ask(Timer *t, bool schedule, const Timestamp &when) {
    _lock.acquire();
    _wanted_timers.push_back(TimerRequest{t, schedule, when});
    _wanted = true;
    _lock.release();
    wake_if_asleep();
}

void RouterThread::forget(Task *t) {
    _lock.acquire();
    for (int i = _wanted_tasks.size() - 1; i >= 0; --i)
        if (_wanted_tasks[i] == t)
            _wanted_tasks.erase(_wanted_tasks.begin() + i);
    _lock.release();
}

void RouterThread::forget(Timer *t) {
    _lock.acquire();
    for (int i = _wanted_timers.size() - 1; i >= 0; --i)
        if (_wanted_timers[i].timer == t)
            _wanted_timers.erase(_wanted_timers.begin() + i);
    _lock.release();
}

void RouterThread::take_requests() {
    _lock.acquire();
    Vector<Task *> tasks;
    Vector<TimerRequest> timers;
    tasks.swap(_wanted_tasks);
    timers.swap(_wanted_timers);
    _wanted = false;
    Vector<char> what;
    for (Task *t : tasks) {
        what.push_back(t->_asked);
        t->_asked = 0;
    }
    _lock.release();
    for (int i = 0; i < tasks.size(); ++i)
        if (what[i] == '+') tasks[i]->reschedule();
        else tasks[i]->unschedule();
    for (const TimerRequest &r : timers)
        if (r.schedule) r.timer->schedule_at_steady(r.when);
        else r.timer->unschedule();
}

// ---- Tasks

void RouterThread::insert(Task *t) {
    if (!_tasks) {
        t->_next = t->_prev = t;
        _tasks = t;
        return;
    }
    // A task that slept does not get the time it missed.
    if ((int32_t) (t->_pass - _tasks->_pass) < 0)
        t->_pass = _tasks->_pass;
    Task *before = _tasks;     // from the back: the usual place is the last
    for (Task *x = _tasks->_prev; ; x = x->_prev) {
        if ((int32_t) (x->_pass - t->_pass) <= 0) break;
        before = x;
        if (x == _tasks) break;
    }
    t->_next = before, t->_prev = before->_prev;
    before->_prev->_next = t, before->_prev = t;
    if (before == _tasks && (int32_t) (_tasks->_pass - t->_pass) > 0)
        _tasks = t;
}

void RouterThread::remove(Task *t) {
    if (t->_next == t)
        _tasks = nullptr;
    else {
        t->_prev->_next = t->_next, t->_next->_prev = t->_prev;
        if (_tasks == t)
            _tasks = t->_next;
    }
    t->_next = t->_prev = nullptr;
}

void RouterThread::run_tasks() {
    for (int i = 0; _tasks && i < tasks_per_round && !_master->next_router(); ++i) {
        Task *t = _tasks;
        remove(t);
        t->_scheduled = false;
        if (click_multithreaded)
            std::atomic_thread_fence(std::memory_order_seq_cst);
        t->_pass += Task::STRIDE1 / t->_tickets;
        t->fire();
    }
}

// ---- Timers

void RouterThread::sift(int i) {
    Timer *t = _heap[i];
    while (i > 0 && t->_expiry < _heap[(i - 1) / 2]->_expiry) {
        place(_heap[(i - 1) / 2], i);
        i = (i - 1) / 2;
    }
    for (int child; (child = 2 * i + 1) < _heap.size(); i = child) {
        if (child + 1 < _heap.size() && _heap[child + 1]->_expiry < _heap[child]->_expiry) ++child;
        if (t->_expiry <= _heap[child]->_expiry) break;
        place(_heap[child], i);
    }
    place(t, i);
}

void RouterThread::insert(Timer *t, const Timestamp &when) {
    t->_expiry = when;
    if (t->_index < 0) {
        t->_index = _heap.size();
        _heap.push_back(t);
    }
    sift(t->_index);
}

void RouterThread::remove(Timer *t) {
    int i = t->_index;
    Timer *last = _heap.back();
    _heap.pop_back();
    t->_index = -1;
    if (last != t) {
        place(last, i);
        sift(i);
    }
}

void RouterThread::run_timers() {
    Timestamp now = Timestamp::recent_steady();
    for (int n = _heap.size() + 16; n > 0 && !_heap.empty() && _heap[0]->_expiry <= now && !_master->next_router(); --n) {
        Timer *t = _heap[0];
        remove(t);
        t->fire();
    }
}

// ---- File descriptors

int RouterThread::add_select(int fd, Element *e, int mask) {
    if (fd < 0 || !(mask & (Element::SELECT_READ | Element::SELECT_WRITE)))
        return -1;
    int i = 1;
    while (i < _fds.size() && _fds[i].fd != fd) ++i;
    if (i == _fds.size()) {
        _fds.push_back(pollfd{fd, 0, 0});
        _watchers.push_back(Watcher());
    }
    if (mask & Element::SELECT_READ) _fds[i].events |= POLLIN, _watchers[i].read = e;
    if (mask & Element::SELECT_WRITE) _fds[i].events |= POLLOUT, _watchers[i].write = e;
    return 0;
}

int RouterThread::remove_select(int fd, int mask) {
    for (int i = 1; i < _fds.size(); ++i)
        if (_fds[i].fd == fd) {
            if (mask & Element::SELECT_READ) _fds[i].events &= ~POLLIN, _watchers[i].read = nullptr;
            if (mask & Element::SELECT_WRITE) _fds[i].events &= ~POLLOUT, _watchers[i].write = nullptr;
            if (!_fds[i].events) {
                _fds[i] = _fds.back(), _watchers[i] = _watchers.back();
                _fds.pop_back(), _watchers.pop_back();
            }
            return 0;
        }
    return -1;
}

void RouterThread::forget_element(Element *e) {
    for (int i = _fds.size() - 1; i > 0; --i)
        if (_watchers[i].read == e || _watchers[i].write == e)
            remove_select(_fds[i].fd, Element::SELECT_READ | Element::SELECT_WRITE);
}

/** True if a descriptor was ready. */
bool RouterThread::poll_fds(int64_t wait_ns) {
    if (wait_ns) {
        // Against wake_if_asleep(): either the asker sees that we sleep, or we see what it wants.
        _asleep = true;
        if (_wanted)
            wait_ns = 0;
    }
    struct timespec wait = {(time_t) (wait_ns / 1000000000), (long) (wait_ns % 1000000000)};
    int n = ppoll(_fds.begin(), _fds.size(), wait_ns < 0 ? nullptr : &wait, nullptr);
    _asleep.store(false, std::memory_order_relaxed);
    Timestamp::refresh_recent();
    if (n <= 0)
        return false;
    if (_fds[0].revents) {
        char drain[64];
        while (read(_wake[0], drain, sizeof drain) > 0) {}
    }
    // Elements may add and remove descriptors meanwhile, so take the list of what is ready first.
    struct Ready { int fd, mask; Element *e; } ready[64];
    int nready = 0;
    for (int i = 1; i < _fds.size() && nready < 62; ++i) {
        short r = _fds[i].revents;
        if (!r)
            continue;
        int mask = (r & (POLLIN | POLLERR | POLLHUP | POLLNVAL) ? Element::SELECT_READ : 0) | (r & (POLLOUT | POLLERR | POLLHUP | POLLNVAL) ? Element::SELECT_WRITE : 0);
        const Watcher &w = _watchers[i];
        if (w.read && w.read == w.write)
            ready[nready++] = Ready{_fds[i].fd, mask, w.read};
        else {
            if (w.read && (mask & Element::SELECT_READ)) ready[nready++] = Ready{_fds[i].fd, Element::SELECT_READ, w.read};
            if (w.write && (mask & Element::SELECT_WRITE)) ready[nready++] = Ready{_fds[i].fd, Element::SELECT_WRITE, w.write};
        }
    }
    for (int k = 0; k < nready && !_master->next_router(); ++k)
        for (int i = 1; i < _fds.size(); ++i)
            if (_fds[i].fd == ready[k].fd && (_watchers[i].read == ready[k].e || _watchers[i].write == ready[k].e)) {
                ready[k].e->selected(ready[k].fd, ready[k].mask);
                break;
            }
    return true;
}

enum { lull_ns = 250000000 };

void RouterThread::run_once(int max_wait_ms) {
    if (_wanted)
        take_requests();
    run_tasks();
    if (_master->next_router())
        return;
    int64_t wait = max_wait_ms < 0 ? -1 : int64_t(max_wait_ms) * 1000000;
    bool idle = !_tasks && !_master->should_return();
    if (!idle || (SimTime::on() && !_heap.empty()))
        wait = 0;
    else if (!_heap.empty()) {
        int64_t ns = (_heap[0]->_expiry - Timestamp::now_steady()).ns();
        if (ns < 0)
            ns = 0;
        if (wait < 0 || ns < wait)
            wait = ns;
    }
    // After a load its packets' memory goes back to the system, once nothing has happened for a while.
    const bool lull = idle && (wait < 0 || wait > lull_ns) && Packet::pool_has_spare();
    if (lull)
        wait = lull_ns;
    const bool any = poll_fds(wait);
    if (lull && !any)
        Packet::trim_pool();
    if (!any && idle && SimTime::on() && !_heap.empty()) {
        SimTime::advance(_heap[0]->_expiry);       // here others would wait
        Timestamp::refresh_recent();
    }
    run_timers();
}

CLICK_ENDDECLS
