#include <click/config.h>
#include "iprwpattern.hh"
#include "iprwpatterns.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/straccum.hh>
CLICK_DECLS

bool IPRWPattern::parse(const Vector<String> &w, const Element *e, ErrorHandler *errh) {
    IPAddress a;
    if (w.size() != 4) return errh->error("bad pattern, expected %<SADDR SPORT DADDR DPORT%>"), false;
    if (w[0] != "-") {
        if (!cp_ip_address(w[0], &a, e)) return errh->error("bad source address"), false;
        saddr = a.addr();
    }
    String port = w[1];
    if (port != "-") {
        if (port && (port.back() == '#' || port.back() == '?')) {
            (port.back() == '#' ? sequential : random) = true;
            port = port.substring(0, port.length() - 1);
        }
        int dash = port.find_left('-');
        if (!IPPortArg(IP_PROTO_TCP).parse(dash < 0 ? port : port.substring(0, dash), sport_low) || (dash >= 0 && !IPPortArg(IP_PROTO_TCP).parse(port.substring(dash + 1), sport_high)))
            return errh->error("bad source port"), false;
        if (dash < 0) sport_high = sport_low;
        if (!sport_low || sport_low > sport_high) return errh->error("bad source port"), false;
    }
    if (w[2] != "-") {
        if (!cp_ip_address(w[2], &a, e)) return errh->error("bad destination address"), false;
        daddr = a.addr();
    }
    if (w[3] != "-" && (!IPPortArg(IP_PROTO_TCP).parse(w[3], dport) || !dport)) return errh->error("bad destination port"), false;
    return true;
}

bool IPRWPattern::rewrite(const IPRWKey &from, IPRWKey &to, const IPRWFlows &flows) {
    to = from;
    if (saddr) to.saddr = saddr;
    if (daddr) to.daddr = daddr;
    if (dport) to.dport = htons(dport);
    if (!sport_low) return true;
    uint32_t n = sport_high - sport_low + 1U, source = ntohs(from.sport), first;
    if (n == 1) return to.sport = htons(sport_low), true;
    if (sequential) first = next;
    else if (!random && source >= sport_low && source <= sport_high) first = source - sport_low;
    else first = click_random(0, n - 1);
    int way;
    uint32_t now = IPRWFlows::now();
    for (uint32_t i = 0; i < n; ++i) {
        uint32_t k = (first + i) % n;
        to.sport = htons((uint16_t) (sport_low + k));
        const IPRWFlow *other = flows.find(to.reverse(), way);
        if (!other || flows.expired(*other, now)) {
            next = (uint16_t) ((k + 1) % n);
            return true;
        }
    }
    return false;
}

String IPRWPattern::unparse() const {
    StringAccum sa;
    if (saddr) sa << IPAddress(saddr);
    else sa << '-';
    if (!sport_low) sa << " -";
    else sa << ' ' << (unsigned) sport_low;
    if (is_range()) sa << '-' << (unsigned) sport_high;
    if (daddr) sa << ' ' << IPAddress(daddr);
    else sa << " -";
    if (dport) sa << ' ' << (unsigned) dport;
    else sa << " -";
    return sa.take_string();
}

static bool output_port(const String &s, int &port, const char *which, int noutputs, ErrorHandler *errh) {
    if (!cp_integer(s, &port) || port < 0) return errh->error("bad %s port", which), false;
    if (port >= noutputs) return errh->error("output port out of range"), false;
    return true;
}

bool IPRWInput::parse(const String &text, const Element *e, int noutputs, const String &what, ErrorHandler *outer) {
    PrefixErrorHandler prefix(outer, what + ": ");
    ErrorHandler *errh = &prefix;
    Vector<String> w;
    cp_spacevec(text, w);
    String first = w.empty() ? String() : w[0];
    if (first == "drop" || first == "discard") {
        if (w.size() > 1) return errh->error("syntax error, expected %<%s%>", first.c_str()), false;
        kind = drop;
        return true;
    }
    if (first == "pass" || first == "passthrough" || first == "nochange") {
        kind = pass, foutput = 0;
        if (w.size() > 2) return errh->error("syntax error, expected %<pass [OUTPUT]%>"), false;
        return w.size() < 2 || output_port(w[1], foutput, "forward", noutputs, errh);
    }
    if (first == "keep" || first == "pattern") {
        int n = w.size();
        kind = first == "keep" ? keep : pattern;
        if (kind == keep ? n != 3 : n != 4 && n != 7) {
            if (kind == keep) return errh->error(n < 3 ? "bad forward port" : "syntax error, expected %<keep FOUTPUT ROUTPUT%>"), false;
            return errh->error("syntax error, expected %<pattern SADDR SPORT DADDR DPORT FOUTPUT ROUTPUT%>"), false;
        }
        if (!output_port(w[n - 2], foutput, "forward", noutputs, errh) || !output_port(w[n - 1], routput, "reply", noutputs, errh)) return false;
        if (kind == keep) return true;
        if (n == 4) {
            if (!(shared = IPRewriterPatterns::find(e->router(), w[1]))) return errh->error("no such pattern %<%s%>", w[1].c_str()), false;
            return true;
        }
        Vector<String> four;
        for (int i = 1; i < 5; ++i) four.push_back(w[i]);
        return own.parse(four, e, errh);
    }
    Element *m = w.size() == 1 ? e->router()->find(first, e) : nullptr;
    mapping = m ? (IPMapper *) m->cast("IPMapper") : nullptr;
    if (!mapping) return errh->error("unknown specification"), false;
    kind = mapper;
    return true;
}

String IPRWInput::unparse() {
    StringAccum sa;
    switch (kind) {
    case drop: sa << "<drop>"; break;
    case pass: sa << "<nochange>"; break;
    case keep: sa << "<keep>"; break;
    case mapper: sa << "<mapper>"; break;
    case pattern: sa << the_pattern().unparse(); break;
    }
    if (count) sa << " [" << count << ']';
    return sa.take_string();
}

CLICK_ENDDECLS
