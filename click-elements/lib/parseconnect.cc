// Click text to syntax tree: connections, element lists, ports and groups.
#include <click/config.h>
#include "parser.hh"
CLICK_DECLS

/** `a -> b [1] => c, d`, with input and output where a compound or a group leaves them out. */
bool Parser::chain() {
    Vector<Endpoint> left;
    if (!side(left, true, _t.landmark))
        return false;
    if (!_t.arrow())
        share_class(left);
    bool good = resolve(left);
    for (const Endpoint &e : left)
        if (e.in.given)
            good = error(e.landmark, "input ports ignored at start of chain");
    while (_t.arrow()) {
        bool pairwise = _t.kind == T_DARROW;
        String landmark = _t.landmark;
        shift();
        Vector<Endpoint> right;
        if (!side(right, false, landmark))
            return false;
        good = resolve(right) && good && connect(left, right, pairwise, landmark);
        left.swap(right);
    }
    for (const Endpoint &e : left)
        if (e.out.given)
            error(e.landmark, "output ports ignored at end of chain");
    return true;                // what was wrong is said, and the next statement can be read
}

/** What stands on one side of an arrow, or alone. */
bool Parser::side(Vector<Endpoint> &list, bool first, const String &landmark) {
    if (starts_element() || _t.is('[')) {
        if (!endpoints(list))
            return false;
    } else {
        list.push_back(Endpoint());
        list[0].missing = true, list[0].landmark = landmark;
    }
    if (!list[0].missing)
        return true;
    return !first && _t.arrow() ? expected("element name") : fill_in(list[0], first);
}

/** `a, b :: Class;` declares both. */
void Parser::share_class(Vector<Endpoint> &list) {
    const Endpoint d = list.back();
    if (!d.declared || !d.name)
        return;
    for (int i = 0; i < list.size() - 1; ++i)
        if (list[i].declared || list[i].element >= 0) return;
    for (Endpoint &e : list)
        e.cls = d.cls, e.conf = d.conf, e.declared = true;
}

/** `[0,2-4]`; `[]` is as many as the other side of a `=>` needs. */
bool Parser::ports(Endpoint::Ports &p) {
    if (!accept('['))
        return true;
    p.given = true;
    while (!_t.is(']')) {
        int a, b;
        if (_t.kind != T_ID || !cp_integer(_t.text, &a) || a < 0)
            return expected("port number");
        shift();
        b = a;
        if (accept('-')) {
            if (_t.kind != T_ID || !cp_integer(_t.text, &b) || b < a)
                return expected("port number");
            shift();
        }
        if (b >= max_ports)
            return error(_t.landmark, "port number too large, " + String(max_ports - 1) + " is the highest");
        for (; a <= b; ++a)
            p.list.push_back(a);
        if (!accept(',') && !_t.is(']'))
            return expected("',' or ']'");
    }
    return accept(']');
}

bool Parser::endpoints(Vector<Endpoint> &list) {
    do {
        Endpoint e;
        if (!ports(e.in))
            return false;
        e.landmark = _t.landmark;
        if (!starts_element()) {
            if (!e.in.given || !list.empty())
                return expected("element name");
            e.missing = true;
        } else if (!element(e) || !ports(e.out))
            return false;
        list.push_back(e);
        if (e.missing)
            return true;
    } while (accept(','));
    return true;
}

bool Parser::element(Endpoint &e) {
    if (_t.is('('))
        return group(e);        // numbered before what else stands in the list
    if (_t.is('{')) {
        e.declared = true;
        return (e.cls = compound(String())) && config(e.conf);
    }
    e.name = _t.text;
    shift();
    if (_t.is('(')) {
        e.cls = find_class(e.name);
        if (!config(e.conf))
            return false;
        if (!e.cls && _scope->index.count(e.name))
            return error(e.landmark, "configuration of already declared element '" + e.name + "'");
        if (!e.cls)
            e.cls = unknown_class(e.name, e.landmark);
        e.name = String(), e.declared = true;
    } else if (accept(T_COLONS)) {
        if (find_class(e.name))
            error(e.landmark, "class '" + e.name + "' used as element name");
        e.declared = true;
        return (e.cls = class_reference()) && config(e.conf);
    }
    return true;
}

/** `( ... )`: no scope of its own, but an input and an output. It takes three places in the numbering of elements. */
bool Parser::group(Endpoint &e) {
    String start = _t.landmark;
    if (_depth >= max_depth)
        return error(start, "element groups nested too deeply");
    shift();
    String name = anonymous_name(String());
    int outer_input = _group_input, outer_output = _group_output;
    e.element = declare(D_GROUP, name, nullptr, String(), start);
    _group_input = declare(D_GROUP_INPUT, name + "/input", nullptr, String(), start);
    _group_output = declare(D_GROUP_OUTPUT, name + "/output", nullptr, String(), start);
    ++_depth;
    statements(')');
    --_depth;
    check_walls(_scope, _group_input, _group_output, "<anonymous group>", start);
    _group_input = outer_input, _group_output = outer_output;
    return accept(')') || error(start, "missing ')' for element group");
}

