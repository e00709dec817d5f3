#ifndef CLICK_ICMPPINGRESPONDER_HH
#define CLICK_ICMPPINGRESPONDER_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
ICMPPingResponder
=s icmp
answers ICMP echo requests
=d
Expects IP packets with the network header set. Turns echo requests (RFC 792) into replies, from the address that was
asked, with a TTL of 255 and without DF, as Click's; other packets leave on output 1, or are dropped. The destination annotation becomes the asker's address.
=h count read-only
*/
class ICMPPingResponder : public Element { public:
    const char *class_name() const override { return "ICMPPingResponder"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    void add_handlers() override { add_data_handlers("count", Handler::f_read, &_count); }
    Packet *simple_action(Packet *) override;

  private:
    uint64_t _count = 0;
};

CLICK_ENDDECLS
#endif
