#ifndef CLICK_STATICTHREADSCHED_HH
#define CLICK_STATICTHREADSCHED_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
StaticThreadSched(ELEMENT THREAD, ...)
=s threads
says which thread runs which element's tasks
=d
Each argument names an element, or a compound and with it all elements inside, and the number of the thread that runs
its tasks, timers and file descriptors; without one it is thread 0. Threads are made by `lclick -j N`. Packets pushed by
a task are handled on its thread until they meet a Queue; a Queue may be filled by one thread and emptied by another.
=e
  FromDevice(a) -> q :: Queue -> u :: Unqueue(BURST 32) -> ...
  StaticThreadSched(u 1)
*/
class StaticThreadSched : public Element { public:
    const char *class_name() const override { return "StaticThreadSched"; }
    int configure_phase() const override { return CONFIGURE_PHASE_FIRST; }
    int configure(Vector<String> &, ErrorHandler *) override;
};

CLICK_ENDDECLS
#endif
