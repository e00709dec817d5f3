// Click text to syntax tree: compounds, their formals and overloads, elementclass.
#include <click/config.h>
#include "parser.hh"
CLICK_DECLS

Scope *Parser::new_scope(Scope *parent) {
    Scope *s = new Scope;
    s->parent = parent, s->landmark = _t.landmark;
    _tree.scopes.push_back(s);
    return s;
}

/** `$a, KEY $k, __REST__ $r |` */
bool Parser::formals(Scope *s) {
    if (accept('|'))
        return true;            // as good as none
    if (_t.kind != T_VAR && !(_t.kind == T_ID && _scan.before_parameter()))
        return true;
    while (!_t.is('|')) {
        Formal f;
        if (_t.kind == T_ID) {
            f.keyword = _t.text;
            shift();
        }
        if (_t.kind != T_VAR)
            return expected("formal parameter");
        f.name = _t.text;
        String before = s->formals.empty() ? String() : s->formals.back().keyword;
        if (before == "__REST__" || (before && !f.keyword))
            return error(_t.landmark, "compound element parameters out of order: first positional ones, then keywords, then __REST__");
        for (const Formal &g : s->formals)
            if (g.name == f.name)
                return error(_t.landmark, "parameter '" + f.name + "' multiply defined");
        s->formals.push_back(f);
        shift();
        if (!accept(',') && !_t.is('|'))
            return expected("',' or '|'");
    }
    return accept('|');
}

/** The ports of a wall must be 0 to n without a hole. */
void Parser::check_walls(const Scope *s, int input, int output, const String &name, const String &landmark) {
    for (bool in : {true, false}) {
        Vector<char> used;
        for (const Wire &w : s->wires)
            if ((in ? w.from : w.to) == (in ? input : output)) {
                int p = in ? w.from_port : w.to_port;
                if (p >= used.size()) used.resize(p + 1, 0);
                used[p] = 1;
            }
        for (int p = 0; p < used.size(); ++p)
            if (!used[p])
                error(landmark, "'" + name + (in ? "' input " : "' output ") + String(p) + " missing");
    }
}

bool Parser::overload(ElementClass *c, const String &start) {
    declare(D_INPUT, "input", nullptr, String(), start);
    declare(D_OUTPUT, "output", nullptr, String(), start);
    _scope->pseudo = 2;
    if (!formals(_scope))
        return false;
    statements('}');
    check_walls(_scope, 0, 1, c->name ? c->name : String("<anonymous>"), start);
    c->overloads.push_back(_scope);
    return !_t.is('|') || expected("'}'");
}

ElementClass *Parser::compound(const String &name) {
    String start = _t.landmark;
    if (_depth >= max_depth) {
        error(start, "compound elements nested too deeply");
        return nullptr;
    }
    ++_depth;
    ElementClass *c = new_class(name);
    Scope *outer = _scope;
    int outer_input = _group_input, outer_output = _group_output;
    _group_input = _group_output = -1;
    bool good = true;
    shift();
    do {
        if (_t.kind == T_DOTS) {
            _scope = outer;
            c->base = name ? find_class(name) : nullptr;
            if (c->overloads.empty())
                good = error(_t.landmark, "'...' should occur last, after one or more compounds");
            else if (!c->base)
                good = error(_t.landmark, name ? "cannot extend unknown element class '" + name + "'" : String("'...' needs a class to extend: use it in elementclass"));
            shift();
            if (good && !_t.is('}'))
                good = expected("'}'");
            break;
        }
        _scope = new_scope(outer);
        good = overload(c, start);
    } while (good && accept(T_BARS));
    _scope = outer;
    _group_input = outer_input, _group_output = outer_output;
    --_depth;
    if (!good) {
        for (int depth = 0; _t.kind != T_END && !(depth == 0 && _t.is('}')); shift())
            depth += _t.is('{') - _t.is('}');
        accept('}');
        c->known = false;
        return c;               // so that its users are not complained of, too
    }
    if (_t.kind == T_END) {
        error(start, "missing '}' for compound element");
        return nullptr;
    }
    accept('}');
    return c;
}

bool Parser::elementclass() {
    shift();
    if (_t.kind != T_ID || _t.keyword())
        return expected("element class name");
    String name = _t.text;
    shift();
    ElementClass *c;
    if (_t.is('{'))
        c = compound(name);
    else if ((c = class_reference()) && c->known) {
        ElementClass *alias = new_class(name);
        alias->base = c;
        c = alias;
    }
    if (c)
        _scope->classes[name] = c;
    return c;
}

CLICK_ENDDECLS
