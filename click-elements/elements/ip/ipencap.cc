#include <click/config.h>
#include "ipencap.hh"
#include <click/error.hh>
#include "elements/ip/ippacket.hh"
#include "elements/ip/ipnames.hh"
CLICK_DECLS

int IPEncap::configure(Vector<String> &conf, ErrorHandler *errh) {
    String proto, dst, ect_word;
    IPAddress src, d;
    unsigned ttl = 250, dscp = 0, tos = 0;
    bool ce = false, df = false, has_tos, has_dscp, has_ect;
    if (Args(conf, this, errh).read_mp("PROTO", WordArg(), proto).read_mp("SRC", src).read_mp("DST", AnyArg(), dst).read("TTL", BoundedIntArg(0, 255), ttl)
            .read("DSCP", dscp).read_status(has_dscp).read("ECT", AnyArg(), ect_word).read_status(has_ect).read("CE", ce)
            .read("TOS", BoundedIntArg(0, 255), tos).read_status(has_tos).read("DF", df).complete() < 0) return -1;
    int p, ect = 0;
    bool b;
    if (!ip_protocol(proto, &p)) return errh->error("bad IP protocol");
    bool use_anno = dst == "DST_ANNO";
    if (!use_anno && !cp_ip_address(dst, &d, this)) return errh->error("DST: invalid argument");
    if (has_ect && ect_word == "2") ect = 2;
    else if (has_ect && cp_bool(ect_word, &b)) ect = b;
    else if (has_ect) return errh->error("bad ECT value %<%s%>", ect_word.c_str());
    if (dscp > 63) return errh->error("DSCP too large; max 63");
    if (has_tos && has_dscp) return errh->error("cannot set both TOS and DSCP");
    if (has_tos && (ect || ce)) return errh->error("cannot set both TOS and ECN bits");
    if (ect && ce) return errh->error("can set at most one ECN option");
    _use_anno = use_anno;
    memset(&_header, 0, sizeof _header);
    _header.ip_v = 4, _header.ip_hl = 5, _header.ip_ttl = (uint8_t) ttl, _header.ip_p = (uint8_t) p;
    _header.ip_tos = has_tos ? (uint8_t) tos : (uint8_t) (dscp << 2 | (ce ? 3 : ect));
    _header.ip_off = htons(df ? IP_DF : 0);
    _header.ip_src = src.in_addr(), _header.ip_dst = d.in_addr();
    _header.ip_sum = click_in_cksum((const unsigned char *) &_header, sizeof _header);
    return 0;
}

Packet *IPEncap::simple_action(Packet *p) {
    if (p->length() > 65535 - sizeof(click_ip)) {
        p->kill();
        return nullptr;
    }
    IPAddress dst = _use_anno ? p->dst_ip_anno() : IPAddress(_header.ip_dst);
    WritablePacket *q = p->push(sizeof(click_ip));
    if (!q) return nullptr;
    click_ip *ip = reinterpret_cast<click_ip *>(q->data());
    memcpy(ip, &_header, sizeof *ip);
    ip->ip_len = htons((uint16_t) q->length());
    ip->ip_id = htons(_id++);
    // Length and ID are 0 in the header that was summed.
    uint16_t sum = ip_sum_changed(ip_sum_changed(_header.ip_sum, 0, ip->ip_len), 0, ip->ip_id);
    if (_use_anno) {
        ip->ip_dst = dst.in_addr();
        sum = ip_sum_changed32(sum, 0, dst.addr());
    }
    ip->ip_sum = sum;
    q->set_ip_header(ip, sizeof *ip);
    q->set_dst_ip_anno(dst);
    return q;
}

void IPEncap::add_handlers() {
    add_read_handler("src", read_keyword_handler, "1 SRC", Handler::f_calm);
    add_write_handler("src", reconfigure_keyword_handler, "1 SRC");
    add_read_handler("dst", read_keyword_handler, "2 DST", Handler::f_calm);
    add_write_handler("dst", reconfigure_keyword_handler, "2 DST");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IPEncap)
