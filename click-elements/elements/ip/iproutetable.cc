#include <click/config.h>
#include "iproutetable.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/straccum.hh>
CLICK_DECLS

String IPRoute::unparse(const char *separator) const {
    StringAccum sa;
    int len = mask.mask_to_prefix_len();
    sa << addr << '/';
    if (len >= 0) sa << len;
    else sa << mask;
    sa << separator;
    if (gw) sa << gw;
    else sa << '-';
    sa << separator << port;
    return sa.take_string();
}

/** `ADDR/MASK [GATEWAY] OUTPUT`; to remove one, `ADDR/MASK` will do. */
bool IPRouteTable::parse(const String &text, IPRoute &r, bool remove, const char *what, ErrorHandler *errh) {
    Vector<String> words;
    cp_spacevec(text, words);
    int n = words.size();
    bool ok = n >= 1 && n <= 3 && cp_ip_prefix(words[0], &r.addr, &r.mask, true, this) && (n > 1 || remove);
    if (ok && n == 3 && words[1] != "-") ok = cp_ip_address(words[1], &r.gw, this);
    if (ok && n > 1) ok = cp_integer(words[n - 1], &r.port);
    if (!ok)
        return errh->error(remove ? "%sexpected %<ADDR/MASK [GATEWAY OUTPUT]%>" : !*what ? "%sexpected %<ADDR/MASK [GATEWAY] OUTPUT%>"
                           : "%sshould be %<ADDR/MASK [GATEWAY] OUTPUT%>", what), false;
    if (n > 1 && (r.port < 0 || r.port >= noutputs())) return errh->error("%sbad OUTPUT", what), false;
    if (_trie && r.mask.mask_to_prefix_len() < 0) return errh->error("%smask %s is not a prefix", what, r.mask.unparse().c_str()), false;
    r.addr = r.addr & r.mask;
    return true;
}

int IPRouteTable::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (_trie && !_trie->reserve()) return errh->error("out of memory");
    clear();
    bool ok = true;
    int replaced = 0;
    for (int i = 0; i < conf.size(); ++i) {
        IPRoute r;
        if (!parse(conf[i], r, false, ("argument " + String(i + 1) + " ").c_str(), errh)) ok = false;
        else if (_index.count(key(r.addr, r.mask))) ++replaced;      // the first one stays
        else add(r, false, nullptr, errh);
    }
    if (replaced) errh->warning("%d %s replaced by earlier ones", replaced, replaced == 1 ? "route was" : "routes were");
    return ok ? 0 : -EINVAL;
}

uint32_t IPRouteTable::search(IPAddress a) const {
    uint32_t best = 0;
    for (int i = 1; i < _routes.size(); ++i) {
        const IPRoute &r = _routes[i];
        // A mask that has all bits of another, and more, is longer; where neither has, the greater number wins.
        if (r.port >= 0 && a.matches_prefix(r.addr, r.mask) && (!best || ntohl(r.mask.addr()) > ntohl(_routes[best].mask.addr()))) best = i;
    }
    return best;
}

int IPRouteTable::lookup_route(IPAddress a, IPAddress &gw) const {
    uint32_t i = find(a);
    gw = i ? _routes[i].gw : IPAddress();
    return i ? _routes[i].port : -1;
}

uint32_t IPRouteTable::shorter(uint32_t addr, int len) const {
    while (--len >= 0) {
        IPAddress m = IPAddress::make_prefix(len);
        if (const uint32_t *i = _index.get_pointer(key(IPAddress(htonl(addr)) & m, m))) return *i;
    }
    return 0;
}

int IPRouteTable::add(const IPRoute &r, bool set, IPRoute *old, ErrorHandler *errh) {
    uint64_t k = key(r.addr, r.mask);
    if (const uint32_t *i = _index.get_pointer(k)) {
        IPRoute &present = _routes[*i];
        if (old) *old = present;
        if (!set) return errh->error("conflict with existing route %<%s%>", present.unparse().c_str()), -EEXIST;
        present = r;
        return 0;
    }
    uint32_t i;
    if (_routes.empty()) _routes.push_back(IPRoute());
    if (!_unused.empty()) {
        i = _unused.back();
        _unused.pop_back();
        _routes[i] = r;
    } else {
        i = _routes.size();
        _routes.push_back(r);
    }
    _index.set(k, i);
    if (_trie) _trie->insert(ntohl(r.addr.addr()), r.mask.mask_to_prefix_len(), i);
    if (old) *old = IPRoute();
    return 0;
}

