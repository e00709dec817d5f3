// Syntax tree to Router: expands compounds, substitutes parameters, and joins connections through the
// compounds' walls. Inner elements come after all elements of the scope that uses them.
#include <click/config.h>
#include "syntax.hh"
CLICK_DECLS

namespace {

/** The parameters visible in one expansion of a scope. */
struct Environment {
    const Environment *parent;
    const Scope *scope;
    Vector<Definition> values;

    const String *find(const String &name) const {
        for (const Environment *e = this; e; e = e->parent)
            for (const Definition &d : e->values)
                if (d.name == name) return &d.value;
        return nullptr;
    }
};

bool name_char(char c) { return isalnum((unsigned char) c) || c == '_'; }

/** Replace $x, ${x} and ${x-default}; single-quoted text and unknown names stay as they are. */
String substitute(const String &text, const Environment &env, int depth = 0) {
    if (text.find_left('$') < 0)
        return text;
    StringAccum sa;
    char quote = 0;
    for (const char *s = text.begin(), *end = text.end(); s < end; ) {
        if (!quote && *s == '/' && s + 1 < end && (s[1] == '/' || s[1] == '*')) {
            const char *e = cp_skip_comment(s, end);
            sa.append(s, e);
            s = e;
            continue;
        }
        if (*s == '\\' && quote == '"' && s + 1 < end) {
            sa.append(s, 2);
            s += 2;
            continue;
        }
        if (*s == '"' || *s == '\'')
            quote = !quote ? *s : quote == *s ? 0 : quote;
        if (*s != '$' || quote == '\'' || s + 1 >= end) {
            sa << *s++;
            continue;
        }
        const char *b = s + 1, *e = b;
        String name, dflt;
        bool braces = *b == '{', has_default = false;
        if (braces) {
            for (e = ++b; e < end && name_char(*e); ) ++e;
            name = text.substring(b, e);
            if (e < end && *e == '-') {
                const char *d = ++e;
                while (e < end && *e != '}') ++e;
                dflt = text.substring(d, e);
                has_default = true;
            }
            if (e >= end || *e != '}') {
                sa << *s++;
                continue;
            }
            ++e;
        } else {
            while (e < end && name_char(*e)) ++e;
            name = text.substring(b, e);
        }
        const String *value = env.find(name);
        String v = value ? *value : has_default && depth < 8 ? substitute(dflt, env, depth + 1) : text.substring(s, e);
        if (quote == '"' && (value || has_default)) {
            String q = cp_quote(cp_unquote(v), true);      // inside quotes the value's own quotes go
            v = q.substring(1, q.length() - 2);
        }
        sa << v;
        s = e;
    }
    return sa.take_string();
}

/** An element of the flat configuration, or one side (inputs or outputs) of a compound's wall. */
struct Node {
    const ElementClass *cls;
    String name, conf, landmark;
    bool wall;
    Vector<Wire> out;       // from this node; .from is unused
    int nin = 0;            // highest port reached + 1
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
    Vector<Instance> _work;
    Vector<Environment *> _environments;
    bool _ok = true;
    enum { max_nodes = 100000 };

