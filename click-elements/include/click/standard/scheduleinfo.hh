#ifndef CLICK_STANDARD_SCHEDULEINFO_HH
#define CLICK_STANDARD_SCHEDULEINFO_HH
#include <click/task.hh>
CLICK_DECLS
class ScheduleInfo { public:
    static void initialize_task(Element *e, Task *t, bool schedule, ErrorHandler *) { t->initialize(e, schedule); }
    static void initialize_task(Element *e, Task *t, ErrorHandler *errh) { initialize_task(e, t, true, errh); }
    /** For elements whose task is needed only if port 0 is to be pulled or pushed by it. */
    static void join_scheduler(Element *e, Task *t, ErrorHandler *errh) { initialize_task(e, t, true, errh); }
};
CLICK_ENDDECLS
#endif
