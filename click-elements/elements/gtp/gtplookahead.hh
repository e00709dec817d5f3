#ifndef LCLICK_GTPLOOKAHEAD_HH
#define LCLICK_GTPLOOKAHEAD_HH
#include <click/batchelement.hh>
CLICK_DECLS

/** What was found out of a batch's packets before the work on them, so that memory is asked for in time: in each stage for what the one before it
    has found the place of. All packets go through a stage before the first one goes through the next: meanwhile memory answers. What else of the work needs
    no memory belongs between the stages. */
template <typename T> class GTPLookAhead { public:
    /** That of @a p; the packets of a batch are asked for in their order. @a stages(packet, T &) are done in theirs. */
    template <typename... Stages> T &of(Packet *p, Stages... stages) {
        if (unlikely(_next == _looked)) look(p, stages...);
        return _found[_next++];
    }
    /** Has @a stages done with @a p and those behind it, so far as there is room; of() finds them then. How many they are is returned. It stands apart, so that what asks
        for a packet is no more than that. */
    template <typename First, typename... Stages> __attribute__((noinline)) unsigned look(Packet *p, First first, Stages... stages) {
        unsigned n = 0;
        for (; p && n < size; p = p->next()) {
            _packet[n] = p;
            first(p, _found[n++]);
        }
        _looked = n, _next = 0;
        int each[] = {0, (proceed(stages), 0)...};
        (void) each;
        return n;
    }

  private:
    /** Of a longer batch so many at a time: more than a processor can have asked for, and few enough to be in its cache. */
    enum { size = 64 };
    T _found[size];
    Packet *_packet[size];
    unsigned _next = 0, _looked = 0;

    template <typename Stage> void proceed(Stage stage) {
        for (unsigned i = 0; i < _looked; ++i)
            stage(_packet[i], _found[i]);
    }
};

CLICK_ENDDECLS
#endif
