#ifndef CLICK_ETHERREWRITE_HH
#define CLICK_ETHERREWRITE_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/etheraddress.hh>
CLICK_DECLS

/*
=c
EtherRewrite(SRC, DST)
=s ethernet
rewrites source and destination of Ethernet frames
=d
For links with one next hop. What is too short for two addresses is dropped.
=h src read/write
=h dst read/write
=a EtherEncap, EtherMirror, StoreEtherAddress
*/
class EtherRewrite : public SimpleElement<EtherRewrite> { public:
    const char *class_name() const override { return "EtherRewrite"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { return Args(conf, this, errh).read_mp("SRC", _src).read_mp("DST", _dst).complete(); }
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    EtherAddress _dst, _src;
};

CLICK_ENDDECLS
#endif
