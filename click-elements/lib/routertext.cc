// Router: what it looks like as text.
#include <click/config.h>
#include <click/router.hh>
#include "scanner.hh"
#include <algorithm>
#include <tuple>
CLICK_DECLS

String Router::element_ports_string(const Element *e) const {
    StringAccum sa;
    for (int o = 0; o < 2; ++o) {
        int n = e->nports(o);
        sa << n << (o ? " output" : " input") << (n == 1 ? "\n" : "s\n");
        for (int p = 0; p < n; ++p) {
            bool agnostic = processing_at(e->processing(), o, p) == 'a';
            sa << (e->_pull[o][p] ? "pull" : "push") << (agnostic ? "~" : "") << "\t-\t";
            bool first = true;
            for (const Connection &c : _connections) {
                const PortRef &me = o ? c.from : c.to, &other = o ? c.to : c.from;
                if (me.element != e->eindex() || me.port != p)
                    continue;
                sa << (first ? "" : ", ");
                if (o)
                    sa << '[' << other.port << "] " << _elements[other.element]->name();
                else
                    sa << _elements[other.element]->name() << " [" << other.port << ']';
                first = false;
            }
            sa << '\n';
        }
    }
    return sa.take_string();
}

namespace {
/** Would the language read @a arg back as it is: closed quotes and parentheses, nothing that it would substitute? */
bool reads_back(const String &arg) {
    int depth = 0;
    String file;
    for (const char *s = arg.begin(), *end = arg.end(); s < end; ) {
        const char *e = skip_config_piece(s, end);
        int line;
        if ((*s == '"' || *s == '\'') && (e - s < 2 || e[-1] != *s))
            return false;
        if (*s == '\n' && parse_line_directive(s + 1, end, &line, &file))
            return false;
        for (const char *d = s; *s != '\'' && d + 1 < e + (*s == '$' && e < end); ++d)
            if (*d == '$' && d[1] == '{') {
                const char *n = d + 2;
                while (n < end && (isalnum((unsigned char) *n) || *n == '_')) ++n;
                if (n > d + 2 && n < end && *n == '-') return false;        // ${name-default}
            }
        if (*s == '/' && e == end && e - s > 1)
            return false;           // a comment, and what comes behind the argument would be in it
        if (*s == '\\' && e == end && e - s > 1)
            return false;           // `\<` without its end
        depth += (*s == '(') - (*s == ')');
        if (depth < 0)
            return false;
        s = e;
    }
    return depth == 0;
}

/** A configuration string as it may stand in a file: mostly as it is. */
String readable(const String &conf) {
    String text = conf.trim_space();
    if (reads_back(text))
        return text;
    Vector<String> args;
    cp_argvec(text, args);
    for (String &arg : args)
        if (!reads_back(arg)) arg = cp_quote(cp_unquote(arg));
    return cp_unargvec(args);
}
}

/** The same text for the same elements and connections, whatever the order in which these were made. */
String Router::flat_configuration() const {
    StringAccum sa;
    for (const String &r : _requirements)
        sa << "require(" << r << ");\n";
    if (!_requirements.empty())
        sa << '\n';
    for (int i = 0; i < nelements(); ++i) {
        sa << _elements[i]->name() << " :: " << _elements[i]->class_name();
        if (String conf = readable(_confs[i]))
            sa << '(' << conf << ')';
        sa << ";\n";
    }
    if (_connections.empty())
        return sa.take_string();
    sa << '\n';
    // Chains, by where they lead: each is begun as far back as outputs 0 and inputs 0 go, and follows these.
    Vector<const Connection *> sorted;
    for (const Connection &c : _connections)
        sorted.push_back(&c);
    std::sort(sorted.begin(), sorted.end(), [](const Connection *a, const Connection *b) {
        return std::tie(a->to.element, a->to.port, a->from.element, a->from.port) < std::tie(b->to.element, b->to.port, b->from.element, b->from.port);
    });
    Vector<char> done(sorted.size(), 0);
    Vector<Vector<int>> from(nelements()), into(nelements());      // connections out of output 0, and into input 0
    for (int k = 0; k < sorted.size(); ++k) {
        if (sorted[k]->from.port == 0) from[sorted[k]->from.element].push_back(k);
        if (sorted[k]->to.port == 0) into[sorted[k]->to.element].push_back(k);
    }
    auto undone = [&](const Vector<int> &list, int but) {
        for (int k : list)
            if (!done[k] && k != but) return k;
        return -1;
    };
    for (int first = 0; first < sorted.size(); ++first)
        while (!done[first]) {
            int start = first;
            for (int steps = sorted.size(), before; steps > 0 && sorted[start]->from.port == 0; --steps, start = before)
                if ((before = undone(into[sorted[start]->from.element], start)) < 0 || before == first)
                    break;
            sa << _elements[sorted[start]->from.element]->name();
            if (sorted[start]->from.port)
                sa << " [" << sorted[start]->from.port << ']';
            for (int k = start; k >= 0; k = sorted[k]->to.port ? -1 : undone(from[sorted[k]->to.element], -1)) {
                const Connection *c = sorted[k];
                done[k] = 1;
                sa << (k == start ? " -> " : "\n    -> ");
                if (c->to.port)
                    sa << '[' << c->to.port << "] ";
                sa << _elements[c->to.element]->name();
            }
            sa << ";\n";
        }
    return sa.take_string();
}

CLICK_ENDDECLS
