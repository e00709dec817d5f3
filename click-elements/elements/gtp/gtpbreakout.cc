#include <click/config.h>
#include <click/error.hh>
#include <clicknet/ip.h>
#include "gtpbreakout.hh"
#include "elements/gtp/gtpdecap.hh"
#include <click/args.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

int GTPBreakout::configure(Vector<String> &conf, ErrorHandler *errh) { return Args(conf, this, errh).read_mp("TABLE", ElementCastArg("GTPTable"), _table).complete(); }

/** The output for @a p, which is made ready for it. */
inline int GTPBreakout::way(int port, Packet *p) {
    const click_ip *iph = p->ip_header();
    // GTPDecap has checked the header; a packet that did not come from it has no business here.
    if (!iph || !p->anno_u16(GTP_STRIPPED_ANNO_OFFSET) || !_table->steer(iph, p->network_length(), AGGREGATE_ANNO(p), port == 0)) {
        ++_counts[1];
        return 1;
    }
    ++_counts[0];
    p->set_anno_u16(GTP_STRIPPED_ANNO_OFFSET, 0);
    uint32_t extra = p->network_length() - ntohs(iph->ip_len);
    if (extra)
        p->take(extra);
    return 0;
}

void GTPBreakout::push(int port, Packet *p) { output(way(port, p)).push(p); }

void GTPBreakout::push_batch(int port, PacketBatch *batch) {
    auto emit = [this](int i, PacketBatch *b) { output(i).push_batch(b); };
    CLASSIFY_EACH_PACKET(2, [=](Packet *p) { return way(port, p); }, batch, emit);
}

int GTPBreakout::reset(const String &, Element *e, void *, ErrorHandler *) {
    GTPBreakout *b = static_cast<GTPBreakout *>(e);
    b->_counts[0] = b->_counts[1] = 0;
    return 0;
}

void GTPBreakout::add_handlers() {
    add_data_handlers("breakout", Handler::f_read, &_counts[0]);
    add_data_handlers("core", Handler::f_read, &_counts[1]);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable)
EXPORT_ELEMENT(GTPBreakout)
