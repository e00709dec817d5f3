#ifndef LCLICK_GTPLOOKAHEAD_HH
#define LCLICK_GTPLOOKAHEAD_HH
#include <click/batchelement.hh>
CLICK_DECLS

/** What was found out of a batch's next packets before the work on them, so that memory is asked for in time. */
template <typename T> class GTPLookAhead { public:
    /** That of @a p; the packets of a batch are asked for in their order. @a look(packet, T &) for those to come, then @a ask(T &) for each. */
    template <typename Look, typename Ask> T &of(Packet *p, Look look, Ask ask) {
        if (_next == _n) {
            _next = _n = 0;
            for (Packet *q = p; q && _n < size; q = q->next())
                look(q, _found[_n++]);
            for (unsigned i = 0; i < _n; ++i)
                ask(_found[i]);
        }
        return _found[_next++];
    }

  private:
    /** What a processor can have asked for at a time, two lines each, and go on: with 32 it waits. */
    enum { size = 16 };
    T _found[size];
    unsigned _next = 0, _n = 0;
};

CLICK_ENDDECLS
#endif
