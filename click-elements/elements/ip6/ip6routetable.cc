#include <click/config.h>
#include "ip6routetable.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
CLICK_DECLS

bool IP6Route::parse(const String &s, bool whole, const Element *e) {
    Vector<String> words;
    cp_spacevec(s, words);
    ArgContext args(e);
    if (words.empty() || !IP6PrefixArg(true).parse(words[0], address, length, args))
        return false;
    address &= IP6Address::make_prefix(length);
    if (!whole)
        return words.size() == 1;
    gateway = IP6Address();
    bool complete = words.size() == 2 || (words.size() == 3 && IP6AddressArg::parse(words[1], gateway, args));
    return complete && cp_integer(words[words.size() - 1], &port) && port >= 0;
}

void IP6Routes::add(const IP6Route &r) {
    int at = 0;
    while (at < _levels.size() && _levels[at]->length > r.length) ++at;
    if (at == _levels.size() || _levels[at]->length != r.length) {
        _levels.push_back(nullptr);
        for (int i = _levels.size() - 1; i > at; --i)
            _levels[i] = _levels[i - 1];
        _levels[at] = new Level;
        _levels[at]->length = r.length, _levels[at]->mask = IP6Address::make_prefix(r.length);
    }
    if (_levels[at]->routes.set(r.address, r))
        _order.push_back(r);
    else
        for (IP6Route &x : _order)
            if (x.length == r.length && x.address == r.address) x = r;
}

bool IP6Routes::remove(const IP6Address &address, int length) {
    for (int i = 0; i < _levels.size(); ++i)
        if (_levels[i]->length == length && _levels[i]->routes.erase(address)) {
            if (_levels[i]->routes.empty()) {
                delete _levels[i];
                for (; i + 1 < _levels.size(); ++i)
                    _levels[i] = _levels[i + 1];
                _levels.pop_back();
            }
            Vector<IP6Route> rest;
            for (const IP6Route &x : _order)
                if (x.length != length || x.address != address) rest.push_back(x);
            _order.swap(rest);
            return true;
        }
    return false;
}

void IP6Routes::clear() {
    for (Level *l : _levels)
        delete l;
    _levels.clear();
    _order.clear();
}

String IP6Routes::unparse() const {
    StringAccum sa;
    for (const IP6Route &r : _order)
        sa << r.address << '/' << r.length << '\t' << r.gateway << '\t' << r.port << '\n';
    return sa.take_string();
}

void *IP6RouteTable::cast(const char *name) { return strcmp(name, "IP6RouteTable") == 0 ? this : Element::cast(name); }

int IP6RouteTable::configure(Vector<String> &conf, ErrorHandler *errh) {
    int before = errh->nerrors(), ports = 0;
    for (int i = 0; i < conf.size(); ++i) {
        IP6Route r;
        if (!conf[i])
            continue;
        if (r.parse(conf[i], true, this))
            _routes.add(r), ports = std::max(ports, r.port + 1);
        else
            errh->error("argument %d should be DADDR/MASK [GW] OUTPUT", i + 1);
    }
    if (errh->nerrors() == before && ports > noutputs())
        errh->error("need %d or more output ports", ports);
    return errh->nerrors() == before ? 0 : -EINVAL;
}

int IP6RouteTable::change(const String &command, const String &rest, ErrorHandler *errh) {
    IP6Route r;
    bool add = command == "add";
    if (!add && command != "remove")
        return errh->error("bad command %<%s%>, should be add or remove", command.c_str());
    if (!r.parse(rest, add, this))
        return errh->error(add ? "expected ADDR/MASK [GATEWAY] PORT" : "expected ADDR/MASK");
    if (add && r.port >= noutputs())
        return errh->error("output port out of range");
    if (add)
        _routes.add(r);
    else
        _routes.remove(r.address, r.length);
    return 0;
}

int IP6RouteTable::write(const String &s, Element *e, void *command, ErrorHandler *errh) {
    String rest = cp_uncomment(s);
    String c = command ? String((const char *) command) : cp_shift_spacevec(rest);
    return static_cast<IP6RouteTable *>(e)->change(c, rest, errh);
}

String IP6RouteTable::read(Element *e, void *) { return "# Active routes\n" + static_cast<IP6RouteTable *>(e)->_routes.unparse(); }

void IP6RouteTable::add_handlers() {
    add_write_handler("add", write, "add");
    add_write_handler("remove", write, "remove");
    add_write_handler("ctrl", write, (const void *) nullptr);
    add_read_handler("table", read, 0);
}

CLICK_ENDDECLS
