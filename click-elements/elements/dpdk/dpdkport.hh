// DPDKPort: what the elements of one router want of one DPDK port, and the port itself. Elements plan when they are configured; the first that is
// initialised opens the port. In a hot swap two routers have a port open for a while: the new one takes it as it runs, or is refused.
#ifndef LCLICK_DPDKPORT_HH
#define LCLICK_DPDKPORT_HH
#include "dpdkinfo.hh"
#include <click/args.hh>
#include <click/etheraddress.hh>
#include <rte_ethdev.h>
CLICK_DECLS

class DPDKPort { public:
    enum Direction { rx, tx };
    /** The number of the port of this number or name; -1 if there is none. */
    static int find(const String &name);
    /** That of @a router and port @a id; the caller owes it a release(). */
    static DPDKPort *get(const Router *router, int id);
    /** Give back get() and open(). Stops the port when nobody has it open. */
    void release(bool opened);

    /** Plan for a queue, @a queue or, if that is negative, the next one. Its number, or negative after a complaint. */
    int add_queue(Direction, int queue, int ndesc, ErrorHandler *);
    int want_mtu(int mtu, ErrorHandler *);
    int want_address(const EtherAddress &, ErrorHandler *);
    void want_promiscuous() { _wanted.promiscuous = true; }

    /** Start the port as planned, or find that it runs so. */
    int open(ErrorHandler *);

    int id() const { return _id; }
    rte_mempool *pool() const { return _pool; }
    EtherAddress address() const;

  private:
    struct Settings {
        Vector<int> queues[2];      // their sizes by number; 0: not wanted
        int mtu = 0;                // 0: as it is
        bool promiscuous = false, has_address = false;
        EtherAddress address;
        bool operator==(const Settings &) const;
    };
    struct Running { Settings settings; int users = 0; };
    static Vector<DPDKPort *> all;
    static Running running[RTE_MAX_ETHPORTS];

    const Router *_router;
    int _id, _users = 0, _opens = 0;
    Settings _wanted;
    rte_mempool *_pool = nullptr;

    DPDKPort(const Router *router, int id) : _router(router), _id(id) {}
    int check(const rte_eth_dev_info &, ErrorHandler *) const;
    int start(ErrorHandler *);
    int set_up_queues(const rte_eth_dev_info &, uint16_t nrx, uint16_t ntx, ErrorHandler *);
    /** As the routers that have port @a id open want it, those of a hot swap too. */
    static int set_promiscuous(int id);
    int refused(const char *what, int error, ErrorHandler *) const;
};

CLICK_ENDDECLS
#endif
