// GradualRead: a handler's value that takes long to make, made bit by bit between packets.
#ifndef CLICK_GRADUALREAD_HH
#define CLICK_GRADUALREAD_HH
#include <click/glue.hh>
CLICK_DECLS
class Element;
class StringAccum;

/** One reading of a handler. Who asked calls more() until it is whole, now and then, and deletes it, whole or not. */
class GradualRead { public:
    virtual ~GradualRead() {}
    /** Append some more, which takes some tens of microseconds. True: that was the last. */
    virtual bool more(StringAccum &) = 0;
};

/** Begins one. It must not outlive the element. */
typedef GradualRead *(*GradualReadCallback)(Element *, void *user_data);

CLICK_ENDDECLS
#endif
