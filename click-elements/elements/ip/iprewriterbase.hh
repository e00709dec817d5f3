#ifndef LCLICK_IPREWRITERBASE_HH
#define LCLICK_IPREWRITERBASE_HH
#include <click/batchelement.hh>
#include <click/timer.hh>
#include "elements/ip/iprwpattern.hh"
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/** What IPRewriter, TCPRewriter, UDPRewriter and ICMPPingRewriter share: input specifications, the table of flows, time, handlers. */
class IPRewriterBase : public BatchElement { public:
    explicit IPRewriterBase(unsigned protocols) : _protocols(protocols), _timer(this) {}
    const char *port_count() const override { return "1-/1-"; }
    const char *processing() const override { return PUSH; }
    void *cast(const char *name) override { return strcmp(name, "IPRewriterBase") == 0 ? this : Element::cast(name); }
    int configure_phase() const override { return CONFIGURE_PHASE_DEFAULT + 10; }      // after the mappers
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void take_state(Element *, ErrorHandler *) override;
    void run_timer(Timer *) override;
    void push(int port, Packet *p) override;
    void push_batch(int port, PacketBatch *) override;
    /** For ICMPRewriter: what packets with @a k leave as, if they are of a known flow. */
    bool rewritten(const IPRWKey &k, IPRWKey &to) const;

  protected:
    enum { for_tcp = 1, for_udp = 2, for_ping = 4 };
    enum { default_capacity = 65536 };

  private:
    unsigned _protocols;
    bool _dst_anno = true;
    uint32_t _reap = 900, _wanted = default_capacity;
    uint64_t _failures = 0;
    Vector<IPRWInput> _inputs;
    IPRWFlows _flows;
    Timer _timer;

    int process(int port, Packet *&p);
    bool key_of(const click_ip *, const IPPayload &, IPRWKey &) const;
    IPRWFlow *add(IPRWInput &, int port, const IPRWKey &, uint32_t now);
    IPRWFlow *install(IPRWInput &, IPRWInput &owner, int port, const IPRWKey &, uint32_t now);
    void forget(IPRWFlow *);
    void expire(uint32_t now);
    static void note(IPRWFlow *, int way, const click_ip *, const IPPayload &, uint32_t now, IPRWFlows &);
    static void apply(const IPRWFlow *, int way, click_ip *, const IPPayload &);
    String table(unsigned protocol) const;
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
    static int lookup(int, String &, Element *, const Handler *, ErrorHandler *);
    static String read_input(Element *, void *);
    static int write_input(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
