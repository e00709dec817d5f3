#include <click/config.h>
#include <click/error.hh>
#include <click/ipaddress.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include "gtpdecap.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int GTPDecap::configure(Vector<String> &conf, ErrorHandler *errh) {
    String direction, malformed = "pass";
    if (Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).read_mp("DIRECTION", WordArg(), direction)
            .read("MALFORMED", WordArg(), malformed).complete() < 0)
        return -1;
    direction = direction.upper(), malformed = malformed.lower();
    if (direction != "UPLINK" && direction != "DOWNLINK")
        return errh->error("DIRECTION must be UPLINK or DOWNLINK");
    if (malformed != "pass" && malformed != "drop")
        return errh->error("MALFORMED must be pass or drop");
    _direction = direction == "UPLINK" ? GTPTable::uplink : GTPTable::downlink;
    _drop_malformed = malformed == "drop";
    return 0;
}

int GTPDecap::classify(Packet *p) {
    GTPFrame f = gtp_parse(p->data(), p->length());
    ++_counts[f.verdict];
    _table->count_verdict(_direction, f.verdict);
    if (f.verdict != GTP_GPDU)
        return _drop_malformed && gtp_malformed(f.verdict) ? -1 : 1;
    _table->learn(_direction, f, p->data(), p->length() - f.inner);
    p->pull(f.inner);
    p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, f.inner);
    SET_AGGREGATE_ANNO(p, f.teid);
    const click_ip *iph = reinterpret_cast<const click_ip *>(p->data());
    p->set_ip_header(iph, f.inner_header_length);
    p->set_dst_ip_anno(IPAddress(iph->ip_dst));
    return 0;
}

String GTPDecap::read(Element *e, void *data) {
    GTPDecap *d = static_cast<GTPDecap *>(e);
    uint64_t malformed = 0;
    StringAccum sa;
    for (int v = 0; v < GTP_NVERDICTS; ++v) {
        malformed += gtp_malformed((GTPVerdict) v) ? d->_counts[v] : 0;
        sa << gtp_reason_name((GTPVerdict) v) << '\t' << d->_counts[v] << '\n';
    }
    return !data ? String(d->_counts[GTP_GPDU]) : (uintptr_t) data == 1 ? String(malformed) : sa.take_string();
}

int GTPDecap::reset(const String &, Element *e, void *, ErrorHandler *) {
    GTPDecap *d = static_cast<GTPDecap *>(e);
    memset(d->_counts, 0, sizeof d->_counts);
    return 0;
}

void GTPDecap::add_handlers() {
    add_read_handler("count", read, 0);
    add_read_handler("malformed", read, 1);
    add_read_handler("counts", read, 2);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable)
EXPORT_ELEMENT(GTPDecap)
