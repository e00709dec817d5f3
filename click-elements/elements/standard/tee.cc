#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "tee.hh"
CLICK_DECLS

int Tee::configure(Vector<String> &conf, ErrorHandler *errh) {
    int n = noutputs();
    if (Args(conf, this, errh).read_p("N", n).complete() < 0)
        return -1;
    return n == noutputs() ? 0 : errh->error("%d outputs implies %d arms", noutputs(), n);
}

void Tee::push(int, Packet *p) {
    for (int i = 0; i < noutputs() - 1; ++i)
        if (Packet *q = p->clone())
            output(i).push(q);
    output(noutputs() - 1).push(p);
}

void Tee::push_batch(int, PacketBatch *b) {
    for (int i = 0; i < noutputs() - 1; ++i)
        if (PacketBatch *copy = b->clone_batch())
            output(i).push_batch(copy);
    output(noutputs() - 1).push_batch(b);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Tee)
