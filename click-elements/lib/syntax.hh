// The syntax tree of a Click configuration, between lexer.cc (which makes it) and flatten.cc (which uses it).
#ifndef LCLICK_SYNTAX_HH
#define LCLICK_SYNTAX_HH
#include <click/elementtypes.hh>
#include <click/hashtable.hh>
#include <click/lexer.hh>
CLICK_DECLS
struct Scope;

/** What stands after `::`: a compiled class, or a compound with its overloads. */
struct ElementClass {
    String name;
    const ElementType *type = nullptr;
    Vector<Scope *> overloads;
};
struct Declaration {
    String name;
    const ElementClass *cls;     // null for the pseudo-elements input and output
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
    ~SyntaxTree() {
        for (Scope *s : scopes) delete s;
        for (ElementClass *c : classes) delete c;
    }
};

bool parse_configuration(const String &text, const String &filename, SyntaxTree &, ErrorHandler *);

CLICK_ENDDECLS
#endif
