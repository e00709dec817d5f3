// The driver loop: tasks by stride, timers by heap, descriptors by poll().
#include <click/config.h>
#include <click/master.hh>
#include <click/router.hh>
#include <fcntl.h>
#include <unistd.h>
CLICK_DECLS

// ---- Task

Task::~Task() { unschedule(); }
void Task::initialize(Element *owner, bool schedule) {
    _owner = owner;
    initialize(owner->router(), schedule);
}
void Task::initialize(Router *r, bool schedule) {
    _master = r->master();
    if (schedule)
        reschedule();
}
void Task::reschedule() {
    if (!_scheduled && _master) {
        _scheduled = true;
        _master->insert(this);
    }
}
void Task::unschedule() {
    if (_scheduled) {
        _scheduled = false;
        _master->remove(this);
    }
}
bool Task::fire() { return _hook ? _hook(this, _data) : static_cast<Element *>(_data)->run_task(this); }

// ---- Timer

static void reschedule_task(Timer *, void *task) { static_cast<Task *>(task)->reschedule(); }
Timer::Timer(Task *t) : Timer(reschedule_task, t) {}
void Timer::initialize(Element *owner, bool) {
    _owner = owner;
    initialize(owner->router());
}
void Timer::initialize(Router *r) { _master = r->master(); }
void Timer::fire() {
    if (_hook)
        _hook(this, _data);
    else
        static_cast<Element *>(_data)->run_timer(this);
}
void Timer::schedule_at_steady(const Timestamp &when) {
    assert(_master);
    _expiry = when;
    if (_index < 0) {
        _index = _master->_heap.size();
        _master->_heap.push_back(this);
    }
    _master->sift(_index);
}
void Timer::unschedule() {
    if (_index >= 0)
        _master->remove(this);
}

// ---- Master

Master::Master() {
    if (pipe2(_wake, O_NONBLOCK | O_CLOEXEC) < 0)
        _wake[0] = _wake[1] = -1;
    _fds.push_back(pollfd{_wake[0], POLLIN, 0});
    _watchers.push_back(Watcher());
}

Master::~Master() {
    close(_wake[0]);
    close(_wake[1]);
}

void Master::wake() {
    char c = 0;
    (void) !write(_wake[1], &c, 1);
}

void Master::interrupt() {
    _interrupted = true;
    wake();
}

void Master::insert(Task *t) {
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

void Master::remove(Task *t) {
    if (t->_next == t)
        _tasks = nullptr;
    else {
        t->_prev->_next = t->_next, t->_next->_prev = t->_prev;
        if (_tasks == t)
            _tasks = t->_next;
    }
    t->_next = t->_prev = nullptr;
}

void Master::run_tasks() {
    for (int i = 0; _tasks && i < tasks_per_round; ++i) {
        Task *t = _tasks;
        remove(t);
        t->_scheduled = false;
        t->_pass += Task::STRIDE1 / t->_tickets;
        t->fire();
    }
}

void Master::sift(int i) {
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

void Master::remove(Timer *t) {
    int i = t->_index;
    Timer *last = _heap.back();
    _heap.pop_back();
    t->_index = -1;
    if (last != t) {
        place(last, i);
        sift(i);
    }
}

void Master::run_timers() {
    Timestamp now = Timestamp::recent_steady();
    for (int n = _heap.size() + 16; n > 0 && !_heap.empty() && _heap[0]->_expiry <= now; --n) {
        Timer *t = _heap[0];
        remove(t);
        t->fire();
    }
}

int Master::add_select(int fd, Element *e, int mask) {
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

int Master::remove_select(int fd, Element *, int mask) {
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

void Master::forget_element(Element *e) {
    for (int i = _fds.size() - 1; i > 0; --i)
        if (_watchers[i].read == e || _watchers[i].write == e)
            remove_select(_fds[i].fd, e, Element::SELECT_READ | Element::SELECT_WRITE);
}

void Master::poll_fds(int wait_ms) {
    int n = poll(_fds.begin(), _fds.size(), wait_ms);
    Timestamp::refresh_recent();
    if (n <= 0)
        return;
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
    for (int k = 0; k < nready; ++k)
        for (int i = 1; i < _fds.size(); ++i)
            if (_fds[i].fd == ready[k].fd && (_watchers[i].read == ready[k].e || _watchers[i].write == ready[k].e)) {
                ready[k].e->selected(ready[k].fd, ready[k].mask);
                break;
            }
}

void Master::run_once(int max_wait_ms) {
    run_tasks();
    int wait = max_wait_ms;
    if (_tasks || _interrupted)
        wait = 0;
    else if (!_heap.empty()) {
        int64_t ns = (_heap[0]->_expiry - Timestamp::now_steady()).ns(), ms = ns <= 0 ? 0 : (ns + 999999) / 1000000;
        if (wait < 0 || ms < wait)
            wait = (int) (ms > 60000 ? 60000 : ms);
    }
    poll_fds(wait);
    run_timers();
}

void Master::run(Router *router) {
    Timestamp::refresh_recent();
    while (!_interrupted && !router->stopping())
        run_once(-1);
}

CLICK_ENDDECLS
