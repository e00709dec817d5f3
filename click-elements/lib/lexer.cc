// Click text to syntax tree: a hand-written scanner and a recursive-descent parser. After an error it goes on
// behind the next semicolon, so that one run reports several.
#include <click/config.h>
#include <click/package.hh>
#include "syntax.hh"
CLICK_DECLS

namespace {

enum Kind { T_END, T_ID, T_VAR, T_ARROW, T_DARROW, T_COLONS, T_BARS, T_DOTS, T_CHAR };
struct Token {
    Kind kind = T_END;
    String text;
    String landmark;
    bool is(char c) const { return kind == T_CHAR && text[0] == c; }
    bool is(const char *word) const { return kind == T_ID && text == word; }
};

class Scanner { public:
    Scanner(const String &text, const String &filename) : _text(text), _s(_text.begin()), _end(_text.end()), _file(filename) {}
    String landmark() const { return _file + ":" + String(_line); }
    Token next();
    /** Raw text up to the parenthesis that balances the one just read. */
    String config(bool *closed);

  private:
    String _text;
    const char *_s, *_end;
    String _file;
    int _line = 1;
    bool _line_start = true;

    static bool id_char(char c) { return isalnum((unsigned char) c) || c == '_' || c == '@'; }
    void skip_space();
    bool line_directive();
    void advance(const char *to) { for (; _s < to; ++_s) _line += *_s == '\n'; }
};

/** `# 12 "file"` and `#line 12 "file"`, as cpp leaves them: the next line is line 12 of that file. */
bool Scanner::line_directive() {
    const char *eol = _s;
    while (eol < _end && *eol != '\n') ++eol;
    String rest = _text.substring(_s + 1, eol).trim_space();
    String word = cp_shift_spacevec(rest);
    if (word == "line")
        word = cp_shift_spacevec(rest);
    int line;
    if (!cp_integer(word, &line) || line < 0)
        return false;
    if (rest && rest[0] == '"')
        _file = cp_unquote(cp_shift_spacevec(rest));
    _s = eol;
    _line = line - 1;
    return true;
}

void Scanner::skip_space() {
    while (_s < _end) {
        if (*_s == '\n') ++_line, ++_s, _line_start = true;
        else if (isspace((unsigned char) *_s)) ++_s;
        else if (*_s == '/' && _s + 1 < _end && (_s[1] == '/' || _s[1] == '*')) advance(cp_skip_comment(_s, _end));
        else if (*_s == '#' && _line_start && line_directive()) continue;
        else break;
    }
    _line_start = false;
}

Token Scanner::next() {
    skip_space();
    Token t;
    t.landmark = landmark();
    if (_s >= _end)
        return t;
    const char *b = _s;
    auto two = [&](const char *s) { return _end - _s >= 2 && _s[0] == s[0] && _s[1] == s[1]; };
    if (id_char(*_s)) {
        while (_s < _end && (id_char(*_s) || (*_s == '/' && _s + 1 < _end && id_char(_s[1])))) ++_s;
        t.kind = T_ID;
    } else if (*_s == '$' && _s + 1 < _end && (isalnum((unsigned char) _s[1]) || _s[1] == '_')) {
        for (++_s; _s < _end && (isalnum((unsigned char) *_s) || *_s == '_'); ) ++_s;
        t.kind = T_VAR;
    } else if (two("->")) _s += 2, t.kind = T_ARROW;
    else if (two("=>")) _s += 2, t.kind = T_DARROW;
    else if (two("::")) _s += 2, t.kind = T_COLONS;
    else if (two("||")) _s += 2, t.kind = T_BARS;
    else if (_end - _s >= 3 && memcmp(_s, "...", 3) == 0) _s += 3, t.kind = T_DOTS;
    else ++_s, t.kind = T_CHAR;
    t.text = _text.substring(b, _s);
    return t;
}

String Scanner::config(bool *closed) {
    const char *b = _s, *s = _s;
    int depth = 1;
    while (s < _end) {
        if (*s == '"' || *s == '\'') {
            char q = *s++;
            while (s < _end && *s != q) s += *s == '\\' && q == '"' && s + 1 < _end ? 2 : 1;
            if (s < _end) ++s;
        } else if (*s == '/' && s + 1 < _end && (s[1] == '/' || s[1] == '*')) s = cp_skip_comment(s, _end);
        else if (*s == '\\' && s + 1 < _end && s[1] == '<') { while (s < _end && *s != '>') ++s; }
        else if (*s == '(') ++depth, ++s;
        else if (*s == ')' && --depth == 0) break;
        else ++s;
    }
    *closed = s < _end;
    String text = _text.substring(b, s).trim_space();
    advance(*closed ? s + 1 : s);
    return text;
}

/** One member of a connection: an element of the scope and the ports written beside it. */
struct Endpoint {
    String name;                // if not yet an element
    int element = -1;
    String landmark;
    Vector<int> in, out;
};

class Parser { public:
    Parser(const String &text, const String &filename, SyntaxTree &tree, ErrorHandler *errh) : _scan(text, filename), _tree(tree), _errh(errh) { shift(); }
    bool run() {
        _scope = _tree.file = new_scope(nullptr);
        statements(0);
        return _ok;
    }

