// An AF_XDP socket on a device's queue 0. There can be only one, so FromDevice and ToDevice of a device, and those of the next
// router in a hot swap, share it. Its receiving half and its sending half touch nothing in common and may be used by two threads.
#ifndef LCLICK_XDPPORT_HH
#define LCLICK_XDPPORT_HH
#include "elements/userlevel/frameio.hh"
#include <click/sync.hh>
#include <linux/if_xdp.h>
CLICK_DECLS
namespace frameio {

/** One of the four rings. The kernel is at the other end. */
template <typename Entry> struct XdpRing {
    uint32_t *producer = nullptr, *consumer = nullptr, *flags = nullptr;
    Entry *entries = nullptr;
    void *base = nullptr;
    size_t bytes = 0;
    uint32_t mask = 0, mine = 0;        // our own index: producer of fill and send, consumer of the others
    Entry &operator[](uint32_t i) { return entries[i & mask]; }
    uint32_t filled() const { return __atomic_load_n(producer, __ATOMIC_ACQUIRE) - mine; }
    uint32_t room() const { return mask + 1 - (mine - __atomic_load_n(consumer, __ATOMIC_ACQUIRE)); }
    void produce() { __atomic_store_n(producer, mine, __ATOMIC_RELEASE); }
    void consume() { __atomic_store_n(consumer, mine, __ATOMIC_RELEASE); }
};

class XdpPort { public:
    enum { nreceive = 2048, nsend = 512, nunused = 64 };
    /** The device's, made if need be; null after an error. */
    static XdpPort *get(const Options &, ErrorHandler *);
    void put();
    /** Begin to receive, for @a router; one element a router. */
    int attach(const Options &, ErrorHandler *);
    void detach(const Router *);
    void move_reader(const Router *from, const Router *to) { _readers[_readers[0] == from ? 0 : 1] = to; }

    int fd() const { return _fd; }
    uint64_t drops() const;
    String describe() const;
    unsigned char *frame(uint64_t address) const { return _memory + address; }
    uint64_t memory_size() const { return (uint64_t) (_send_only ? nsend : nreceive + nsend) * _chunk; }
    uint32_t chunk() const { return _chunk; }
    bool zero_copy() const { return _zero_copy; }

    XdpRing<struct xdp_desc> rx, tx;
    XdpRing<uint64_t> fill, completion;
    uint64_t spare[nsend];              // chunks free for sending
    int nspare = 0;
    SimpleSpinlock send_lock;           // several ToDevices

  private:
    XdpPort *_next = nullptr;
    int _ifindex = 0, _users = 0, _fd = -1, _link = -1;
    const Router *_readers[2] = {};
    uint32_t _chunk = 0;
    unsigned char *_memory = nullptr;
    bool _native = false, _zero_copy = false, _send_only = false;
    static XdpPort *all;

    ~XdpPort();
    int open(const Options &, ErrorHandler *);
    template <typename E> bool map_ring(XdpRing<E> &, const struct xdp_ring_offset &, uint64_t where, int count);
};

}
CLICK_ENDDECLS
#endif
