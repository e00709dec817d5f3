#include <click/config.h>
#include <click/args.hh>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/packet_anno.hh>
#include <click/straccum.hh>
#include "gtprules.hh"
#include "elements/gtp/gtptrace.hh"
CLICK_DECLS

int GTPRules::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(this, errh).bind(conf).read("TABLE", ElementCastArg("GTPTable"), _table).consume() < 0)
        return -1;
    return parse(conf, errh);
}

// ---- Rules

static void split(const String &s, char separator, Vector<String> &out) {
    for (int at = 0; at <= s.length(); ) {
        int end = s.find_left(separator, at);
        end = end < 0 ? s.length() : end;
        out.push_back(s.substring(at, end - at));
        at = end + 1;
    }
}

/** PREFIX,PREFIX,... or `any`; what they are for IPFilter is added to @a pattern. @a four, @a six: there is one of that kind. */
bool GTPRules::parse_prefixes(const String &s, Vector<Prefix> &prefixes, String &pattern, const char *direction, bool &four, bool &six) {
    four = six = true;
    if (s == "any")
        return true;
    four = six = false;
    Vector<String> list;
    split(s, ',', list);
    StringAccum sa;
    for (const String &x : list) {
        int slash = x.find_left('/'), length = -1;
        Prefix p = {};
        if (!GTPAddress::parse(x.substring(0, slash < 0 ? x.length() : slash), p.address))
            return false;
        bool is4 = p.address.is4();
        if (slash < 0)
            length = is4 ? 32 : 128;
        else if (!BoundedIntArg(0, is4 ? 32 : 128).parse(x.substring(slash + 1), length))
            return false;
        if (is4) {
            sa << (four ? " or " : "") << direction << " net " << x.substring(0, slash < 0 ? x.length() : slash) << '/' << length;
            four = true;
            continue;
        }
        six = true;
        unsigned char mask[16] = {};
        for (int bit = 0; bit < length; ++bit)
            mask[bit / 8] |= (unsigned char) (0x80 >> bit % 8);
        memcpy(p.mask, mask, 16);
        for (int i = 0; i < 2; ++i)
            p.address.word[i] &= p.mask[i];
        prefixes.push_back(p);
    }
    if (four)
        pattern += " and (" + sa.take_string() + ")";
    return true;
}

bool GTPRules::parse_ports(const String &s, Vector<Ports> &ports, String &pattern) {
    Vector<String> list;
    split(s, ',', list);
    StringAccum sa;
    for (const String &x : list) {
        int dash = x.find_left('-'), from = 0, to = 0;
        if (!BoundedIntArg(0, 65535).parse(x.substring(0, dash < 0 ? x.length() : dash), from))
            return false;
        to = from;
        if (dash >= 0 && (!BoundedIntArg(0, 65535).parse(x.substring(dash + 1), to) || to < from))
            return false;
        ports.push_back(Ports{(uint16_t) from, (uint16_t) to});
        sa << (sa.length() ? " or " : "") << "dst port " << from << '-' << to;
    }
    pattern += " and (" + sa.take_string() + ")";
    return true;
}

bool GTPRules::parse_rule(const String &text, Rule &r, Rules &all, String &pattern, ErrorHandler *errh) {
    r = Rule();
    r.text = text;
    String rest = text, action = cp_shift_spacevec(rest);
    if (action != "breakout" && action != "core")
        return errh->error("expected breakout or core, not %<%s%>", action.c_str()), false;
    r.breakout = action == "breakout";
    String peek = rest, word = cp_shift_spacevec(peek);
    if (word == "tenant") {
        String name = cp_shift_spacevec(peek);
        if (!name)
            return errh->error("tenant needs a name"), false;
        int i = 0;
        while (i < all.tenants.size() && all.tenants[i] != name)
            ++i;
        if (i == 255)
            return errh->error("more than 255 tenants"), false;
        if (i == all.tenants.size())
            all.tenants.push_back(name);
        r.tenant = (uint8_t) (i + 1);
        rest = peek;
        word = cp_shift_spacevec(peek);
    }
    if (!word)
        return errh->error("expected what the rule is of"), false;
    if (word != "to" && word != "from") {
        pattern = rest;                      // IPFilter's language
        return true;
    }
    pattern = "true";
    r.protocol = -1;
    bool four = true, six = true, f, s, seen[4] = {};
    while ((word = cp_shift_spacevec(rest))) {
        int kind = word == "to" ? 0 : word == "from" ? 1 : word == "port" ? 2 : 3;
        if (seen[kind])
            return errh->error("%<%s%> comes twice", kind == 3 ? "a protocol" : word.c_str()), false;
        seen[kind] = true;
        String value = kind == 3 && word != "proto" ? word : cp_shift_spacevec(rest);
        if (kind < 2) {
            if (!parse_prefixes(value, kind ? r.from : r.to, pattern, kind ? "src" : "dst", f, s))
                return errh->error("%s: %<%s%> is no list of prefixes", word.c_str(), value.c_str()), false;
            four &= f, six &= s;
        } else if (kind == 2) {
            if (!parse_ports(value, r.ports, pattern))
                return errh->error("port: %<%s%> is no list of ports", value.c_str()), false;
        } else {
            r.protocol = value == "tcp" ? 6 : value == "udp" ? 17 : value == "sctp" ? 132 : value == "icmp" ? 58 : -1;
            if (word == "proto" ? !BoundedIntArg(0, 255).parse(value, r.protocol) : r.protocol < 0)
                return errh->error("expected to, from, port or a protocol, not %<%s%>", value.c_str()), false;
            StringAccum sa;
            sa << " and ip proto " << (value == "icmp" ? 1 : r.protocol);
            pattern += sa.take_string();
        }
    }
    if (!four && !six)
        return errh->error("no packet is from IPv4 to IPv6"), false;
    if (r.ports.size() && r.protocol != 6 && r.protocol != 17)
        return errh->error("port needs tcp or udp"), false;
    r.six = six;
    if (!four)
        pattern = "false";
    return true;
}

