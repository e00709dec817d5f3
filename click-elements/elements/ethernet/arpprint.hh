#ifndef CLICK_ARPPRINT_HH
#define CLICK_ARPPRINT_HH
#include <click/batchelement.hh>
#include <click/straccum.hh>
CLICK_DECLS

/*
=c
ARPPrint([LABEL, TIMESTAMP, ETHER, OUTFILE, ACTIVE])
=s arp
prints ARP messages as tcpdump does
=d
A line a packet with an ARP header (see CheckARPHeader) at its network header annotation: LABEL, with TIMESTAMP (true) the packet's
time, with ETHER (false) the frame's addresses, and what the message says. On standard error, or to OUTFILE.
=h active read/write
Print at all?
=a Print, CheckARPHeader
*/
class ARPPrint : public SimpleElement<ARPPrint> { public:
    const char *class_name() const override { return "ARPPrint"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override { add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active); }
    Packet *simple_action(Packet *) override;

  private:
    String _label, _outfile;
    bool _timestamp = true, _ether = false, _active = true;
    FILE *_file = nullptr;
    static void say(StringAccum &, const unsigned char *arp, uint32_t length);
};

CLICK_ENDDECLS
#endif
