// The tcpdump-like language of IPFilter and IPClassifier: recursive descent to a tree, then code from the last
// rule to the first, so that every jump target is known when it is needed.
#include <click/config.h>
#include <click/ipaddress.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include "ipfilterprogram.hh"
#include <click/confparse.hh>
#include <initializer_list>
#include "elements/ip/ipnames.hh"
CLICK_DECLS

struct IPFilterProgram::Node {
    enum Kind { constant, test, negation, conjunction, disjunction } kind;
    bool value = false;              // constant
    Instruction field = {};          // test
    Node *a = nullptr, *b = nullptr;
    ~Node() { delete a; delete b; }
};

IPFilterProgram::~IPFilterProgram() {
    for (Rule &r : _rules)
        delete r.tree;
}

namespace {
enum Direction { dir_none, dir_src, dir_dst, dir_either, dir_both };
enum Type { type_none, type_host, type_net, type_port, type_proto, type_opt, type_icmp, type_vers, type_hl, type_id, type_ttl, type_tos, type_dscp, type_ecn,
            type_len, type_win, type_frag, type_unfrag, type_ect, type_ce };
typedef IPName Word;

const Word types[] = {{"host", type_host}, {"net", type_net}, {"port", type_port}, {"proto", type_proto}, {"opt", type_opt}, {"type", type_icmp},
    {"vers", type_vers}, {"hl", type_hl}, {"id", type_id}, {"ttl", type_ttl}, {"tos", type_tos}, {"dscp", type_dscp}, {"ecn", type_ecn}, {"len", type_len},
    {"win", type_win}, {"frag", type_frag}, {"unfrag", type_unfrag}, {"ect", type_ect}, {"ce", type_ce}, {nullptr, 0}};
const IPName *const protos = ip_protocol_names, *const ports = ip_port_names, *const tcp_opts = tcp_flag_names, *const icmp_types = icmp_type_names;

bool lookup(const Word *table, const String &s, int *value) {
    for (; table->name; ++table)
        if (s == table->name) {
            *value = table->value;
            return true;
        }
    return false;
}
}

struct IPFilterProgram::Parser {
    struct Token { String text; int column; };
    Vector<Token> tokens;
    int at = 0, depth = 0;
    ErrorHandler *errh;
    String what;
    bool ok = true;
    // The last primitive's qualifiers, which a bare value takes over: `dst port 80 or 443`.
    Direction last_dir = dir_none;
    int last_type = type_none, last_proto = 0;

    Parser(const String &text, const String &w, ErrorHandler *e) : errh(e), what(w) {
        for (int i = 0; i < text.length(); ) {
            int start = i;
            char c = text[i], d = i + 1 < text.length() ? text[i + 1] : 0;
            if (isspace((unsigned char) c)) { ++i; continue; }
            if ((c == '&' && d == '&') || (c == '|' && d == '|') || ((c == '=' || c == '!' || c == '<' || c == '>') && d == '=')) i += 2;
            else if (strchr("()!=<>", c)) ++i;
            else
                while (i < text.length() && !isspace((unsigned char) text[i]) && !strchr("()!=<>&|", text[i])) ++i;
            if (i == start) ++i;
            tokens.push_back(Token{text.substring(start, i - start), start + 1});
        }
    }
    String peek(int k = 0) const { return at + k < tokens.size() ? tokens[at + k].text : String(); }
    bool accept(const char *s) { if (peek() != s || at >= tokens.size()) return false; ++at; return true; }
    Node *fail(const String &text) {
        if (ok)
            errh->error("%s, column %d: %s", what.c_str(), at < tokens.size() ? tokens[at].column : tokens.empty() ? 1 : tokens.back().column + tokens.back().text.length(), text.c_str());
        ok = false;
        return nullptr;
    }

    static Node *constant(bool v) { Node *n = new Node{Node::constant}; n->value = v; return n; }
    static Node *both(Node *a, Node *b) { return join(Node::conjunction, a, b); }
    static Node *either(Node *a, Node *b) { return join(Node::disjunction, a, b); }
    static Node *join(Node::Kind k, Node *a, Node *b) {
        if (!a || !b) { delete a; delete b; return nullptr; }
        Node *n = new Node{k};
        n->a = a, n->b = b;
        return n;
    }
    static Node *negate(Node *a) {
        if (!a) return nullptr;
        Node *n = new Node{Node::negation};
        n->a = a;
        return n;
    }
    static Node *field(bool transport, int offset, int width, uint32_t mask, uint32_t low, uint32_t high) {
        Node *n = new Node{Node::test};
        n->field = Instruction{{transport, (uint8_t) width, (uint32_t) offset, mask}, low, high};
        return n;
    }
    static Node *protocol(int p) { return field(false, 9, 1, 0xFF, p, p); }
    /** A test with a protocol's name before it is of that protocol's packets only. */
    static Node *of(int proto, Node *n) { return proto ? both(protocol(proto), n) : n; }
    static Node *first_fragment() { return field(false, 6, 2, 0x1FFF, 0, 0); }