    Environment *new_environment(const Environment *parent, const Scope *scope) {
        Environment *e = new Environment{parent, scope, {}};
        _environments.push_back(e);
        return e;
    }
    void error(const String &landmark, const String &text) { _ok = false; _errh->lerror(landmark, "%s", text.c_str()); }
    int add_node(const ElementClass *cls, const String &name, const String &conf, const String &lm, bool wall) {
        _nodes.push_back(Node{cls, name, conf, lm, wall, {}, 0});
        return _nodes.size() - 1;
    }
    void define(Environment *env, const Scope *scope) {
        for (const Definition &d : scope->definitions) {
            bool known = false;      // formals and the command line win
            for (const Definition &v : env->values) known |= v.name == d.name;
            if (!known) env->values.push_back(Definition{d.name, substitute(d.value, *env)});
        }
    }
    const Scope *choose(const Declaration &d, const Vector<String> &args, int nin, int nout, const Scope *user);
    bool bind(Environment *env, const Scope *scope, const Vector<String> &args);
    void expand(const Instance &);
    void follow(int node, int port, Vector<PortRef> &ends, int depth);
};

/** Does @a arg give the keyword @a kw? Then @a value is what follows. */
bool keyword_value(const String &arg, const String &kw, String *value) {
    if (!arg.starts_with(kw) || (arg.length() > kw.length() && !isspace((unsigned char) arg[kw.length()])))
        return false;
    *value = arg.substring(kw.length()).trim_space();
    return arg.length() > kw.length();
}

bool Flattener::bind(Environment *env, const Scope *scope, const Vector<String> &args) {
    Vector<char> used(args.size(), 0);
    for (const Formal &f : scope->formals)
        if (f.keyword && f.keyword != "__REST__") {
            String value;
            bool found = false;
            for (int i = 0; i < args.size() && !found; ++i)
                if (!used[i] && keyword_value(args[i], f.keyword, &value)) used[i] = 1, found = true;
            if (!found) return false;
            env->values.push_back(Definition{f.name.substring(1), value});
        }
    int at = 0;
    for (const Formal &f : scope->formals)
        if (!f.keyword) {
            while (at < args.size() && used[at]) ++at;
            if (at >= args.size()) return false;
            used[at] = 1;
            env->values.push_back(Definition{f.name.substring(1), args[at]});
        }
    Vector<String> rest;
    for (int i = 0; i < args.size(); ++i)
        if (!used[i]) rest.push_back(args[i]);
    for (const Formal &f : scope->formals)
        if (f.keyword == "__REST__") {
            env->values.push_back(Definition{f.name.substring(1), cp_unargvec(rest)});
            rest.clear();
        }
    return rest.empty();
}

/** The first overload that takes these ports and arguments. */
const Scope *Flattener::choose(const Declaration &d, const Vector<String> &args, int nin, int nout, const Scope *) {
    for (const Scope *s : d.cls->overloads) {
        Environment trial{nullptr, s, {}};
        if (bind(&trial, s, args) && (d.cls->overloads.size() == 1 || (s->ports(0, true) == nin && s->ports(1, false) == nout)))
            return s;
    }
    StringAccum sa;
    if (d.cls->overloads.size() == 1) {
        const Scope *s = d.cls->overloads[0];
        int n = s->formals.size();
        sa << (args.size() < n ? "too few" : args.size() > n ? "too many" : "wrong") << " arguments for compound element '" << d.name << " :: " << d.cls->name << "', expected '";
        for (int i = 0; i < n; ++i)
            sa << (i ? ", " : "") << s->formals[i].keyword << (s->formals[i].keyword ? " " : "") << s->formals[i].name;
        sa << '\'';
    } else
        sa << "no overload of '" << d.cls->name << "' has " << nin << (nin == 1 ? " input, " : " inputs, ") << nout << (nout == 1 ? " output and " : " outputs and ")
           << args.size() << (args.size() == 1 ? " argument" : " arguments");
    error(d.landmark, sa.take_string());
    return nullptr;
}

void Flattener::expand(const Instance &inst) {
    const Scope *s = inst.scope;
    Vector<int> as_source(s->elements.size(), -1), as_target(s->elements.size(), -1);
    for (int i = 0; i < s->elements.size() && _ok; ++i) {
        const Declaration &d = s->elements[i];
        if (!d.cls) {
            (i == 0 ? as_source : as_target)[i] = i == 0 ? inst.in : inst.out;
            continue;
        }
        String name = inst.prefix + d.name, conf = substitute(d.conf, *inst.env);
        if (d.cls->type) {
            as_source[i] = as_target[i] = add_node(d.cls, name, conf, d.landmark, false);
            continue;
        }
        Vector<String> args;
        cp_argvec(conf, args);
        const Scope *body = choose(d, args, s->ports(i, false), s->ports(i, true), s);
        if (!body)
            continue;
        if (_nodes.size() > max_nodes) {
            error(d.landmark, "configuration too large");
            return;
        }
        const Environment *lexical = inst.env;       // where the compound was written, not where it is used
        while (lexical && lexical->scope != body->parent)
            lexical = lexical->parent;
        Environment *env = new_environment(lexical, body);
        bind(env, body, args);
        define(env, body);
        as_target[i] = add_node(d.cls, name, String(), d.landmark, true);
        as_source[i] = add_node(d.cls, name, String(), d.landmark, true);
        _work.push_back(Instance{body, env, name + "/", as_target[i], as_source[i]});
    }
    for (const Wire &w : s->wires)
        if (as_source[w.from] >= 0 && as_target[w.to] >= 0) {
            Wire x = w;
            x.to = as_target[w.to];
            _nodes[as_source[w.from]].out.push_back(x);
            _nodes[x.to].nin = click_max(_nodes[x.to].nin, w.to_port + 1);
        }
}

/** The real inputs that the output @a port of @a node reaches. */
void Flattener::follow(int node, int port, Vector<PortRef> &ends, int depth) {
    if (depth > 200) {
        if (_ok) error(_nodes[node].landmark, "compound element '" + _nodes[node].name + "' connects its input to its output in a loop");
        return;
    }
    for (const Wire &w : _nodes[node].out)
        if (w.from_port == port) {
            if (_nodes[w.to].wall) follow(w.to, w.to_port, ends, depth + 1);
            else ends.push_back(PortRef{w.to, w.to_port});
        }
}

Router *Flattener::run(const String &text, const Vector<Definition> &command_line, const Vector<Definition> &extra, Master *master) {
    Environment *top = new_environment(nullptr, _tree.file);
    for (const Definition &d : command_line)
        top->values.push_back(d);
    define(top, _tree.file);
    _work.push_back(Instance{_tree.file, top, String(), -1, -1});
    for (int i = 0; i < _work.size() && _ok; ++i) {
        Instance inst = _work[i];
        expand(inst);
    }
    if (!_ok)
        return nullptr;

    // Both sides of a wall must use the same ports.
    for (int i = 0; i < _nodes.size(); ++i)
        if (_nodes[i].wall) {
            const Node &n = _nodes[i];
            bool inputs = i + 1 < _nodes.size() && _nodes[i + 1].wall && _nodes[i + 1].name == n.name;
            int left = 0;
            for (const Wire &w : n.out) left = click_max(left, w.from_port + 1);
            for (int p = 0; p < click_max(left, n.nin); ++p) {
                bool into = false, outof = false;
                for (const Wire &w : n.out) outof |= w.from_port == p;
                for (const Node &m : _nodes)
                    for (const Wire &w : m.out) into |= w.to == i && w.to_port == p;
                if (into && !outof)
                    error(n.landmark, "'" + n.name + " :: " + n.cls->name + "' " + (inputs ? "has no input " : "output ") + String(p) + (inputs ? "" : " unused"));
                else if (!into && outof)
                    error(n.landmark, "'" + n.name + " :: " + n.cls->name + "' " + (inputs ? "input " : "has no output ") + String(p) + (inputs ? " unused" : ""));
            }
        }
    if (!_ok)
        return nullptr;

    Router *r = new Router(text, master);
    Vector<int> eindex(_nodes.size(), -1);
    HashTable<String, int> names(-1);
    for (int i = 0; i < _nodes.size(); ++i)
        if (!_nodes[i].wall) {
            const Node &n = _nodes[i];
            if (names.count(n.name))
                error(n.landmark, "redeclaration of element '" + n.name + "'");
            names[n.name] = i;
            eindex[i] = r->add_element(n.cls->type->make(), n.name, n.conf, n.landmark);
        }
    for (const Definition &d : extra)
        if (const ElementType *type = click_find_element_type("ControlSocket"))
            r->add_element(type->make(), d.name, d.value, "<driver>");
    for (int i = 0; i < _nodes.size() && _ok; ++i)
        if (!_nodes[i].wall)
            for (const Wire &w : _nodes[i].out) {
                Vector<PortRef> ends;
                if (_nodes[w.to].wall) follow(w.to, w.to_port, ends, 0);
                else ends.push_back(PortRef{w.to, w.to_port});
                for (const PortRef &e : ends)
                    r->add_connection(eindex[i], w.from_port, eindex[e.element], e.port, w.landmark);
            }
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
    SyntaxTree tree;
    if (!parse_configuration(text, filename, tree, errh))
        return nullptr;
    return Flattener(tree, errh).run(text, defs, control_sockets, master);
}

CLICK_ENDDECLS
