#ifndef CLICK_DPDKINFO_HH
#define CLICK_DPDKINFO_HH
#include <click/element.hh>
CLICK_DECLS
struct rte_mempool;

/*
=c
DPDKInfo([NB_MBUF, MBUF_SIZE, MBUF_CACHE_SIZE, RX_PTHRESH, RX_HTHRESH, RX_WTHRESH, TX_PTHRESH, TX_HTHRESH, TX_WTHRESH, MEMPOOL_PREFIX, DEF_BURST_SIZE])
=s netdevices
sets what all DPDK devices of a configuration share
=d
Only with `lclick --dpdk`. At most one in a configuration; without it the defaults hold.

NB_MBUF (8191; Click: 65536) buffers of MBUF_SIZE (2176) bytes, 128 of them headroom, are made when the first device is opened. They must hold what all receive
rings (NDESC), sending rings, and queues of ToDPDKDevice together can hold; one less than a power of two wastes least. MBUF_CACHE_SIZE
(256, at most 512) of them are kept ready. The buffers stay as they are for the life of the process: a hot swap to other sizes says so and goes on with
those that are there.

RX_PTHRESH, RX_HTHRESH, RX_WTHRESH, TX_PTHRESH, TX_HTHRESH and TX_WTHRESH are the prefetch, host and write-back thresholds of a ring;
what is not given is the driver's default. MEMPOOL_PREFIX (`lclick`) begins the name of the buffers' pool, `PREFIX_0`. DEF_BURST_SIZE (32) is the BURST of devices that give
none.
=e
DPDKInfo(NB_MBUF 32767, MBUF_SIZE 9344);
FromDPDKDevice(0, MTU 9000) -> Discard;
=a FromDPDKDevice, ToDPDKDevice
*/
class DPDKInfo : public Element { public:
    enum { max_burst = 256 };
    /** The thresholds of a ring; negative: not given. */
    struct Thresholds { int prefetch = -1, host = -1, write_back = -1; };
    struct Settings {
        int buffers = 8191, buffer_size = 2048 + 128, cache = 256, burst = 32;
        Thresholds rx, tx;
        String prefix = "lclick";
    };
    const char *class_name() const override { return "DPDKInfo"; }
    int configure_phase() const override { return CONFIGURE_PHASE_FIRST; }
    int configure(Vector<String> &, ErrorHandler *) override;

    /** Those of the DPDKInfo in @a router, or the defaults. */
    static const Settings &of(const Router *);
    /** The pool of the process, made now if there is none; null, with a complaint, if it cannot be. */
    static rte_mempool *pool(const Router *, ErrorHandler *);

  private:
    Settings _settings;
};

CLICK_ENDDECLS
#endif
