#ifndef CLICK_STANDARD_SCHEDULEINFO_HH
#define CLICK_STANDARD_SCHEDULEINFO_HH
#include <click/task.hh>
CLICK_DECLS

/*
=c
ScheduleInfo(ELEMENT PARAM, ...)
=s information
says how often elements' tasks run
=d
PARAM is a real number, 1 for elements that are not named: the task of an element with 2 runs four times as often as that of one
with 0.5, as long as both have work. A compound's name scales all of its elements, unless the full name of one is given.
=a StaticThreadSched
*/
class ScheduleInfo : public Element { public:
    enum { FRAC_BITS = 10 };
    const char *class_name() const override { return "ScheduleInfo"; }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    int configure(Vector<String> &, ErrorHandler *) override;
    /** @a e's parameter, times 2^FRAC_BITS; false if the element is to have no task at all (0). */
    static bool query(Element *e, int &scaled, ErrorHandler *errh = nullptr);
    /** Give @a t its tickets and, with @a schedule, start it. */
    static void initialize_task(Element *e, Task *t, bool schedule, ErrorHandler *);
    static void initialize_task(Element *e, Task *t, ErrorHandler *errh) { initialize_task(e, t, true, errh); }
    static void join_scheduler(Element *e, Task *t, ErrorHandler *errh) { initialize_task(e, t, true, errh); }
};

CLICK_ENDDECLS
#endif
