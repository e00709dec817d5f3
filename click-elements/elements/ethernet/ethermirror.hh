#ifndef CLICK_ETHERMIRROR_HH
#define CLICK_ETHERMIRROR_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
EtherMirror
=s ethernet
swaps source and destination of Ethernet frames
=d
What is too short for two addresses is dropped.
=a EtherRewrite
*/
class EtherMirror : public SimpleElement<EtherMirror> { public:
    const char *class_name() const override { return "EtherMirror"; }
    const char *port_count() const override { return PORTS_1_1; }
    Packet *simple_action(Packet *p) override {
        if (unlikely(p->length() < 12)) {
            p->kill();
            return nullptr;
        }
        WritablePacket *q = p->uniqueify();
        if (q) {
            unsigned char dst[6];
            memcpy(dst, q->data(), 6);
            memcpy(q->data(), q->data() + 6, 6);
            memcpy(q->data() + 6, dst, 6);
        }
        return q;
    }
};

CLICK_ENDDECLS
#endif