int GTPRules::parse(const Vector<String> &texts, ErrorHandler *errh) {
    Rules *fresh = new Rules;
    bool ok = true;
    for (int i = 0; i < texts.size(); ++i) {
        String text = cp_unquote(texts[i]), pattern;
        Rule r;
        ContextErrorHandler cerrh(errh, "rule %d:", i + 1);
        ok = parse_rule(text, r, *fresh, pattern, &cerrh) && fresh->program.add(pattern, i, "pattern", this, &cerrh) && ok;
        fresh->rules.push_back(r);
    }
    if (!ok) {
        delete fresh;
        return -1;
    }
    fresh->program.finish();
    delete _rules;
    _rules = fresh;
    ++_generation;
    if (_table)
        _table->rules_changed();
    return 0;
}

// ---- Packets

bool GTPRules::matches(const Rule &r, const GTPInner &in) {
    if (!r.six || (r.protocol >= 0 && r.protocol != in.protocol))
        return false;
    auto in_one = [](const Vector<Prefix> &prefixes, const unsigned char *a) {
        if (!prefixes.size())
            return true;
        GTPAddress x = GTPAddress::from6(a);
        for (const Prefix &p : prefixes)
            if ((x.word[0] & p.mask[0]) == p.address.word[0] && (x.word[1] & p.mask[1]) == p.address.word[1])
                return true;
        return false;
    };
    if (!in_one(r.to, in.remote) || !in_one(r.from, in.ue))
        return false;
    if (!r.ports.size())
        return true;
    uint16_t port = ntohs(in.remote_port);
    if (in.has_ports)
        for (const Ports &p : r.ports)
            if (port >= p.from && port <= p.to)
                return true;
    return false;
}

int GTPRules::rule6(const unsigned char *ip, uint32_t length) const {
    GTPInner in;
    gtp_inner(ip, length, true, in);
    for (int k = 0; k < _rules->rules.size(); ++k)
        if (matches(_rules->rules[k], in))
            return k;
    return -1;
}

int GTPRules::rule_of(const unsigned char *ip, uint32_t length) const {
    if (length >= 20 && ip[0] >> 4 == 4)
        return _rules->program.run(ip, length);
    return length >= 40 && ip[0] >> 4 == 6 ? rule6(ip, length) : -1;
}

void GTPRules::credit(int rule, uint32_t generation, uint64_t packets, uint64_t bytes) {
    if (generation != _generation)
        return;
    Rules &all = *_rules;
    if (rule < 0)
        all.packets += packets, all.bytes += bytes;
    else
        all.rules[rule].packets += packets, all.rules[rule].bytes += bytes;
}

int GTPRules::classify(Packet *p) {
    Rules &all = *_rules;
    int i = -1;
    uint32_t bytes = p->length();
    const unsigned char *ip = p->has_network_header() && p->network_length() >= 20 ? p->network_header() : nullptr;
    if (likely(ip && ip[0] >> 4 == 4)) {
        i = all.program.run(p);
        bytes = gtp_get16(ip + 2);
    } else if (ip && ip[0] >> 4 == 6 && p->network_length() >= 40) {
        i = rule6(ip, p->network_length());
        bytes = 40 + gtp_get16(ip + 4);
    }
    if (unlikely(_table && _table->tracing()))
        _table->tracing()->rule(p, i, i < 0 ? String() : all.rules[i].text);
    if (i < 0) {
        ++all.packets, all.bytes += bytes;
        return 1;
    }
    Rule &r = all.rules[i];
    ++r.packets, r.bytes += bytes;
    SET_PAINT_ANNO(p, r.tenant);
    return r.breakout ? 0 : 1;
}

// ---- Handlers

enum { h_rules, h_counts, h_tenants, h_reset };

String GTPRules::read(Element *e, void *data) {
    const Rules &all = *static_cast<GTPRules *>(e)->_rules;
    StringAccum sa;
    switch ((uintptr_t) data) {
    case h_rules:
        for (const Rule &r : all.rules)
            sa << r.text << '\n';
        break;
    case h_counts:
        for (const Rule &r : all.rules)
            sa << r.packets << '\t' << r.bytes << '\t' << r.text << '\n';
        sa << all.packets << '\t' << all.bytes << "\t-\n";
        break;
    default:
        for (int i = 0; i < all.tenants.size(); ++i)
            sa << (i + 1) << '\t' << all.tenants[i] << '\n';
    }
    return sa.take_string();
}

int GTPRules::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    GTPRules *g = static_cast<GTPRules *>(e);
    if ((uintptr_t) data == h_reset) {
        Rules &all = *g->_rules;
        all.packets = all.bytes = 0;
        for (Rule &r : all.rules)
            r.packets = r.bytes = 0;
        return 0;
    }
    Vector<String> lines, rules;
    split(s, '\n', lines);
    for (const String &line : lines) {
        int comment = line.find_left('#');
        String rule = cp_uncomment(line.substring(0, comment < 0 ? line.length() : comment));
        if (rule)
            rules.push_back(rule);
    }
    return g->parse(rules, errh);
}

void GTPRules::add_handlers() {
    add_read_handler("rules", read, h_rules);
    add_write_handler("rules", write, h_rules, Handler::f_raw);
    add_read_handler("counts", read, h_counts);
    add_read_handler("tenants", read, h_tenants);
    add_write_handler("reset_counts", write, h_reset, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPTable IPFilterProgram)
EXPORT_ELEMENT(GTPRules)
