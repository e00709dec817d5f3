#ifndef CLICK_IP6PRINT_HH
#define CLICK_IP6PRINT_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
IP6Print([LABEL, NBYTES, CONTENTS, ACTIVE])
=s ip6
prints what IPv6 headers say
=d
A line a packet on standard error: LABEL, addresses, payload length, next header and hop limit; with CONTENTS (false) also up to NBYTES (1500)
bytes from the header on.
=h active read/write
Print at all?
=a Print, CheckIP6Header
*/
class IP6Print : public SimpleElement<IP6Print> { public:
    const char *class_name() const override { return "IP6Print"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override { add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active); }
    Packet *simple_action(Packet *) override;

  private:
    String _label;
    unsigned _bytes = 1500;
    bool _contents = false, _active = true;
};

CLICK_ENDDECLS
#endif
