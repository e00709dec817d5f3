#include <click/config.h>
#include "queue.hh"
CLICK_DECLS

void *Queue::port_cast(bool isoutput, int port, const char *name) {
    if (isoutput && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_nonempty);
    if (!isoutput && strcmp(name, Notifier::FULL_NOTIFIER) == 0)
        return static_cast<Notifier *>(&_nonfull);
    return Element::port_cast(isoutput, port, name);
}

void Queue::push(int, Packet *p) {
    if (enqueue(p))
        _nonempty.wake();
    if (_size >= _capacity)
        _nonfull.sleep();
}

Packet *Queue::pull(int) {
    Packet *p = dequeue();
    // Asleep only when a pull finds nothing: the last packet of a burst costs no notification.
    if (p)
        _nonfull.wake();
    else
        _nonempty.sleep();
    return p;
}

void Queue::changed() {
    if (!_size)
        _nonempty.sleep();
    if (_size < _capacity)
        _nonfull.wake();
    else
        _nonfull.sleep();
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(SimpleQueue)
EXPORT_ELEMENT(Queue)
