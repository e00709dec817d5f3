#include <click/config.h>
#include "ipheadercheck.hh"
#include "ipheadersum.hh"
#include <click/error.hh>
#include <click/straccum.hh>
#include "elements/ip/ipnames.hh"
CLICK_DECLS

int IPHeaderCheck::configure(Args &args, Element *e, ErrorHandler *errh) {
    String bad, good, interfaces;
    bool details;
    if (args.read("BADSRC", AnyArg(), bad).read("GOODDST", AnyArg(), good).read("INTERFACES", AnyArg(), interfaces).read("CHECKSUM", _checksum)
            .read("VERBOSE", _verbose).read("DETAILS", details).complete() < 0) return -1;
    if (!ip_address_list(bad, _bad_sources, e, errh, "BADSRC") || !ip_address_list(good, _good_destinations, e, errh, "GOODDST")) return -1;
    Vector<String> words;
    cp_spacevec(interfaces, words);
    for (const String &w : words) {
        IPAddress a, m;
        if (!cp_ip_prefix(w, &a, &m, true, e)) return errh->error("INTERFACES: bad IP prefix %<%s%>", w.c_str());
        _good_destinations.push_back(a);
        _bad_sources.push_back(IPAddress(a.addr() | ~m.addr()));
    }
    if (words.size()) {
        _bad_sources.push_back(IPAddress());
        _bad_sources.push_back(IPAddress::make_broadcast());
    }
    return 0;
}

bool IPHeaderCheck::bad_source(const click_ip *ip) const {
    for (IPAddress a : _bad_sources)
        if (a == IPAddress(ip->ip_src)) {
            for (IPAddress g : _good_destinations)
                if (g == IPAddress(ip->ip_dst)) return false;
            return true;
        }
    return false;
}

IPHeaderCheck::Reason IPHeaderCheck::test(Packet *p, uint32_t offset) {
    uint32_t len = p->length() - offset;
    if (p->length() < offset || len < sizeof(click_ip)) return miniscule_packet;
    const click_ip *ip = reinterpret_cast<const click_ip *>(p->data() + offset);
    if (ip->ip_v != 4) return bad_version;
    uint32_t hlen = ip->ip_hl * 4, total = ntohs(ip->ip_len);
    if (hlen < sizeof(click_ip)) return bad_hlen;
    if (total > len || total < hlen) return bad_ip_len;
    if (_checksum && ip_header_sum(ip, ip->ip_hl)) return bad_checksum;
    if (unlikely(!_bad_sources.empty()) && bad_source(ip)) return bad_saddr;
    p->set_ip_header(ip, hlen);
    p->set_dst_ip_anno(IPAddress(ip->ip_dst));
    if (total < len) p->take(len - total);
    return ok;
}

static const char *const reason_names[] = {"tiny packet", "bad IP version", "bad IP header length", "bad IP length", "bad IP checksum", "bad source address"};

void IPHeaderCheck::dropped(const Element *e, Reason r) {
    ++_drops[r];
    if (_verbose || !_said) click_chatter("%s: IP header check failed: %s", e->name().c_str(), reason_names[r]);
    _said = true;
}

String IPHeaderCheck::read(Element *, void *data) {
    uint64_t sum = 0;
    for (uint64_t n : static_cast<IPHeaderCheck *>(data)->_drops) sum += n;
    return String(sum);
}

String IPHeaderCheck::read_details(Element *, void *data) {
    StringAccum sa;
    for (int i = 0; i < nreasons; ++i) sa << static_cast<IPHeaderCheck *>(data)->_drops[i] << '\t' << reason_names[i] << '\n';
    return sa.take_string();
}

void IPHeaderCheck::add_handlers(Element *e) {
    e->add_data_handlers("count", Handler::f_read, &_count);
    e->add_read_handler("drops", read, this);
    e->add_read_handler("drop_details", read_details, this);
}

CLICK_ENDDECLS
