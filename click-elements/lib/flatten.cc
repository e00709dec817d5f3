// Syntax tree to Router: expands compounds, substitutes parameters, and joins connections through the walls of compounds and
// groups. The elements of a scope come first, then those of its compounds, one compound after the other.
#include <click/config.h>
#include <click/clickpath.hh>
#include "syntax.hh"
CLICK_DECLS

namespace {

/** An element of the flat configuration, or one side (inputs or outputs) of a compound's wall. */
struct Node {
    const ElementClass *cls;
    String name, conf, landmark;
    enum Kind { element, inputs, outputs } kind;
    const ElementType *type = nullptr;
    Vector<Wire> out;       // from this node; .from is unused
    Vector<char> reached;   // by input port
};

class Flattener { public:
    Flattener(SyntaxTree &tree, ErrorHandler *errh) : _tree(tree), _errh(errh) {}
    ~Flattener() { for (Environment *e : _environments) delete e; }
    Router *run(const String &text, const Vector<Definition> &command_line, const Vector<Definition> &extra, Master *);

  private:
    struct Instance { const Scope *scope; Environment *env; String prefix; int in, out; };
    SyntaxTree &_tree;
    ErrorHandler *_errh;
    Vector<Node> _nodes;
    Vector<Instance> _found;        // by expand(), to be expanded
    Vector<Environment *> _environments;
    bool _ok = true;
    int _nwires = 0;
    int64_t _length = 0;            // of all arguments
    enum { max_nodes = 100000, max_wires = 1000000, max_length = 64 << 20 };

