// The syntax tree of a configuration.
#ifndef LCLICK_SYNTAX_HH
#define LCLICK_SYNTAX_HH
#include <click/elementtypes.hh>
#include <click/hashtable.hh>
#include <click/lexer.hh>
CLICK_DECLS
struct Scope;

/** What stands after `::`: a compiled class, or a compound with its overloads. */
struct ElementClass {
    String name;                 // empty for a compound without one
    const ElementType *type = nullptr;
    Vector<Scope *> overloads;
    const ElementClass *base = nullptr;     // what `...` stands for, or the class that this one is another name of
    bool known = true;           // false: complained of
};

/** An element, or what stands for a wall: `input` and `output` of a compound; a group and, behind it, its own two. */
enum DeclarationKind { D_ELEMENT, D_INPUT, D_OUTPUT, D_GROUP, D_GROUP_INPUT, D_GROUP_OUTPUT };
struct Declaration {
    DeclarationKind kind;
    String name;
    const ElementClass *cls;     // null unless an element
    String conf, landmark;
};
struct Wire { int from, from_port, to, to_port; String landmark; };
struct Formal { String name, keyword; };

/** The file, or the body of one compound. */
struct Scope {
    Scope *parent = nullptr;
    String landmark;
    Vector<Formal> formals;
    Vector<Declaration> elements;
    HashTable<String, int> index{-1};
    Vector<Wire> wires;
    Vector<Definition> definitions;
    HashTable<String, ElementClass *> classes{nullptr};
    int pseudo = 0;              // how many of elements are input and output

    /** The highest port in use, + 1. */
    int ports(int element, bool from) const {
        int n = 0;
        for (const Wire &w : wires)
            if ((from ? w.from : w.to) == element) n = click_max(n, (from ? w.from_port : w.to_port) + 1);
        return n;
    }
};

/** Owns everything the tree is made of. */
struct SyntaxTree {
    Scope *file = nullptr;
    Vector<Scope *> scopes;
    Vector<ElementClass *> classes;
    Vector<Definition> requirements;    // name = type, value = name
    Vector<String> provisions;
    Vector<String> libraries;           // those included already
    ~SyntaxTree() {
        for (Scope *s : scopes) delete s;
        for (ElementClass *c : classes) delete c;
    }
};

bool parse_configuration(const String &text, const String &filename, SyntaxTree &, ErrorHandler *);

/** The parameters visible in one expansion of a scope. */
class Environment { public:
    Environment(const Environment *parent, const Scope *scope) : _parent(parent), _scope(scope) {}
    const Environment *parent() const { return _parent; }
    const Scope *scope() const { return _scope; }
    void bind(const String &name, const String &value) { _values.push_back(Value{name, value, final}); }
    /** The formals of the scope; false if @a args do not fit them. */
    bool bind(const Vector<String> &args);
    /** What define() says in the scope, all at once; formals and the command line win. */
    void define(const Vector<Definition> &);
    /** Replace $x, ${x} and ${x-default}; single-quoted text and unknown names stay as they are. */
    String substitute(const String &text, int depth = 0) const;
    /** Something here or in an inner environment became longer than max_length. */
    bool overflowed() const { return _overflowed; }
    enum { max_length = 1 << 20 };

  private:
    enum State { final, raw, busy };
    struct Value { String name, text; State state; };
    const Environment *_parent;
    const Scope *_scope;
    mutable Vector<Value> _values;
    mutable bool _overflowed = false;
    const String *find(const String &name, int depth) const;
};

CLICK_ENDDECLS
#endif