    Node *expression() {
        if (++depth > 100) return fail("too many nested parentheses");
        Node *n = conjunction();
        while (n && (peek() == "or" || peek() == "||")) {
            ++at;
            n = either(n, conjunction());
        }
        --depth;
        return n;
    }
    Node *conjunction() {
        Node *n = negation();
        while (n && at < tokens.size() && peek() != ")" && peek() != "or" && peek() != "||") {
            if (!accept("and")) accept("&&");       // two terms side by side mean `and`
            n = both(n, negation());
        }
        return n;
    }
    Node *negation() {
        if (at >= tokens.size()) return fail("expression ends too early");
        if (++depth > 100) return fail("too many nested negations");
        Node *n;
        if (accept("not") || accept("!")) n = negate(negation());
        else if (accept("(")) {
            n = expression();
            if (n && !accept(")")) {
                delete n;
                n = fail("missing ')'");
            }
        } else n = primitive();
        --depth;
        return n;
    }
    bool direction(Direction &d) {
        String w = peek();
        if (w != "src" && w != "dst") return false;
        d = w == "src" ? dir_src : dir_dst;
        ++at;
        if ((peek() == "or" || peek() == "and") && (peek(1) == "src" || peek(1) == "dst") && peek(1) != w) {
            d = peek() == "or" ? dir_either : dir_both;
            at += 2;
        }
        return true;
    }
    Node *primitive() {
        String w = peek();
        if (w == "-" || w == "true" || w == "any" || w == "all") return ++at, constant(true);
        if (w == "false" || w == "none") return ++at, constant(false);
        Direction dir = dir_none;
        int type = type_none, proto = 0, t;
        bool ip = false, qualified = false;
        for (;;) {
            if (dir == dir_none && direction(dir)) {}
            else if (!ip && peek() == "ip") ip = true, ++at;
            // A protocol name is a qualifier, unless it is the value of `ip proto`.
            else if (!proto && type != type_proto && lookup(protos, peek(), &t)) proto = t, ++at;
            else if (type == type_none && lookup(types, peek(), &t)) type = t, ++at;
            else break;
            qualified = true;
        }
        if (!qualified) {
            if (last_type == type_frag || last_type == type_unfrag || last_type == type_ect || last_type == type_ce) return fail("unexpected '" + w + "'");      // these take no value
            dir = last_dir, type = last_type, proto = last_proto;
        }
        // An address or the name of a port that cannot be a value of the last type begins anew.
        IPAddress a, m;
        bool address = cp_ip_prefix(peek(), &a, &m, true), port = lookup(ports, peek(), &t);
        if (!qualified && address && (type == type_host ? peek().find_left('/') >= 0 : type != type_none && type != type_net)) dir = dir_none, type = type_none, proto = 0;
        if (!qualified && port && type != type_port && !(type == type_icmp && lookup(icmp_types, peek(), &t))) dir = dir_none, type = type_none, proto = 0;
        // A name alone says what it is of: `syn`, `dst www`.
        if (!qualified && type != type_opt && type != type_port && lookup(tcp_opts, peek(), &t)) dir = dir_none, type = type_none, proto = 0;
        if (!qualified && type == type_port && lookup(tcp_opts, peek(), &t) && !lookup(ports, peek(), &t)) dir = dir_none, type = type_opt, proto = 0;
        if (type == type_none && (!qualified || dir != dir_none || proto)) {
            if (lookup(tcp_opts, peek(), &t) && dir == dir_none && (!proto || proto == IP_PROTO_TCP)) type = type_opt;
            else if (lookup(ports, peek(), &t) && (!proto || proto == IP_PROTO_TCP || proto == IP_PROTO_UDP)) type = type_port;
        }
        last_dir = dir, last_type = type, last_proto = proto;
        if (type == type_none && qualified && dir == dir_none) {
            if (proto) return protocol(proto);
            if (ip) return constant(true);
        }
        if (type == type_frag) return of(proto, field(false, 6, 2, 0x3FFF, 1, 0x3FFF));
        if (type == type_ect) return of(proto, field(false, 1, 1, 3, 1, 3));
        if (type == type_ce) return of(proto, field(false, 1, 1, 3, 3, 3));
        if (type == type_unfrag) return of(proto, field(false, 6, 2, 0x3FFF, 0, 0));
        return comparison(dir, type, proto);
    }
    Node *comparison(Direction dir, int type, int proto) {
        String op = "=";
        for (const char *o : {"==", "=", "!=", "<=", ">=", "<", ">"})
            if (accept(o)) { op = o; break; }
        if (at >= tokens.size()) return fail("expression ends too early, value expected");
        String v = peek();
        if (type == type_none || type == type_host || type == type_net) {
            if (op != "=" && op != "==" && op != "!=") return fail("addresses have no order");
            Node *n = address(dir, type, v);
            return of(proto, op == "!=" ? negate(n) : n);
        }
        return number(dir, type, proto, v, op);
    }
    /** A field in a range, or with @a outside out of it; false either way where there is no such field. */
    static Node *compared(bool transport, int offset, int width, uint32_t mask, uint32_t low, uint32_t high, bool outside) {
        if (!outside) return field(transport, offset, width, mask, low, high);
        Node *below = low ? field(transport, offset, width, mask, 0, low - 1) : constant(false);
        return either(below, high < mask ? field(transport, offset, width, mask, high + 1, mask) : constant(false));
    }
    Node *address(Direction dir, int type, const String &v) {
        IPAddress a, m = IPAddress::make_broadcast();
        if (type == type_none && !isdigit((unsigned char) v[0])) return fail("unknown word '" + v + "'");
        if (type != type_net && cp_ip_address(v, &a)) {}
        else if (type != type_host && cp_ip_prefix(v, &a, &m)) {}
        else if (type == type_net && cp_ip_address(v, &a)) {
            if (peek(1) == "mask") {
                at += 2;
                if (!cp_ip_address(peek(), &m)) return fail("bad mask '" + peek() + "'");
            }
        } else return fail("bad IP address '" + v + "'");
        ++at;
        uint32_t mask = ntohl(m.addr()), value = ntohl(a.addr()) & mask;
        return directed(dir, field(false, 12, 4, mask, value, value), field(false, 16, 4, mask, value, value));
    }
    static Node *directed(Direction dir, Node *src, Node *dst) {
        if (dir == dir_src) { delete dst; return src; }
        if (dir == dir_dst) { delete src; return dst; }
        return dir == dir_both ? both(src, dst) : either(src, dst);
    }
    /** A number, a name of @a table, or a range of numbers. */
    bool range(const String &v, const Word *table, uint32_t max, uint32_t &low, uint32_t &high) {
        int x;
        if (table && lookup(table, v, &x)) { low = high = x; return true; }
        int dash = v.find_left('-');
        if (cp_integer(v.substring(0, dash < 0 ? v.length() : dash), &low)) {
            high = low;
            if (dash < 0 || cp_integer(v.substring(dash + 1), &high)) {
                if (low > high || high > max) { fail("'" + v + "' out of range, 0 to " + String(max)); return false; }
                return true;
            }
        }
        fail("bad value '" + v + "'");
        return false;
    }
    Node *number(Direction dir, int type, int proto, const String &v, const String &op) {
        struct { const Word *names; bool transport; int offset, width; uint32_t mask; int shift; } s;
        switch (type) {
        case type_port: s = {ports, true, 0, 2, 0xFFFF, 0}; break;
        case type_proto: s = {protos, false, 9, 1, 0xFF, 0}; break;
        case type_opt: s = {tcp_opts, true, 13, 1, 0xFF, 0}; break;
        case type_icmp: s = {icmp_types, true, 0, 1, 0xFF, 0}; break;
        case type_vers: s = {nullptr, false, 0, 1, 0xF0, 4}; break;
        case type_hl: s = {nullptr, false, 0, 1, 0x0F, 0}; break;
        case type_tos: s = {nullptr, false, 1, 1, 0xFF, 0}; break;
        case type_dscp: s = {nullptr, false, 1, 1, 0xFC, 2}; break;
        case type_ecn: s = {nullptr, false, 1, 1, 0x03, 0}; break;
        case type_len: s = {nullptr, false, 2, 2, 0xFFFF, 0}; break;
        case type_id: s = {nullptr, false, 4, 2, 0xFFFF, 0}; break;
        case type_ttl: s = {nullptr, false, 8, 1, 0xFF, 0}; break;
        default: s = {nullptr, true, 14, 2, 0xFFFF, 0}; break;     // win
        }
        uint32_t max = s.mask >> s.shift, low, high;
        if ((type == type_opt || type == type_win) && proto && proto != IP_PROTO_TCP) return fail("only TCP has this field");
        if (type == type_icmp && proto && proto != IP_PROTO_ICMP) return fail("only ICMP has a type");
        if (type == type_port && proto && proto != IP_PROTO_TCP && proto != IP_PROTO_UDP && proto != 132) return fail("this protocol has no ports");
        if (!range(v, s.names, max, low, high)) return nullptr;
        bool ordered = op[0] == '<' || op[0] == '>', unequal = op == "!=";
        if (type == type_opt && (ordered || low != high)) return fail("flags have no order");
        if (ordered) {
            if (low != high) return fail("a range has no order");
            bool equal = op.length() == 2;
            if (op[0] == '<' ? !equal && low == 0 : !equal && low == max) return ++at, constant(false);
            if (op[0] == '<') high = low - !equal, low = 0;
            else low += !equal, high = max;
        }
        ++at;
        if (type == type_opt) {
            // A flag's name asks whether it is set, whatever the others are.
            return both(protocol(IP_PROTO_TCP), both(first_fragment(), field(true, 13, 1, low, unequal ? 0 : low, unequal ? 0 : low)));
        }
        uint32_t lo = low << s.shift, hi = high << s.shift;
        if (type == type_port) {
            Node *which = proto ? protocol(proto) : either(protocol(IP_PROTO_TCP), protocol(IP_PROTO_UDP));
            // Neither port is N: the negation of `one of them is N`
            if (unequal) dir = dir == dir_both ? dir_either : dir == dir_src || dir == dir_dst ? dir : dir_both;
            return both(both(which, first_fragment()), directed(dir, compared(true, 0, 2, s.mask, lo, hi, unequal), compared(true, 2, 2, s.mask, lo, hi, unequal)));
        }
        Node *n = compared(s.transport, s.offset, s.width, s.mask, lo, hi, unequal);
        if (type == type_icmp) return both(both(protocol(IP_PROTO_ICMP), first_fragment()), n);
        if (type == type_win) return both(both(protocol(IP_PROTO_TCP), first_fragment()), n);
        return of(proto, n);
    }
};

