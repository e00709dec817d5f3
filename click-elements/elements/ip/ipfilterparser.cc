#include <click/config.h>
#include <click/args.hh>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include "ipfilterparser.hh"
CLICK_DECLS

const IPName IPFilterParser::types[] = {{"host", type_host}, {"net", type_net}, {"port", type_port}, {"proto", type_proto}, {"opt", type_opt}, {"type", type_icmp},
    {"vers", type_vers}, {"hl", type_hl}, {"id", type_id}, {"ttl", type_ttl}, {"tos", type_tos}, {"dscp", type_dscp}, {"ecn", type_ecn}, {"len", type_len},
    {"win", type_win}, {"frag", type_frag}, {"unfrag", type_unfrag}, {"ect", type_ect}, {"ce", type_ce}, {nullptr, 0}};

IPFilterNode *IPFilterNode::parse(const String &pattern, const String &what, const Element *context, ErrorHandler *errh) {
    return IPFilterParser(pattern, what, context, errh).whole();
}

IPFilterParser::IPFilterParser(const String &text, const String &what, const Element *context, ErrorHandler *errh) : _context(context), _errh(errh), _what(what) {
    static const char signs[] = "()!=<>&|?";
    for (int i = 0; i < text.length(); ) {
        int start = i;
        char c = text[i], d = i + 1 < text.length() ? text[i + 1] : 0;
        if (isspace((unsigned char) c)) { ++i; continue; }
        if ((c == '&' && d == '&') || (c == '|' && d == '|') || ((c == '=' || c == '!' || c == '<' || c == '>') && d == '=')) i += 2;
        else
            while (i < text.length() && !isspace((unsigned char) text[i]) && !(text[i] && strchr(signs, text[i]))) ++i;
        if (i == start) ++i;
        _tokens.push_back(Token{text.substring(start, i - start), start + 1});
    }
}

IPFilterNode *IPFilterParser::fail(const String &text) {
    int column = more() ? _tokens[_at].column : _tokens.empty() ? 1 : _tokens.back().column + _tokens.back().text.length();
    if (_ok) _errh->error("%s, column %d: %s", _what.c_str(), column, text.c_str());
    _ok = false;
    return nullptr;
}

IPFilterNode *IPFilterParser::whole() {
    Node *n = expression();
    if (n && more()) {
        delete n;
        n = fail("unexpected '" + peek() + "'");
    }
    return n;
}

IPFilterNode *IPFilterParser::expression() {
    if (++_depth > max_depth) return fail("too many nested parentheses");
    Node *n = disjunction();
    if (n && accept("?")) {
        Node *yes = expression();
        if (yes && !accept(":")) {
            delete yes;
            yes = fail("missing ':'");
        }
        n = Node::choice(n, yes, yes ? expression() : nullptr);
    }
    --_depth;
    return n;
}

IPFilterNode *IPFilterParser::disjunction() {
    Node *n = conjunction();
    while (n && (accept("or") || accept("||"))) n = Node::either(n, conjunction());
    return n;
}

IPFilterNode *IPFilterParser::conjunction() {
    Node *n = negation();
    for (String w; n && more() && (w = peek()) != ")" && w != "or" && w != "||" && w != "?" && w != ":"; ) {
        if (!accept("and")) accept("&&");       // two terms side by side mean `and`
        n = Node::both(n, negation());
    }
    return n;
}

IPFilterNode *IPFilterParser::negation() {
    const String w = peek();
    if (!more()) return fail("expression ends too early");
    if (w == ")" || w == "and" || w == "&&" || w == "or" || w == "||" || w == "?" || w == ":") return fail("expression expected instead of '" + w + "'");
    if (++_depth > max_depth) return fail("too many nested negations");
    Node *n;
    if (accept("not") || accept("!")) n = Node::negate(negation());
    else if (accept("(")) {
        n = expression();
        if (n && !accept(")")) {
            delete n;
            n = fail("missing ')'");
        }
    } else n = primitive();
    --_depth;
    return n;
}

bool IPFilterParser::direction(Direction &d) {
    String w = peek();
    if (w != "src" && w != "dst") return false;
    d = w == "src" ? dir_src : dir_dst;
    ++_at;
    if ((peek() == "or" || peek() == "and") && (peek(1) == "src" || peek(1) == "dst") && peek(1) != w) {
        d = peek() == "or" ? dir_either : dir_both;
        _at += 2;
    }
    return true;
}