int IPRouteTable::remove(const IPRoute &r, IPRoute *old, ErrorHandler *errh) {
    uint64_t k = key(r.addr, r.mask);
    uint32_t *found = _index.get_pointer(k);
    if (!found || (r.port >= 0 && (_routes[*found].port != r.port || _routes[*found].gw != r.gw)))
        return errh->error("route %<%s%> not found", r.unparse().c_str()), -ENOENT;
    uint32_t i = *found, addr = ntohl(r.addr.addr());
    int len = r.mask.mask_to_prefix_len();
    if (old) *old = _routes[i];
    if (_trie) _trie->remove(addr, len, i, shorter(addr, len));
    _index.erase(k);
    _routes[i] = IPRoute();
    _unused.push_back(i);
    return 0;
}

void IPRouteTable::clear() {
    if (_trie) _trie->clear();
    _index.clear();
    _routes.clear();
    _unused.clear();
}

String IPRouteTable::read_table(Element *e, void *) {
    StringAccum sa;
    for (const IPRoute &r : static_cast<IPRouteTable *>(e)->_routes)
        if (r.port >= 0) sa << r.unparse("\t\t") << '\n';
    return sa.take_string();
}

int IPRouteTable::lookup(int, String &s, Element *e, const Handler *, ErrorHandler *errh) {
    IPAddress a, gw;
    if (!cp_ip_address(cp_uncomment(s), &a, e)) return errh->error("expected IP address");
    StringAccum sa;
    sa << static_cast<IPRouteTable *>(e)->lookup_route(a, gw);
    if (gw) sa << ' ' << gw;
    s = sa.take_string();
    return 0;
}

enum { h_add, h_set, h_remove, h_ctrl, h_flush };

int IPRouteTable::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    IPRouteTable *t = static_cast<IPRouteTable *>(e);
    int what = (int) (uintptr_t) data;
    if (what == h_flush) return t->clear(), 0;
    if (what == h_ctrl) return t->control(s, errh);
    IPRoute r;
    if (!t->parse(cp_uncomment(s), r, what == h_remove, "", errh)) return -EINVAL;
    return what == h_remove ? t->remove(r, nullptr, errh) : t->add(r, what == h_set, nullptr, errh);
}

/** A command a line, all of them or none. */
int IPRouteTable::control(const String &s, ErrorHandler *errh) {
    struct Change { IPRoute route, old; };
    Vector<Change> done;
    int result = 0;
    for (int at = 0, end; at < s.length() && result >= 0; at = end + 1) {
        end = s.find_left('\n', at);
        if (end < 0) end = s.length();
        String line = cp_uncomment(s.substring(at, end - at)), command = cp_shift_spacevec(line);
        if (!command) continue;
        bool removal = command == "remove";
        Change c;
        if (!removal && command != "add" && command != "set") result = errh->error("bad command %<%s%>", command.c_str());
        else if (!parse(line, c.route, removal, "", errh)) result = -EINVAL;
        else if (removal) {
            result = remove(c.route, &c.old, errh);
            c.route.port = -1;
        } else
            result = add(c.route, command == "set", &c.old, errh);
        if (result >= 0) done.push_back(c);
    }
    for (int i = done.size() - 1; i >= 0 && result < 0; --i)
        if (done[i].old.port >= 0) add(done[i].old, true, nullptr, errh);
        else remove(done[i].route, nullptr, errh);
    return result;
}

void IPRouteTable::add_handlers() {
    if (_changeable) {
        add_write_handler("add", write, h_add);
        add_write_handler("set", write, h_set);
        add_write_handler("remove", write, h_remove);
        add_write_handler("ctrl", write, h_ctrl);
        add_write_handler("flush", write, h_flush, Handler::f_button);
    }
    add_read_handler("table", read_table, 0, Handler::f_expensive);
    set_handler("lookup", Handler::f_read | Handler::f_read_param, lookup);
}

CLICK_ENDDECLS
