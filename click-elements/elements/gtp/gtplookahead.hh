#ifndef LCLICK_GTPLOOKAHEAD_HH
#define LCLICK_GTPLOOKAHEAD_HH
#include <click/batchelement.hh>
CLICK_DECLS

/** What was found out of a batch's next packets before the work on them, so that memory is asked for in time: in each stage for what the one before it
    has found the place of. Some packets at a time go through a stage, those before them through the next one, and so on: meanwhile memory answers. */
template <typename T> class GTPLookAhead { public:
    /** That of @a p; the packets of a batch are asked for in their order. @a look(packet, T &) is the first stage, then @a more(T &), each in its time. */
    template <typename Look, typename... More> T &of(Packet *p, Look look, More... more) {
        constexpr unsigned stages = 1 + sizeof...(More);
        static_assert(step * (stages + 1) <= size, "found things are overwritten before they are used");
        if (_next % step == 0) {
            if (_next == 0) _ahead = p;
            const unsigned here = _next;
            for (unsigned round = here ? stages : 0; round <= stages; ++round) {
                const unsigned first = here + round * step;
                for (; _ahead && _looked < first + step; _ahead = _ahead->next())
                    look(_ahead, _found[_looked++ % size]);
                unsigned stage = 0;
                int each[] = {(++stage <= round ? proceed(first - stage * step, more) : (void) 0, 0)..., 0};
                (void) each;
            }
        }
        return _found[_next++ % size];
    }

  private:
    /** With 4 at a time memory answers too late, with 16 a batch of 32 has as many in the first stages as a processor can have asked for. */
    enum { step = 8, size = 32 };
    T _found[size];
    unsigned _next = 0, _looked = 0;
    Packet *_ahead = nullptr;

    template <typename More> void proceed(unsigned from, More more) {
        for (unsigned i = from; i < from + step && i < _looked; ++i)
            more(_found[i % size]);
    }
};

CLICK_ENDDECLS
#endif