    Environment *new_environment(const Environment *parent, const Scope *scope) {
        Environment *e = new Environment(parent, scope);
        _environments.push_back(e);
        return e;
    }
    void error(const String &landmark, const String &text) { _ok = false; _errh->lerror(landmark, "%s", text.c_str()); }
    int add_node(const ElementClass *cls, const String &name, const String &conf, const String &lm, Node::Kind kind) {
        _nodes.push_back(Node{cls, name, conf, lm, kind, nullptr, {}, {}});
        return _nodes.size() - 1;
    }
    struct Choice { const ElementType *type = nullptr; const Scope *body = nullptr; };
    Choice choose(const Declaration &d, const Vector<String> &args, int nin, int nout);
    void expand(const Instance &);
    void expand_compound(const Instance &, const Declaration &, const Scope *body, const Vector<String> &args, const String &name, int *in, int *out);
    void check_walls();
    void follow(const Wire &, Vector<PortRef> &ends, HashTable<uint64_t, char> &seen);
    void connect(Router *, const Vector<int> &eindex);
};

void unparse_ports(StringAccum &sa, int nin, int nout) {
    sa << nin << (nin == 1 ? " input, " : " inputs, ") << nout << (nout == 1 ? " output]" : " outputs]");
}

/** The first overload that takes these ports and arguments; a single one need not mind the ports, which are checked later. */
Flattener::Choice Flattener::choose(const Declaration &d, const Vector<String> &args, int nin, int nout) {
    const ElementClass *cls = d.cls;
    while (!cls->type && cls->overloads.empty() && cls->base)       // another name of a class
        cls = cls->base;
    bool single = cls->overloads.size() == 1 && !cls->base;
    StringAccum candidates;
    for (const ElementClass *c = cls; c; c = c->base) {
        if (c->type)
            return Choice{c->type, nullptr};
        for (const Scope *s : c->overloads) {
            Environment trial(nullptr, s);
            int in = s->ports(0, true), out = s->ports(1, false);
            if (trial.bind(args) && (single || (in == nin && out == nout)))
                return Choice{nullptr, s};
            candidates << "\n  " << d.cls->name;
            for (int i = 0; i < s->formals.size(); ++i) {
                const String &kw = s->formals[i].keyword;
                candidates << (i ? ", " : "(") << (!kw ? String("<arg>") : kw == "__REST__" ? String("...") : kw);
            }
            candidates << (s->formals.empty() ? "[" : ")[");
            unparse_ports(candidates, in, out);
        }
    }
    StringAccum sa;
    sa << "no match for '" << d.cls->name << '[';
    if (args.size())
        sa << args.size() << (args.size() == 1 ? " argument, " : " arguments, ");
    unparse_ports(sa, nin, nout);
    error(d.landmark, sa.take_string() + "'\ncandidates are:" + candidates.take_string());
    return Choice();
}

void Flattener::expand_compound(const Instance &inst, const Declaration &d, const Scope *body, const Vector<String> &args, const String &name, int *in, int *out) {
    const Environment *lexical = inst.env;       // where the compound was written, not where it is used
    while (lexical && lexical->scope() != body->parent)
        lexical = lexical->parent();
    Environment *env = new_environment(lexical, body);
    env->bind(args);
    env->define(body->definitions);
    *in = add_node(d.cls, name, String(), d.landmark, Node::inputs);
    *out = add_node(d.cls, name, String(), d.landmark, Node::outputs);
    _found.push_back(Instance{body, env, name + "/", *in, *out});
}

void Flattener::expand(const Instance &inst) {
    const Scope *s = inst.scope;
    int n = s->elements.size();
    Vector<int> as_source(n, -1), as_target(n, -1), nports[2] = {Vector<int>(n, 0), Vector<int>(n, 0)};
    for (const Wire &w : s->wires) {
        nports[1][w.from] = click_max(nports[1][w.from], w.from_port + 1);
        nports[0][w.to] = click_max(nports[0][w.to], w.to_port + 1);
    }
    for (int i = 0; i < n; ++i) {
        const Declaration &d = s->elements[i];
        String name = inst.prefix + d.name;
        if (_nodes.size() > max_nodes || _nwires > max_wires || _length > max_length)
            return error(d.landmark, "configuration too large");
        switch (d.kind) {
        case D_INPUT: as_source[i] = inst.in; continue;
        case D_OUTPUT: as_target[i] = inst.out; continue;
        case D_GROUP:           // its own input and output stand behind it
            as_target[i] = as_source[i + 1] = add_node(nullptr, name, String(), d.landmark, Node::inputs);
            as_source[i] = as_target[i + 2] = add_node(nullptr, name, String(), d.landmark, Node::outputs);
            continue;
        case D_GROUP_INPUT: case D_GROUP_OUTPUT: continue;
        case D_ELEMENT: break;
        }
        String conf = inst.env->substitute(d.conf);
        if (inst.env->overflowed())
            return error(d.landmark, "parameters make the arguments of '" + name + "' longer than " + String((int) Environment::max_length) + " bytes");
        _length += conf.length();
        Vector<String> args;
        if (!d.cls->type)
            cp_argvec(conf, args);
        Choice choice = choose(d, args, nports[0][i], nports[1][i]);
        if (choice.type)
            as_source[i] = as_target[i] = add_node(d.cls, name, conf, d.landmark, Node::element), _nodes.back().type = choice.type;
        else if (choice.body)
            expand_compound(inst, d, choice.body, args, name, &as_target[i], &as_source[i]);
    }
    for (const Wire &w : s->wires)
        if (as_source[w.from] >= 0 && as_target[w.to] >= 0) {
            Wire x = w;
            x.to = as_target[w.to];
            _nodes[as_source[w.from]].out.push_back(x);
            Vector<char> &reached = _nodes[x.to].reached;
            if (reached.size() <= w.to_port) reached.resize(w.to_port + 1, 0);
            reached[w.to_port] = 1;
            ++_nwires;
        }
}

/** Both sides of a wall must use the same ports. */
void Flattener::check_walls() {
    for (const Node &n : _nodes) {
        if (n.kind == Node::element)
            continue;
        Vector<char> left;
        for (const Wire &w : n.out) {
            if (left.size() <= w.from_port) left.resize(w.from_port + 1, 0);
            left[w.from_port] = 1;
        }
        bool inputs = n.kind == Node::inputs;
        const char *word = inputs ? "input " : "output ";
        for (int p = 0; p < click_max(left.size(), n.reached.size()); ++p) {
            bool into = p < n.reached.size() && n.reached[p], outof = p < left.size() && left[p];
            if (into != outof)      // of the two sides, the inner one says which ports there are
                error(n.landmark, "'" + n.name + "' " + (into == inputs ? "has no " : "") + word + String(p) + (into == inputs ? "" : " unused"));
        }
    }
}

/** The real inputs that a wire reaches, each once, through whatever walls. */
void Flattener::follow(const Wire &first, Vector<PortRef> &ends, HashTable<uint64_t, char> &seen) {
    Vector<PortRef> todo(1, PortRef{first.to, first.to_port});
    while (!todo.empty()) {
        PortRef at = todo.back();
        todo.pop_back();
        if (!seen.set(uint64_t(at.element) << 32 | (uint32_t) at.port, 1))
            continue;
        if (_nodes[at.element].kind == Node::element) {
            ends.push_back(at);
            continue;
        }
        const Vector<Wire> &out = _nodes[at.element].out;
        for (int i = out.size() - 1; i >= 0; --i)
            if (out[i].from_port == at.port) todo.push_back(PortRef{out[i].to, out[i].to_port});
    }
}

void Flattener::connect(Router *r, const Vector<int> &eindex) {
    for (int i = 0; i < _nodes.size(); ++i)
        if (_nodes[i].kind == Node::element)
            for (const Wire &w : _nodes[i].out) {
                Vector<PortRef> ends;
                if (_nodes[w.to].kind == Node::element)
                    ends.push_back(PortRef{w.to, w.to_port});
                else {
                    HashTable<uint64_t, char> seen(0);
                    follow(w, ends, seen);
                }
                for (const PortRef &e : ends)
                    r->add_connection(eindex[i], w.from_port, eindex[e.element], e.port, w.landmark);
            }
}

Router *Flattener::run(const String &text, const Vector<Definition> &command_line, const Vector<Definition> &extra, Master *master) {
    Environment *top = new_environment(nullptr, _tree.file);
    for (const Definition &d : command_line)
        top->bind(d.name, d.value);
    top->define(_tree.file->definitions);
    Vector<Instance> work(1, Instance{_tree.file, top, String(), -1, -1});
    while (!work.empty() && _ok) {
        Instance inst = work.back();
        work.pop_back();
        expand(inst);
        for (; !_found.empty(); _found.pop_back())
            work.push_back(_found.back());
    }
    if (_ok)
        check_walls();
    if (!_ok)
        return nullptr;

    Router *r = new Router(text, master);
    Vector<int> eindex(_nodes.size(), -1);
    HashTable<String, int> names(-1);
    for (int i = 0; i < _nodes.size(); ++i)
        if (_nodes[i].kind == Node::element) {
            const Node &n = _nodes[i];
            if (!names.set(n.name, i))
                error(n.landmark, "redeclaration of element '" + n.name + "'");
            eindex[i] = r->add_element(n.type->make(), n.name, n.conf, n.landmark);
        }
    for (const Definition &d : extra)
        if (const ElementType *type = click_find_element_type("ControlSocket"))
            r->add_element(type->make(), d.name, d.value, "<driver>");
    connect(r, eindex);
    for (const Definition &d : _tree.requirements)
        r->add_requirement(d.name, d.value);
    if (!_ok) {
        delete r;
        return nullptr;
    }
    return r;
}

}

Router *click_read_router(const String &text, const String &filename, const Vector<Definition> &defs,
                          const Vector<Definition> &control_sockets, Master *master, ErrorHandler *errh) {
    String config, why;
    if (!click_is_archive(text))
        config = text;
    else if (!click_archive_member(text, "config", config, &why)) {
        errh->lerror(filename, "%s", why.c_str());
        return nullptr;
    }
    SyntaxTree tree;
    if (!parse_configuration(config, filename, tree, errh))
        return nullptr;
    return Flattener(tree, errh).run(config, defs, control_sockets, master);
}

CLICK_ENDDECLS