  private:
    Scanner _scan;
    SyntaxTree &_tree;
    ErrorHandler *_errh;
    Token _t;
    Scope *_scope = nullptr;
    bool _ok = true;
    int _depth = 0;
    enum { max_depth = 64, max_ports = 4096, max_errors = 50 };

    void shift() { _t = _scan.next(); }
    bool accept(char c) { if (!_t.is(c)) return false; shift(); return true; }
    bool accept(Kind k) { if (_t.kind != k) return false; shift(); return true; }
    bool error(const String &landmark, const String &text) {
        _ok = false;
        if (_errh->nerrors() < max_errors)
            _errh->lerror(landmark, "%s", text.c_str());
        return false;
    }
    bool expected(const char *what) {
        return error(_t.landmark, _t.kind == T_END ? String("syntax error at end of file, expected ") + what : "syntax error near '" + _t.text + "', expected " + what);
    }
    Scope *new_scope(Scope *parent) {
        Scope *s = new Scope;
        s->parent = parent, s->landmark = _t.landmark;
        _tree.scopes.push_back(s);
        return s;
    }
    ElementClass *new_class(const String &name) {
        ElementClass *c = new ElementClass;
        c->name = name;
        _tree.classes.push_back(c);
        return c;
    }
    bool config(String &conf) {
        if (!_t.is('('))
            return true;
        bool closed;
        String lm = _t.landmark;
        conf = _scan.config(&closed);
        shift();
        return closed || error(lm, "missing ')' after element configuration");
    }
    ElementClass *find_class(const String &name);
    int declare(const String &name, const ElementClass *, const String &conf, const String &landmark);
    int declare_anonymous(const ElementClass *, const String &conf, const String &landmark);
    void statements(char closer);
    bool statement();
    bool elementclass();
    bool keyword_arguments(Vector<String> &args);
    bool require();
    bool define();
    ElementClass *compound(const String &name);
    bool formals(Scope *);
    ElementClass *class_reference();
    bool ports(Vector<int> &);
    bool endpoints(Vector<Endpoint> &);
    bool resolve(Vector<Endpoint> &);
    bool connect(const Vector<Endpoint> &from, const Vector<Endpoint> &to, bool pairwise, const String &landmark);
};

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

int Parser::declare(const String &name, const ElementClass *cls, const String &conf, const String &landmark) {
    if (_scope->index.count(name)) {
        const Declaration &old = _scope->elements[_scope->index.get(name)];
        error(landmark, "redeclaration of element '" + name + "'");
        error(old.landmark, "element '" + name + "' previously declared here");
        return _scope->index.get(name);
    }
    if (cls && name.find_left('/') < 0 && !cp_is_click_id(name))
        error(landmark, "bad element name '" + name + "'");
    int i = _scope->elements.size();
    _scope->elements.push_back(Declaration{name, cls, conf, landmark});
    _scope->index[name] = i;
    return i;
}

int Parser::declare_anonymous(const ElementClass *cls, const String &conf, const String &landmark) {
    // N counts the elements of this scope, named ones too, from 1.
    int n = _scope->elements.size() - _scope->pseudo + 1;
    String name;
    do
        name = cls->name + "@" + String(n++);
    while (_scope->index.count(name));
    return declare(name, cls, conf, landmark);
}

void Parser::statements(char closer) {
    // A compound's body ends at its closing brace or at an overload's bars.
    while (_t.kind != T_END && !(closer && (_t.is(closer) || _t.kind == T_BARS || _t.is('|')))) {
        if (statement())
            continue;
        int depth = 0;
        while (_t.kind != T_END && !(depth == 0 && (_t.is(';') || (closer && _t.is(closer))))) {
            depth += _t.is('{') - (_t.is('}') && depth > 0);
            shift();
        }
        accept(';');
    }
}

bool Parser::statement() {
    if (accept(';'))
        return true;
    if (_t.is("elementclass")) return elementclass();
    if (_t.is("require")) return require();
    if (_t.is("define")) return define();
    if (_t.is("provide")) return error(_t.landmark, "'provide' is not supported by lclick");
    Vector<Endpoint> left;
    if (!endpoints(left) || !resolve(left))
        return false;
    while (_t.kind == T_ARROW || _t.kind == T_DARROW) {
        bool pairwise = _t.kind == T_DARROW;
        String landmark = _t.landmark;
        shift();
        Vector<Endpoint> right;
        if (!endpoints(right) || !resolve(right) || !connect(left, right, pairwise, landmark))
            return false;
        left = right;
    }
    for (const Endpoint &e : left)
        if (e.out.size() && _t.kind != T_ARROW)
            return error(e.landmark, "output port given but nothing is connected to it");
    return true;
}

bool Parser::ports(Vector<int> &list) {
    if (!accept('['))
        return true;
    do {
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
            return error(_t.landmark, "port number too large");
        for (; a <= b; ++a)
            list.push_back(a);
    } while (accept(','));
    return accept(']') || expected("']'");
}

bool Parser::endpoints(Vector<Endpoint> &list) {
    do {
        Endpoint e;
        if (!ports(e.in))
            return false;
        e.landmark = _t.landmark;
        if (_t.is('{')) {
            ElementClass *c = compound("compound");
            String conf;
            if (!c || !config(conf))
                return false;
            e.element = declare_anonymous(c, conf, e.landmark);
        } else if (_t.is('('))
            return error(_t.landmark, "element groups '( ... )' are not supported by lclick");
        else if (_t.kind != T_ID)
            return expected("element name");
        else {
            e.name = _t.text;
            shift();
            if (_t.is('(')) {
                ElementClass *c = find_class(e.name);
                String conf;
                if (!config(conf))
                    return false;
                if (!c)
                    return error(e.landmark, _scope->index.count(e.name) ? "configuration of already declared element '" + e.name + "'" : "unknown element class '" + e.name + "'");
                e.element = declare_anonymous(c, conf, e.landmark);
            }
        }
        if (!ports(e.out))
            return false;
        list.push_back(e);
    } while (accept(','));
    if (!accept(T_COLONS))
        return true;
    ElementClass *c = class_reference();
    String conf;
    if (!c || !config(conf))
        return false;
    for (Endpoint &e : list) {
        if (e.element >= 0)
            return error(e.landmark, "declaration of an anonymous element");
        e.element = declare(e.name, c, conf, e.landmark);
    }
    Endpoint &last = list.back();
    return last.out.size() || ports(last.out);
}

bool Parser::resolve(Vector<Endpoint> &list) {
    for (Endpoint &e : list)
        if (e.element < 0) {
            e.element = _scope->index.get(e.name);
            if (e.element < 0) {
                ElementClass *c = find_class(e.name);
                if (!c)
                    return error(e.landmark, "undeclared element '" + e.name + "'");
                e.element = declare_anonymous(c, String(), e.landmark);
            }
        }
    return true;
}

bool Parser::connect(const Vector<Endpoint> &from, const Vector<Endpoint> &to, bool pairwise, const String &landmark) {
    struct Flat { int element, port; };
    Vector<Flat> a, b;
    auto flatten = [](const Vector<Endpoint> &list, bool out, Vector<Flat> &flat, int expand) {
        for (const Endpoint &e : list) {
            const Vector<int> &p = out ? e.out : e.in;
            if (p.empty())
                for (int i = 0; i < expand; ++i) flat.push_back(Flat{e.element, i});
            for (int i : p)
                flat.push_back(Flat{e.element, i});
        }
    };
    flatten(from, true, a, 1);
    flatten(to, false, b, 1);
    if (pairwise && a.size() != b.size()) {
        // A single portless element stands for as many ports as the other side has.
        if (from.size() == 1 && from[0].out.empty()) a.clear(), flatten(from, true, a, b.size());
        else if (to.size() == 1 && to[0].in.empty()) b.clear(), flatten(to, false, b, a.size());
    }
    if (pairwise ? a.size() != b.size() : a.size() > 1 && b.size() > 1)
        return error(landmark, pairwise ? "connection mismatch: " + String(a.size()) + " outputs, " + String(b.size()) + " inputs"
                                        : String("syntax error: many-to-many connections need '=>'"));
    for (int i = 0; i < click_max(a.size(), b.size()); ++i) {
        const Flat &f = a[a.size() == 1 ? 0 : i], &t = b[b.size() == 1 ? 0 : i];
        const Declaration &fd = _scope->elements[f.element], &td = _scope->elements[t.element];
        if (!fd.cls && fd.name == "output")
            return error(landmark, "'output' pseudoelement should only be used as an output");
        if (!td.cls && td.name == "input")
            return error(landmark, "'input' pseudoelement should only be used as an input");
        _scope->wires.push_back(Wire{f.element, f.port, t.element, t.port, landmark});
    }
    return true;
}

ElementClass *Parser::class_reference() {
    if (_t.is('{'))
        return compound("compound");
    if (_t.kind != T_ID) {
        expected("element class");
        return nullptr;
    }
    ElementClass *c = find_class(_t.text);
    if (!c) {
        error(_t.landmark, "unknown element class '" + _t.text + "'");
        shift();
        String ignored;
        config(ignored);
        return nullptr;
    }
    shift();
    return c;
}

bool Parser::formals(Scope *s) {
    // `$a, KEY $k, __REST__ $r |`
    if (_t.kind != T_VAR && !(_t.kind == T_ID && _t.text == _t.text.upper() && !find_class(_t.text)))
        return true;
    do {
        Formal f;
        if (_t.kind == T_ID) {
            f.keyword = _t.text;
            shift();
        } else if (!s->formals.empty() && s->formals.back().keyword)
            return error(_t.landmark, "positional formals must come before keyword formals");
        if (_t.kind != T_VAR)
            return expected("formal parameter");
        f.name = _t.text;
        for (const Formal &g : s->formals)
            if (g.name == f.name)
                return error(_t.landmark, "redeclaration of formal '" + f.name + "'");
        s->formals.push_back(f);
        shift();
    } while (accept(','));
    return accept('|') || expected("'|'");
}

ElementClass *Parser::compound(const String &name) {
    String start = _t.landmark;
    if (++_depth > max_depth) {
        error(start, "compound elements nested too deeply");
        return nullptr;
    }
    ElementClass *c = new_class(name);
    Scope *outer = _scope;
    bool good = true;
    shift();
    do {
        _scope = new_scope(outer);
        declare("input", nullptr, String(), start);
        declare("output", nullptr, String(), start);
        _scope->pseudo = 2;
        if (_t.kind == T_DOTS) {
            good = error(_t.landmark, "'...' overload extension is not supported by lclick");
            break;
        }
        if (!formals(_scope)) {
            good = false;
            break;
        }
        statements('}');
        c->overloads.push_back(_scope);
        if (_t.is('|')) {
            good = expected("'}'");
            break;
        }
    } while (accept(T_BARS));
    _scope = outer;
    --_depth;
    if (!good)
        return nullptr;
    if (_t.kind == T_END) {
        error(start, "missing '}' for compound element");
        return nullptr;
    }
    accept('}');
    return c;
}

bool Parser::elementclass() {
    shift();
    if (_t.kind != T_ID)
        return expected("element class name");
    String name = _t.text, landmark = _t.landmark;
    shift();
    if (_t.is('{')) {
        ElementClass *c = compound(name);
        if (c)
            _scope->classes[name] = c;
        return c;
    }
    ElementClass *c = class_reference();
    if (c)
        _scope->classes[name] = c;
    return c;
}

/** What stands in parentheses after `require` or `define`. */
bool Parser::keyword_arguments(Vector<String> &args) {
    String text;
    shift();
    if (!_t.is('('))
        return expected("'('");
    if (!config(text))
        return false;
    cp_argvec(text, args);
    return true;
}

bool Parser::require() {
    String landmark = _t.landmark;
    Vector<String> args;
    if (!keyword_arguments(args))
        return false;
    for (String arg : args) {
        String word = cp_shift_spacevec(arg);
        if (word == "compact_config" && !arg)
            continue;
        if (word == "library")
            return error(landmark, "require(library ...) is not supported by lclick");
        String package = cp_unquote(word == "package" ? arg : word);
        String why;
        if (click_require_package(package, landmark, why))
            _tree.requirements.push_back(Definition{"package", package});
        else
            error(landmark, why);
    }
    return true;
}

bool Parser::define() {
    String landmark = _t.landmark;
    Vector<String> args;
    if (!keyword_arguments(args))
        return false;
    for (String arg : args) {
        String name = cp_shift_spacevec(arg);
        if (name.length() < 2 || name[0] != '$')
            return error(landmark, "bad parameter name '" + name + "' in define(), expected $NAME");
        for (const Definition &d : _scope->definitions)
            if (d.name == name.substring(1))
                return error(landmark, "parameter '" + name + "' multiply defined");
        _scope->definitions.push_back(Definition{name.substring(1), arg});
    }
    return true;
}

}

bool parse_configuration(const String &text, const String &filename, SyntaxTree &tree, ErrorHandler *errh) {
    return Parser(text, filename, tree, errh).run();
}

CLICK_ENDDECLS
