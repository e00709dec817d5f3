#include <click/config.h>
#include "pulltee.hh"
#include <click/args.hh>
#include <click/error.hh>
CLICK_DECLS

int PullTee::configure(Vector<String> &conf, ErrorHandler *errh) {
    int n = noutputs();
    if (Args(conf, this, errh).read_p("N", n).complete() < 0)
        return -1;
    return n == noutputs() ? 0 : errh->error("%d outputs implies %d arms", noutputs(), n);
}

Packet *PullTee::pull(int) {
    Packet *p = input(0).pull();
    for (int i = 1; p && i < noutputs(); ++i)
        if (Packet *q = p->clone()) output(i).push(q);
    return p;
}

PacketBatch *PullTee::pull_batch(int, unsigned max) {
    PacketBatch *b = input(0).pull_batch(max);
    for (int i = 1; b && i < noutputs(); ++i)
        if (PacketBatch *copy = b->clone_batch()) output(i).push_batch(copy);
    return b;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(PullTee)
