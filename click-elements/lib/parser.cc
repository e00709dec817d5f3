// Click text to syntax tree: statements, element classes and declarations.
#include <click/config.h>
#include "parser.hh"
CLICK_DECLS

bool Parser::run() {
    _scope = _tree.file = new_scope(nullptr);
    statements(0);
    return _ok && !_scan.failed();
}

bool Parser::error(const String &landmark, const String &text) {
    _ok = false;
    if (++_nerrors <= max_errors)
        _errh->lerror(landmark, "%s", text.c_str());
    return false;
}

bool Parser::expected(const char *what) {
    return error(_t.landmark, _t.kind == T_END ? String("syntax error at end of file, expected ") + what : "syntax error near '" + _t.text + "', expected " + what);
}

bool Parser::config(String &conf) {
    if (!_t.is('('))
        return true;
    bool closed;
    String lm = _t.landmark;
    conf = _scan.config(&closed);
    shift();
    return closed || error(lm, "missing ')' after element configuration");
}

/** Go behind the next semicolon, or to what closes the compound or group; over configuration strings and inner compounds. */
void Parser::recover(char closer) {
    int depth = 0;
    while (_t.kind != T_END && !(depth == 0 && (_t.is(';') || (closer && (_t.is(closer) || (closer == '}' && _t.kind == T_BARS)))))) {
        if (_t.is('(')) {
            bool closed;
            _scan.config(&closed);
        } else
            depth += _t.is('{') - (_t.is('}') && depth > 0);
        shift();
    }
    accept(';');
}

void Parser::statements(char closer) {
    // A compound's body ends at its closing brace or at an overload's bars.
    while (_t.kind != T_END && !(closer && _t.is(closer)) && !(closer == '}' && (_t.kind == T_BARS || _t.is('|'))))
        if (!statement())
            recover(closer);
}

bool Parser::statement() {
    if (accept(';'))
        return true;
    if (_t.is("elementclass")) return elementclass();
    if (_t.is("require")) return require();
    if (_t.is("provide")) return provide();
    if (_t.is("define")) return define();
    if (!starts_element() && !_t.arrow() && !_t.is('[')) {
        expected("a statement");
        shift();                // or we should stand still at a closer that closes nothing
        return false;
    }
    return chain();
}

// ---- Classes

ElementClass *Parser::new_class(const String &name) {
    ElementClass *c = new ElementClass;
    c->name = name;
    _tree.classes.push_back(c);
    return c;
}

ElementClass *Parser::find_class(const String &name) {
    for (Scope *s = _scope; s; s = s->parent)
        if (ElementClass *c = s->classes.get(name))
            return c;
    if (const ElementType *type = click_find_element_type(name)) {
        ElementClass *c = new_class(name);
        c->type = type;
        _tree.file->classes[name] = c;
        return c;
    }
    return nullptr;
}

/** Complain once, then go on as if it were known. */
ElementClass *Parser::unknown_class(const String &name, const String &landmark) {
    error(landmark, "unknown element class '" + name + "'" + click_why_no_element_type(name));
    ElementClass *c = new_class(name);
    c->known = false;
    _tree.file->classes[name] = c;
    return c;
}

ElementClass *Parser::class_reference() {
    if (_t.is('{'))
        return compound(String());
    if (_t.kind != T_ID || _t.keyword()) {
        expected("element class");
        return nullptr;
    }
    ElementClass *c = find_class(_t.text);
    if (!c)
        c = unknown_class(_t.text, _t.landmark);
    shift();
    return c;
}

// ---- Declarations

int Parser::declare(DeclarationKind kind, const String &name, const ElementClass *cls, const String &conf, const String &landmark) {
    if (_scope->index.count(name)) {
        const Declaration &old = _scope->elements[_scope->index.get(name)];
        error(landmark, "redeclaration of element '" + name + "'");
        error(old.landmark, "element '" + name + "' previously declared here");
        return _scope->index.get(name);
    }
    if (kind == D_ELEMENT && cls->known && !cp_is_click_id(name))
        error(landmark, "element name '" + name + "' has all-digit component");
    int i = _scope->elements.size();
    _scope->elements.push_back(Declaration{kind, name, cls, conf, landmark});
    _scope->index[name] = i;
    return i;
}

/** `Class@N`: N counts the elements of this scope, named ones too, from 1. */
String Parser::anonymous_name(const String &class_name) const {
    int n = _scope->elements.size() - _scope->pseudo + 1;
    String name;
    do
        name = class_name + "@" + String(n++);
    while (_scope->index.count(name));
    return name;
}

int Parser::declare_anonymous(const ElementClass *cls, const String &conf, const String &landmark) {
    return declare(D_ELEMENT, anonymous_name(cls->name), cls, conf, landmark);
}

bool parse_configuration(const String &text, const String &filename, SyntaxTree &tree, ErrorHandler *errh) {
    return Parser(text, filename, tree, errh).run();
}

CLICK_ENDDECLS