bool IPFilterProgram::add(const String &pattern, int output, const String &what, ErrorHandler *errh) {
    Parser p(pattern, what, errh);
    Node *tree = p.expression();
    if (tree && p.at < p.tokens.size()) {
        p.fail("unexpected '" + p.peek() + "'");
        delete tree;
        tree = nullptr;
    }
    if (!tree)
        return false;
    _rules.push_back(Rule{tree, output});
    return true;
}

/** Code that goes to @a yes or @a no; returns where it begins. */
int IPFilterProgram::generate(const Node *n, int yes, int no) {
    switch (n->kind) {
    case Node::constant: return n->value ? yes : no;
    case Node::negation: return generate(n->a, no, yes);
    case Node::conjunction: return generate(n->a, generate(n->b, yes, no), no);
    case Node::disjunction: return generate(n->a, yes, generate(n->b, yes, no));
    case Node::test: break;
    }
    return _program.test(n->field.field, n->field.low, n->field.high, yes, no);
}

void IPFilterProgram::finish() {
    int entry = DecisionProgram::leaf(drop);
    for (int i = _rules.size() - 1; i >= 0; --i) entry = generate(_rules[i].tree, DecisionProgram::leaf(_rules[i].output), entry);
    _program.finish(entry, sizeof(click_ip));
}

bool IPFilterProgram::evaluate(const Node *n, const unsigned char *ip, uint32_t length) {
    switch (n->kind) {
    case Node::constant: return n->value;
    case Node::negation: return !evaluate(n->a, ip, length);
    case Node::conjunction: return evaluate(n->a, ip, length) && evaluate(n->b, ip, length);
    case Node::disjunction: return evaluate(n->a, ip, length) || evaluate(n->b, ip, length);
    case Node::test: break;
    }
    const DecisionField &f = n->field.field;
    uint32_t off = f.offset + (f.base ? (ip[0] & 15) * 4 : 0), x = 0;
    if (off + f.width > length) return false;
    for (int i = 0; i < f.width; ++i) x = x << 8 | ip[off + i];
    x &= f.mask;
    return x >= n->field.low && x <= n->field.high;
}

int IPFilterProgram::run_naively(const unsigned char *ip, uint32_t length) const {
    for (const Rule &r : _rules)
        if (evaluate(r.tree, ip, length)) return r.output;
    return drop;
}

CLICK_ENDDECLS