/** The input or output that a chain leaves out. */
bool Parser::fill_in(Endpoint &e, bool at_start) {
    if (_group_input < 0 && _scope == _tree.file)
        return error(e.landmark, String("syntax error near '->': a connection outside of compounds and groups must ") + (at_start ? "begin" : "end") + " with an element");
    e.element = _group_input >= 0 ? (at_start ? _group_input : _group_output) : at_start ? 0 : 1;
    if (at_start) {
        e.out = e.in;
        e.in = Endpoint::Ports();
    }
    e.missing = false;
    return true;
}

/** Declare what has no name, and look up what has. */
bool Parser::resolve(Vector<Endpoint> &list) {
    bool good = true;
    for (Endpoint &e : list) {
        if (e.element >= 0 || e.missing)
            continue;
        if (e.declared) {
            e.element = e.name ? declare(D_ELEMENT, e.name, e.cls, e.conf, e.landmark) : declare_anonymous(e.cls, e.conf, e.landmark);
            continue;
        }
        if (_group_input >= 0 && (e.name == "input" || e.name == "output"))
            e.element = e.name == "input" ? _group_input : _group_output;
        else if (ElementClass *c = find_class(e.name))
            e.element = declare_anonymous(c, String(), e.landmark);
        else
            e.element = _scope->index.get(e.name);
        if (e.element < 0 && list.back().declared && list.back().name)      // Click would not have it
            e.element = declare(D_ELEMENT, e.name, list.back().cls, list.back().conf, e.landmark);
        if (e.element < 0)
            good = error(e.landmark, "undeclared element '" + e.name + "'");
    }
    return good;
}

bool Parser::connect(const Vector<Endpoint> &from, const Vector<Endpoint> &to, bool pairwise, const String &landmark) {
    struct Flat { int element, port; };
    struct Side { Vector<Flat> flat; int expandable = -1; bool demanded = false; };
    bool many = false;
    auto flatten = [&](const Vector<Endpoint> &list, bool out, Side &side) {
        for (const Endpoint &e : list) {
            const Endpoint::Ports &p = out ? e.out : e.in;
            if (!p.list.empty())
                for (int i : p.list) side.flat.push_back(Flat{e.element, i});
            else if (!p.given && _scope->elements[e.element].kind == D_GROUP) {      // all that it has
                int n = out ? _scope->ports(e.element + 2, false) : _scope->ports(e.element + 1, true);
                for (int i = 0; i < click_max(n, 1); ++i) side.flat.push_back(Flat{e.element, i});
            } else {
                if (p.given || (list.size() == 1 && pairwise)) many |= side.demanded && p.given, side.expandable = side.flat.size(), side.demanded |= p.given;
                side.flat.push_back(Flat{e.element, 0});
            }
        }
    };
    Side a, b;
    flatten(from, true, a);
    flatten(to, false, b);
    if (many || (pairwise && a.demanded && b.demanded))
        return error(landmark, "at most one expandable port allowed per connection");
    // A single portless element stands for as many ports as the other side has.
    auto expand = [&](Side &side, int n) {
        for (int port = 1; side.flat.size() < n; ++port)
            side.flat.insert(side.flat.begin() + side.expandable + port, Flat{side.flat[side.expandable].element, port});
    };
    if (pairwise && a.expandable >= 0) expand(a, b.flat.size());
    if (pairwise && b.expandable >= 0) expand(b, a.flat.size());
    int na = a.flat.size(), nb = b.flat.size();
    if (pairwise && na != nb && na != 1 && nb != 1)
        return error(landmark, "connection mismatch: " + String(na) + (na == 1 ? " output" : " outputs") + " connected to " + String(nb) + (nb == 1 ? " input" : " inputs"));
    if (!pairwise && na > 1 && nb > 1)
        return error(landmark, "syntax error: many-to-many connections require '=>'");
    for (int i = 0; i < click_max(na, nb); ++i) {
        const Flat &f = a.flat[na == 1 ? 0 : i], &t = b.flat[nb == 1 ? 0 : i];
        DeclarationKind fk = _scope->elements[f.element].kind, tk = _scope->elements[t.element].kind;
        if (fk == D_OUTPUT || fk == D_GROUP_OUTPUT)
            return error(landmark, "pseudoelement 'output' may only be used as input");
        if (tk == D_INPUT || tk == D_GROUP_INPUT)
            return error(landmark, "pseudoelement 'input' may only be used as output");
        _scope->wires.push_back(Wire{f.element, f.port, t.element, t.port, landmark});
    }
    return true;
}

CLICK_ENDDECLS
