#ifndef EVERYNTH_HH
#define EVERYNTH_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
EveryNth(N)
=s classification
picks one packet of N
=d
Pushes every Nth packet to output 1, or drops it if there is none, and the others to output 0. An element as a third party would write it: it
compiles for Click as it stands.
=h n read/write
=h count read-only
Packets picked.
*/
class EveryNth : public Element { public:
    EveryNth() : _n(1), _seen(0), _count(0) {}
    const char *class_name() const { return "EveryNth"; }
    const char *port_count() const { return "1/1-2"; }
    const char *processing() const { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *);
    void add_handlers();
    void push(int, Packet *);
  private:
    uint32_t _n, _seen, _count;
};

CLICK_ENDDECLS
#endif
