// The recursive-descent parser. After an error it goes on behind the next semicolon, so that one run reports several.
#ifndef LCLICK_PARSER_HH
#define LCLICK_PARSER_HH
#include "scanner.hh"
#include "syntax.hh"
CLICK_DECLS

/** One member of a connection: an element of the scope and the ports written beside it. */
struct Endpoint {
    String name;                // if not yet an element
    ElementClass *cls = nullptr;
    String conf, landmark;
    int element = -1;
    bool declared = false;      // `name :: Class` here, or a class that needs no name
    bool missing = false;       // only ports, or nothing: input or output is meant
    struct Ports { bool given = false; Vector<int> list; } in, out;
};

class Parser { public:
    Parser(const String &text, const String &filename, SyntaxTree &tree, ErrorHandler *errh) : _scan(text, filename, errh), _tree(tree), _errh(errh), _file(filename) { shift(); }
    bool run();

  private:
    Scanner _scan;
    SyntaxTree &_tree;
    ErrorHandler *_errh;
    String _file;               // where libraries are looked for first
    Token _t;
    Scope *_scope = nullptr;
    int _group_input = -1, _group_output = -1;      // of the innermost group of the scope
    bool _ok = true;
    int _depth = 0, _nerrors = 0;
    enum { max_depth = 64, max_ports = 4096, max_errors = 50 };

    // Tokens and complaints
    void shift() { _t = _scan.next(); }
    bool accept(char c) { if (!_t.is(c)) return false; shift(); return true; }
    bool accept(TokenKind k) { if (_t.kind != k) return false; shift(); return true; }
    bool error(const String &landmark, const String &text);
    bool expected(const char *what);
    bool config(String &conf);
    void recover(char closer);

    // Statements and declarations
    void statements(char closer);
    bool statement();
    ElementClass *new_class(const String &name);
    ElementClass *find_class(const String &name);
    ElementClass *unknown_class(const String &name, const String &landmark);
    ElementClass *class_reference();
    int declare(DeclarationKind, const String &name, const ElementClass *, const String &conf, const String &landmark);
    int declare_anonymous(const ElementClass *, const String &conf, const String &landmark);
    String anonymous_name(const String &class_name) const;

    // Connections
    bool chain();
    bool starts_element() const { return _t.is('{') || _t.is('(') || (_t.kind == T_ID && !_t.keyword()); }
    bool ports(Endpoint::Ports &);
    bool endpoints(Vector<Endpoint> &);
    bool element(Endpoint &);
    bool group(Endpoint &);
    bool resolve(Vector<Endpoint> &);
    bool side(Vector<Endpoint> &, bool first, const String &landmark);
    void share_class(Vector<Endpoint> &);
    bool fill_in(Endpoint &, bool at_start);
    bool connect(const Vector<Endpoint> &from, const Vector<Endpoint> &to, bool pairwise, const String &landmark);

    // Compounds
    Scope *new_scope(Scope *parent);
    ElementClass *compound(const String &name);
    bool overload(ElementClass *, const String &start);
    bool formals(Scope *);
    bool elementclass();
    void check_walls(const Scope *, int input, int output, const String &name, const String &landmark);

    // Requirements and definitions
    bool keyword_arguments(Vector<String> &args);
    bool require();
    bool require_package(const String &name, const String &landmark);
    bool require_library(const String &name, const String &landmark);
    bool provide();
    bool define();
};

CLICK_ENDDECLS
#endif
