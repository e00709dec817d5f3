// What FromDPDKDevice and ToDPDKDevice have in common: a port, its opening and closing, and what they tell of it.
#ifndef LCLICK_DPDKDEVICE_HH
#define LCLICK_DPDKDEVICE_HH
#include "dpdkport.hh"
CLICK_DECLS

class DPDKDevice : public Element { public:
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED; }
    void cleanup(CleanupStage) override;
    /** device, mac, carrier, speed, duplex, autoneg, nb_rx_queues, nb_tx_queues, xstats. */
    void add_handlers() override;
    /** Null if there is none and that is allowed. */
    DPDKPort *port() const { return _port; }

  protected:
    enum { max_burst = DPDKInfo::max_burst };
    DPDKPort *_port = nullptr;
    uint16_t _queue = 0;

    int find_port(const String &name, bool allow_nonexistent, ErrorHandler *);
    int open_port(ErrorHandler *);
    bool opened() const { return _opened; }
    uint16_t port_id() const { return (uint16_t) _port->id(); }
    /** Of the whole device; zeros if there is none. */
    bool statistics(rte_eth_stats &) const;

  private:
    bool _opened = false;
    static String known_ports();
};

CLICK_ENDDECLS
#endif
