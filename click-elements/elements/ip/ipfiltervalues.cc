#include <click/config.h>
#include <click/args.hh>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <initializer_list>
#include "ipfilterparser.hh"
CLICK_DECLS

/** One that Click knows, or that PortInfo and the system do. */
bool IPFilterParser::port_name(const String &s, int proto, int *port) const {
    uint16_t p;
    if (ip_name(ip_port_names, s, port)) return true;
    if (!s || !isalpha((unsigned char) s[0]) || (proto && proto != IP_PROTO_TCP && proto != IP_PROTO_UDP)) return false;
    const ArgContext context(_context);
    bool there = (proto != IP_PROTO_UDP && IPPortArg(IP_PROTO_TCP).parse(s, p, context)) || (proto != IP_PROTO_TCP && IPPortArg(IP_PROTO_UDP).parse(s, p, context));
    if (there) *port = p;
    return there;
}

IPFilterNode *IPFilterParser::comparison(const Subject &s) {
    String mask, op = "=";
    if (accept("&")) {
        if (!more()) return fail("expression ends too early, mask expected");
        mask = peek();
        ++_at;
    }
    for (const char *o : {"==", "=", "!=", "<=", ">=", "<", ">"})
        if (accept(o)) { op = o; break; }
    if (!more()) return fail("expression ends too early, value expected");
    if (s.type == type_none || s.type == type_host || s.type == type_net || s.type == type_ether) {
        if (op[0] == '<' || op[0] == '>') return fail("addresses have no order");
        if (s.type == type_ether) return mask ? fail("Ethernet addresses take no mask") : ether(s, op == "!=");
        return address(s, mask, op == "!=");
    }
    return number(s, mask, op);
}

IPFilterNode *IPFilterParser::directed(Direction dir, Node *src, Node *dst) {
    if (dir == dir_src) { delete dst; return src; }
    if (dir == dir_dst) { delete src; return dst; }
    return dir == dir_both ? Node::both(src, dst) : Node::either(src, dst);
}

IPFilterNode *IPFilterParser::address(const Subject &s, const String &mask_text, bool unequal) {
    IPAddress a, m = IPAddress::make_broadcast(), more_mask = m;
    const String v = peek();
    const bool host = cp_ip_address(v, &a, _context);
    if (s.type == type_none && !host && !isdigit((unsigned char) v[0]) && !cp_ip_prefix(v, &a, &m, false, _context)) return fail("unknown word '" + v + "'");
    if (s.type != type_net && host) {}
    else if (s.type != type_host && cp_ip_prefix(v, &a, &m, false, _context)) {}
    else if (s.type == type_net && host) {
        if (peek(1) == "mask") {
            _at += 2;
            if (!cp_ip_address(peek(), &m, _context)) return fail("bad mask '" + peek() + "'");
        }
    } else return fail("bad IP address '" + v + "'");
    if (mask_text) {
        if (s.type == type_net) return fail("a net has its mask already");
        if (!cp_ip_address(mask_text, &more_mask, _context)) return fail("bad mask '" + mask_text + "'");
        if (!more_mask) return fail("a mask of 0 leaves nothing to compare");
    }
    ++_at;
    uint32_t mask = ntohl((m & more_mask).addr()), value = ntohl(a.addr()) & mask;
    Node *n = directed(s.dir, Node::in_range({0, 4, 12, mask}, value, value), Node::in_range({0, 4, 16, mask}, value, value));
    return Node::of(s.proto, unequal ? Node::negate(n) : n);
}

/** Of the frame that the packet came in; false, != too, for packets without. */
IPFilterNode *IPFilterParser::ether(const Subject &s, bool unequal) {
    EtherAddress a;
    if (!cp_ethernet_address(peek(), &a, _context)) return fail("bad Ethernet address '" + peek() + "'");
    ++_at;
    const unsigned char *d = a.data();
    const uint32_t high = (uint32_t) d[0] << 24 | d[1] << 16 | d[2] << 8 | d[3], low = (uint32_t) (d[4] << 8 | d[5]);
    auto at = [high, low](uint32_t offset) {
        return Node::both(Node::in_range({DecisionField::link, 4, offset, 0xFFFFFFFFU}, high, high), Node::in_range({DecisionField::link, 2, offset + 4, 0xFFFF}, low, low));
    };
    Node *n = directed(s.dir, at(6), at(0));
    if (!unequal) return n;
    return Node::both(Node::in_range({DecisionField::link, 1, 0, 0xFF}, 0, 0xFF), Node::negate(n));
}

