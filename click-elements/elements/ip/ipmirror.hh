#ifndef CLICK_IPMIRROR_HH
#define CLICK_IPMIRROR_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
IPMirror([DST_ANNO])
=s ip
swaps source and destination of IP packets
=d
The addresses, and in the first fragment of a TCP or UDP packet the ports; in TCP also sequence and acknowledgement number. The sums need no
change. With DST_ANNO true, the default, the destination annotation becomes the new destination. Packets without a whole IP header pass unchanged.
*/
class IPMirror : public SimpleElement<IPMirror> { public:
    const char *class_name() const override { return "IPMirror"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_p("DST_ANNO", _dst_anno).complete(); }
    Packet *simple_action(Packet *) override;

  private:
    bool _dst_anno = true;
};

CLICK_ENDDECLS
#endif
