#ifndef CLICK_IPINPUTCOMBO_HH
#define CLICK_IPINPUTCOMBO_HH
#include <click/batchelement.hh>
#include <click/packet_anno.hh>
#include "elements/ip/ipheadercheck.hh"
CLICK_DECLS

/*
=c
IPInputCombo(COLOR [, BADSRC addresses, GOODDST addresses, INTERFACES prefixes])
=s ip
what an IP router's input path begins with, in one element
=d
As C<< Paint(COLOR) -> Strip(14) -> CheckIPHeader(...) -> GetIPAddress(16) >>; packets that fail the check are dropped.
=h count, drops, drop_details read-only
=a IPOutputCombo, Paint, Strip, CheckIPHeader
*/
class IPInputCombo : public SimpleElement<IPInputCombo> { public:
    const char *class_name() const override { return "IPInputCombo"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override {
        Args args(conf, this, errh);
        return _check.configure(args.read_mp("COLOR", BoundedIntArg(0, 255), _color), this, errh);
    }
    void add_handlers() override { _check.add_handlers(this); }
    Packet *simple_action(Packet *p) override {
        SET_PAINT_ANNO(p, (uint8_t) _color);
        IPHeaderCheck::Reason r = _check.check(p, 14);
        if (likely(r == IPHeaderCheck::ok)) return p->pull(14), p;
        _check.dropped(this, r);
        p->kill();
        return nullptr;
    }

  private:
    int _color = 0;
    IPHeaderCheck _check;
};

CLICK_ENDDECLS
#endif