/** What the numbers of a subject are. */
bool IPFilterParser::numbers(const Subject &s, Numbers &n) {
    switch (s.type) {
    case type_port: n = {ip_port_names, {1, 2, 0, 0xFFFF}, 0}; break;
    case type_proto: n = {ip_protocol_names, {0, 1, 9, 0xFF}, 0}; break;
    case type_opt: n = {tcp_flag_names, {1, 1, 13, 0xFF}, 0}; break;
    case type_icmp: n = {icmp_type_names, {1, 1, 0, 0xFF}, 0}; break;
    case type_vers: n = {nullptr, {0, 1, 0, 0xF0}, 4}; break;
    case type_hl: n = {nullptr, {0, 1, 0, 0x0F}, 0}; break;
    case type_tos: n = {nullptr, {0, 1, 1, 0xFF}, 0}; break;
    case type_dscp: n = {nullptr, {0, 1, 1, 0xFC}, 2}; break;
    case type_ecn: n = {nullptr, {0, 1, 1, 0x03}, 0}; break;
    case type_len: n = {nullptr, {0, 2, 2, 0xFFFF}, 0}; break;
    case type_id: n = {nullptr, {0, 2, 4, 0xFFFF}, 0}; break;
    case type_ttl: n = {nullptr, {0, 1, 8, 0xFF}, 0}; break;
    case type_bytes: n = {nullptr, s.bytes, s.shift}; break;
    default: n = {nullptr, {1, 2, 14, 0xFFFF}, 0}; break;     // win
    }
    if ((s.type == type_opt || s.type == type_win) && s.proto && s.proto != IP_PROTO_TCP) return fail("only TCP has this field"), false;
    if (s.type == type_icmp && s.proto && s.proto != IP_PROTO_ICMP) return fail("only ICMP has a type"), false;
    if (s.type == type_port && s.proto && s.proto != IP_PROTO_TCP && s.proto != IP_PROTO_UDP && s.proto != sctp) return fail("this protocol has no ports"), false;
    return true;
}

/** A number, a name for one, or a range of numbers; with @a beyond, also a number greater than all that there are. */
bool IPFilterParser::range(const Numbers &n, int proto, bool beyond, uint32_t &low, uint32_t &high) {
    const String v = peek();
    const uint32_t max = n.field.mask >> n.shift;
    int x, dash = v.find_left('-');
    if ((n.names && ip_name(n.names, v, &x)) || (n.names == ip_port_names && port_name(v, proto, &x))) { low = high = (uint32_t) x; return true; }
    if (!cp_integer(v.substring(0, dash < 0 ? v.length() : dash), &low)) return fail("bad value '" + v + "'"), false;
    high = low;
    if (dash >= 0 && !cp_integer(v.substring(dash + 1), &high)) return fail("bad value '" + v + "'"), false;
    if (low > high || (high > max && !(beyond && dash < 0))) return fail("'" + v + "' out of range, 0 to " + String(max)), false;
    return true;
}

/** Of an order that holds for all values up to @a max, or for none. */
void IPFilterParser::warn_if_constant(const String &op, uint32_t bound, uint32_t max) {
    const bool equal = op.length() == 2, below = op[0] == '<';
    const bool all = below ? bound > max || (equal && bound == max) : equal && bound == 0;
    const bool none = below ? !equal && bound == 0 : bound > max || (!equal && bound == max);
    if (all || none) _errh->message("%s: warning: relation %<%s %u%> is always %s (range 0-%u)", _what.c_str(), op.c_str(), bound, all ? "true" : "false", max);
}

IPFilterNode *IPFilterParser::number(const Subject &s, const String &mask_text, const String &op) {
    Numbers n;
    uint32_t low, high, mask;
    const bool ordered = op[0] == '<' || op[0] == '>', unequal = op == "!=";
    if (!numbers(s, n) || !range(n, s.proto, ordered, low, high)) return nullptr;
    const uint32_t max = n.field.mask >> n.shift;
    if (s.type == type_opt && (ordered || low != high)) return fail("flags have no order");
    if (s.type == type_opt && mask_text) return fail("flags take no mask");
    if (ordered && low != high) return fail("a range has no order");
    if (mask_text) {
        if (!cp_integer(mask_text, &mask)) return fail("bad mask '" + mask_text + "'");
        if (!mask || mask > max) return fail("mask '" + mask_text + "' out of range, 1 to " + String(max));
        n.field.mask = mask << n.shift;
        if (!ordered && low == high) low = high = low & mask;
    }
    ++_at;
    if (ordered) {
        const bool equal = op.length() == 2;
        const uint32_t top = n.field.mask >> n.shift;
        warn_if_constant(op, low, top);
        if (op[0] == '>' ? low > top || (!equal && low == top) : !equal && low == 0) return Node::constant(false);
        if (op[0] == '>') low += !equal, high = top;
        else high = low > top ? top : low - !equal, low = 0;
    }
    if (s.type == type_opt)     // a flag's name asks whether it is set, whatever the others are
        return Node::both(Node::protocol(IP_PROTO_TCP), Node::both(Node::first_fragment(), Node::in_range({1, 1, 13, low}, unequal ? 0 : low, unequal ? 0 : low)));
    low <<= n.shift, high <<= n.shift;
    if (s.type == type_port) {
        Node *which = s.proto ? Node::protocol(s.proto) : Node::either(Node::protocol(IP_PROTO_TCP), Node::protocol(IP_PROTO_UDP));
        Direction dir = s.dir;
        // Neither port is N: the negation of `one of them is N`
        if (unequal && dir != dir_src && dir != dir_dst) dir = dir == dir_both ? dir_either : dir_both;
        DecisionField dst = n.field;
        dst.offset = 2;
        return Node::both(Node::both(which, Node::first_fragment()), directed(dir, Node::compared(n.field, low, high, unequal), Node::compared(dst, low, high, unequal)));
    }
    Node *test = Node::compared(n.field, low, high, unequal);
    if (n.field.base) test = Node::both(Node::first_fragment(), test);
    return Node::of(s.type == type_icmp ? IP_PROTO_ICMP : s.type == type_win ? IP_PROTO_TCP : s.proto, test);
}

CLICK_ENDDECLS
