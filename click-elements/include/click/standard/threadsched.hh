#ifndef CLICK_STANDARD_THREADSCHED_HH
#define CLICK_STANDARD_THREADSCHED_HH
#include <click/element.hh>
CLICK_DECLS
/** Says which thread an element's tasks and timers run on; put in place with Router::set_thread_sched() before elements are initialised. */
class ThreadSched { public:
    enum { THREAD_QUIESCENT = -1, THREAD_UNKNOWN = -1000 };
    ThreadSched() {}
    virtual ~ThreadSched() {}
    virtual int initial_home_thread_id(const Element *) { return THREAD_UNKNOWN; }
};
CLICK_ENDDECLS
#endif
