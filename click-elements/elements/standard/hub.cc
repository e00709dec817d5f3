#include <click/config.h>
#include "hub.hh"
CLICK_DECLS

void Hub::push(int port, Packet *p) { push_batch(port, PacketBatch::make_from_packet(p)); }

void Hub::push_batch(int port, PacketBatch *b) {
    int last = noutputs() - 1;
    if (last == port)
        --last;
    for (int i = 0; i < last; ++i)
        if (i != port)
            if (PacketBatch *copy = b->clone_batch()) output(i).push_batch(copy);
    if (last >= 0)
        output(last).push_batch(b);
    else
        b->kill();
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Hub)
