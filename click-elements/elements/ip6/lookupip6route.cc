#include <click/config.h>
#include "lookupip6route.hh"
#include "ip6packet.hh"
CLICK_DECLS

void LookupIP6Route::push(int, Packet *p) {
    const IP6Route *r = _routes.lookup(dst_ip6_anno(p));
    if (unlikely(!r)) {
        ++_drops;
        p->kill();
        return;
    }
    if (r->gateway)
        set_dst_ip6_anno(p, r->gateway);
    output(r->port).push(p);
}

void LookupIP6Route::push_batch(int port, PacketBatch *batch) {
    GatherScope gather(this);
    FOR_EACH_PACKET_SAFE(batch, p) push(port, p);
}

void LookupIP6Route::add_handlers() {
    IP6RouteTable::add_handlers();
    add_data_handlers("drops", Handler::f_read, &_drops);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(LookupIP6Route)