/** `HEADER[POS]` or `HEADER[POS:LEN]`. Complains of what begins so and is wrong. */
bool IPFilterParser::bytes(const String &word, Subject &s) {
    int open = word.find_left('['), proto = 0;
    if (open <= 0 || word.back() != ']') return false;
    String header = word.substring(0, open), pos = word.substring(open + 1, word.length() - open - 2), len = "1";
    bool ip = header == "ip";
    if (!ip && header != "transp" && !ip_name(ip_protocol_names, header, &proto)) return false;
    int colon = pos.find_left(':');
    if (colon >= 0) len = pos.substring(colon + 1), pos = pos.substring(0, colon);
    uint32_t at, n;
    if (!cp_integer(pos, &at) || at > max_position) return fail("POS in '[POS:LEN]' is not a number up to " + String((int) max_position)), false;
    if (!cp_integer(len, &n) || n < 1 || n > 4) return fail("LEN in '[POS:LEN]' out of range, 1 to 4"), false;
    if (at % 4 + n > 4) return fail("'" + word + "' does not fit into one of the words of four bytes"), false;
    s.type = type_bytes, s.proto = proto, s.shift = 0;
    s.bytes = DecisionField{(uint8_t) !ip, (uint8_t) n, at, n == 4 ? 0xFFFFFFFFU : (1U << 8 * n) - 1};
    if (n == 3) {                               // of the word in which they are
        s.bytes.width = 4, s.bytes.offset = at & ~3U;
        if (at % 4 == 0) s.bytes.mask = 0xFFFFFF00U, s.shift = 8;
    }
    return true;
}

/** A bare value that cannot be one of the last subject says what it is of: an address, the name of a port or of a flag. */
void IPFilterParser::begin_anew(Subject &s) {
    int t;
    IPAddress a, m;
    EtherAddress e;
    const String w = peek();
    if (cp_ethernet_address(w, &e, _context)) {
        if (s.type != type_ether) s = Subject(), s.type = type_ether;
    } else if (cp_ip_prefix(w, &a, &m, true, _context) || cp_ip_address(w, &a, _context)) {
        if (s.type == type_host ? w.find_left('/') >= 0 : s.type != type_none && s.type != type_net) s = Subject();
    } else if (port_name(w, s.proto, &t)) {
        if (s.type != type_port && !(s.type == type_icmp && ip_name(icmp_type_names, w, &t))) s = Subject();
    } else if (ip_name(tcp_flag_names, w, &t) && s.type != type_opt)
        s = Subject();
}

IPFilterNode *IPFilterParser::primitive() {
    String w = peek();
    if (w == "-" || w == "true" || w == "any" || w == "all") return ++_at, Node::constant(true);
    if (w == "false" || w == "none") return ++_at, Node::constant(false);
    Subject s;
    int t;
    bool ip = false, ether = false, qualified = false;
    for (;; qualified = true) {
        w = peek();
        if (s.dir == dir_none && direction(s.dir)) {}
        else if (!ip && !ether && w == "ip") ip = true, ++_at;
        else if (!ip && !ether && !s.proto && w == "ether") ether = true, ++_at;
        // A protocol name is a qualifier, unless it is the value of `ip proto`.
        else if (!s.proto && !ether && s.type != type_proto && s.type != type_bytes && ip_name(ip_protocol_names, w, &t)) s.proto = t, ++_at;
        else if (s.type == type_none && (!ether || w == "host") && ip_name(types, w, &t)) s.type = t, ++_at;
        else if (s.type == type_none && !ip && !ether && !s.proto && s.dir == dir_none && bytes(w, s)) ++_at;
        else if (!_ok) return nullptr;
        else break;
    }
    if (ether) s.type = type_ether;
    if (!qualified) {
        if (_last.type == type_frag || _last.type == type_unfrag || _last.type == type_ect || _last.type == type_ce) return fail("unexpected '" + w + "'");   // these take no value
        s = _last;
        begin_anew(s);
    }
    EtherAddress e;
    if (s.type == type_none && (!qualified || s.dir != dir_none || s.proto)) {
        if (ip_name(tcp_flag_names, w, &t) && s.dir == dir_none && (!s.proto || s.proto == IP_PROTO_TCP)) s.type = type_opt;
        else if (port_name(w, s.proto, &t) && (!s.proto || s.proto == IP_PROTO_TCP || s.proto == IP_PROTO_UDP)) s.type = type_port;
        else if (!s.proto && cp_ethernet_address(w, &e, _context)) s.type = type_ether;
    }
    _last = s;
    if (s.type == type_none && qualified && s.dir == dir_none) {
        if (s.proto) return Node::protocol(s.proto);
        if (ip) return Node::constant(true);
    }
    switch (s.type) {
    case type_frag: return Node::of(s.proto, Node::in_range({0, 2, 6, 0x3FFF}, 1, 0x3FFF));
    case type_unfrag: return Node::of(s.proto, Node::in_range({0, 2, 6, 0x3FFF}, 0, 0));
    case type_ect: return Node::of(s.proto, Node::in_range({0, 1, 1, 3}, 1, 3));
    case type_ce: return Node::of(s.proto, Node::in_range({0, 1, 1, 3}, 3, 3));
    default: return comparison(s);
    }
}

CLICK_ENDDECLS
