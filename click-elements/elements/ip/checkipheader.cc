#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include <click/glue.hh>
#include "checkipheader.hh"
CLICK_DECLS

static const char *const reason_names[] = {"tiny packet", "bad IP version", "bad IP header length", "bad IP length", "bad IP checksum", "bad source address"};

int CheckIPHeader::configure(Vector<String> &conf, ErrorHandler *errh) {
    String bad;
    if (Args(conf, this, errh).read_p("OFFSET", _offset).read("CHECKSUM", _checksum).read("BADSRC", AnyArg(), bad).read("VERBOSE", _verbose).complete() < 0)
        return -1;
    Vector<String> words;
    cp_spacevec(bad, words);
    for (const String &w : words) {
        IPAddress a;
        if (!cp_ip_address(w, &a))
            return errh->error("BADSRC: bad IP address %<%s%>", w.c_str());
        _bad_sources.push_back(a);
    }
    return 0;
}

Packet *CheckIPHeader::drop(Reason reason, Packet *p) {
    ++_drops[reason];
    if (_verbose)
        click_chatter("%s: %s", declaration().c_str(), reason_names[reason]);
    checked_output_push(1, p);
    return nullptr;
}

Packet *CheckIPHeader::simple_action(Packet *p) {
    uint32_t len = p->length() - _offset;
    if (p->length() < _offset || len < sizeof(click_ip))
        return drop(miniscule_packet, p);
    const click_ip *ip = reinterpret_cast<const click_ip *>(p->data() + _offset);
    if (ip->ip_v != 4)
        return drop(bad_version, p);
    uint32_t hlen = ip->ip_hl * 4, total = ntohs(ip->ip_len);
    if (hlen < sizeof(click_ip))
        return drop(bad_hlen, p);
    if (total > len || total < hlen)
        return drop(bad_ip_len, p);
    if (_checksum && click_in_cksum((const unsigned char *) ip, (int) hlen))
        return drop(bad_checksum, p);
    for (IPAddress a : _bad_sources)
        if (a == IPAddress(ip->ip_src))
            return drop(bad_saddr, p);
    p->set_ip_header(ip, hlen);
    p->set_dst_ip_anno(IPAddress(ip->ip_dst));
    if (total < len)
        p->take(len - total);
    ++_count;
    return p;
}

String CheckIPHeader::read(Element *e, void *data) {
    CheckIPHeader *c = static_cast<CheckIPHeader *>(e);
    StringAccum sa;
    uint64_t sum = 0;
    for (int i = 0; i < nreasons; ++i) {
        sum += c->_drops[i];
        sa << c->_drops[i] << '\t' << reason_names[i] << '\n';
    }
    return data ? sa.take_string() : String(sum);
}

void CheckIPHeader::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_read_handler("drops", read, 0);
    add_read_handler("drop_details", read, 1);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(CheckIPHeader)
