// From a packet socket to a receive ring while packets flow. The kernel takes a grace period to make a ring, some 20 ms that neither
// the start nor the packet path should wait for, so a thread of its own does that; the change is then a matter of microseconds.
#ifndef LCLICK_RINGUPGRADE_HH
#define LCLICK_RINGUPGRADE_HH
#include "elements/userlevel/ringio.hh"
#include <pthread.h>
CLICK_DECLS
namespace frameio {

class RingUpgrade { public:
    RingUpgrade(const Options &o, Tally &t) : _options(o), _ring(new RingReceiver(t)) {}
    ~RingUpgrade();
    /** Begin; false if it cannot be done. */
    bool begin();
    /** Readable when the ring is there, or will never be. */
    int fd() const { return _event; }
    /** The ring takes over from @a old, which hears nothing from here on and is to be read to its end. Null if it did not work out. */
    RingReceiver *finish(Receiver *old);
    /** Close a descriptor without waiting for it. */
    static void close_later(int fd);

    /** Frames that both have: those that came while the change was made. */
    class Twins { public:
        void add(const Packet *p) { _seen[_n++ % size] = hash(p); }
        bool take(const Packet *);
      private:
        enum { size = 4096 };       // more than a thread that lost its core in the middle of the change leaves behind
        uint64_t _seen[size];
        unsigned _n = 0;
        static uint64_t hash(const Packet *);
    } twins;

  private:
    Options _options;
    RingReceiver *_ring;
    pthread_t _thread;
    int _event = -1;
    bool _running = false, _good = false;
    static void *run(void *);
};

}
CLICK_ENDDECLS
#endif
