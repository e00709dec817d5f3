// Router: port counts, push/pull resolution, reuse of ports.
#include <click/config.h>
#include <click/router.hh>
CLICK_DECLS

namespace {
/** The bounds of one side of a port_count() code: "1", "1-2", "-", "1-", "=", "=+" (one more for each plus). */
struct PortRange { int low, high; bool same; int plus; };

PortRange parse_range(const char *&s) {
    PortRange r = {0, 0, false, 0};
    if (*s == '=') {
        r.same = true;
        for (++s; *s == '+'; ++s)
            ++r.plus;
        return r;
    }
    if (isdigit((unsigned char) *s))
        r.low = r.high = (int) strtol(s, (char **) &s, 10);
    if (*s == '-') {
        ++s;
        r.high = isdigit((unsigned char) *s) ? (int) strtol(s, (char **) &s, 10) : INT_MAX;
    }
    return r;
}

/** Does the flow-code item at @a s (a letter, `#` or `[...]`) hold @a c? */
const char *next_item(const char *s) {
    if (*s == '[')
        while (*s && *s != ']') ++s;
    return *s ? s + 1 : s;
}
const char *item_at(const char *b, const char *e, int port) {
    for (; port > 0 && next_item(b) < e; --port)
        b = next_item(b);
    return b;
}
bool items_meet(const char *a, int aport, const char *b, int bport) {
    auto has = [](const char *item, int port, int c) {
        auto eq = [&](char x) { return x == '#' ? c == 256 + port : x == c; };
        if (*item != '[') return eq(*item);
        bool negate = item[1] == '^', found = false;
        for (const char *p = item + 1 + negate; *p && *p != ']'; ++p) found |= eq(*p);
        return found != negate;
    };
    for (int c = 'A'; c <= 'z'; ++c)
        if (has(a, aport, c) && has(b, bport, c)) return true;
    return has(a, aport, 256 + aport) && has(b, bport, 256 + aport);
}
}

/** The letter for port @a i in one side of a processing code; the last letter repeats. */
char Router::processing_at(const char *code, bool isoutput, int i) {
    const char *slash = strchr(code, '/');
    const char *b = isoutput && slash ? slash + 1 : code, *e = isoutput || !slash ? b + strlen(b) : slash;
    return e == b ? 'a' : b[i < e - b ? i : e - b - 1];
}

int Router::check_port_counts(ErrorHandler *errh) {
    Vector<int> n[2] = {Vector<int>(nelements(), 0), Vector<int>(nelements(), 0)};
    for (const Connection &c : _connections) {
        n[1][c.from.element] = click_max(n[1][c.from.element], c.from.port + 1);
        n[0][c.to.element] = click_max(n[0][c.to.element], c.to.port + 1);
    }
    int before = errh->nerrors();
    for (int i = 0; i < nelements(); ++i) {
        Element *e = _elements[i];
        const char *s = e->port_count();
        PortRange in = parse_range(s), out = in;
        if (*s == '/')
            ++s, out = parse_range(s);
        for (int o = 0; o < 2; ++o) {
            PortRange r = o ? out : in;
            if (r.same) {
                int base = click_max(n[0][i], in.low);
                r = PortRange{base + r.plus, base + r.plus, false, 0};
            }
            const char *word = o ? "output" : "input";
            if (n[o][i] > r.high)
                for (int p = r.high; p < n[o][i]; ++p)
                    errh->lerror(_landmarks[i], "%<%p{element}%> has no %s %d", e, word, p);
            n[o][i] = click_min(click_max(n[o][i], r.low), r.high);
            e->_ports[o].assign(n[o][i]);
            e->_pull[o].assign(n[o][i], 0);
        }
    }
    Vector<Vector<char>> used[2] = {Vector<Vector<char>>(nelements()), Vector<Vector<char>>(nelements())};
    for (int o = 0; o < 2; ++o)
        for (int i = 0; i < nelements(); ++i)
            used[o][i].assign(n[o][i], 0);
    for (const Connection &c : _connections) {
        if (c.from.port < n[1][c.from.element]) used[1][c.from.element][c.from.port] = 1;
        if (c.to.port < n[0][c.to.element]) used[0][c.to.element][c.to.port] = 1;
    }
    for (int i = 0; i < nelements(); ++i)
        for (int o = 0; o < 2; ++o)
            for (int p = 0; p < n[o][i]; ++p)
                if (!used[o][i][p])
                    errh->lerror(_landmarks[i], "%<%p{element}%> %s %d unused", _elements[i], o ? "output" : "input", p);
    return errh->nerrors() == before ? 0 : -1;
}

bool Router::flow_connects(const char *code, int input, int output) {
    if (!code || strcmp(code, Element::COMPLETE_FLOW) == 0)
        return true;
    const char *slash = strchr(code, '/'), *end = code + strlen(code);
    const char *ib = code, *ie = slash ? slash : end, *ob = slash ? slash + 1 : code, *oe = end;
    if (ib == ie || ob == oe)
        return false;
    return items_meet(item_at(ib, ie, input), input, item_at(ob, oe, output), output);
}

int Router::resolve_processing(ErrorHandler *errh) {
    // 'h' and 'l' are fixed; agnostic ports stay 'a' until a neighbour or the other side of the element decides.
    Vector<Vector<char>> proc[2] = {Vector<Vector<char>>(nelements()), Vector<Vector<char>>(nelements())}, declared[2] = {proc[0], proc[1]};
    for (int i = 0; i < nelements(); ++i)
        for (int o = 0; o < 2; ++o) {
            for (int p = 0; p < _elements[i]->nports(o); ++p)
                proc[o][i].push_back(processing_at(_elements[i]->processing(), o, p));
            declared[o][i] = proc[o][i];
        }
    int before = errh->nerrors();
    Vector<char> complained(nelements(), 0), bad(_connections.size(), 0);
    for (bool changed = true; changed; ) {
        changed = false;
        for (int k = 0; k < _connections.size(); ++k) {
            const Connection &c = _connections[k];
            char &a = proc[1][c.from.element][c.from.port], &b = proc[0][c.to.element][c.to.port];
            if (a == 'a' && b != 'a') a = b, changed = true;
            else if (b == 'a' && a != 'a') b = a, changed = true;
            else if (a != b && !bad[k]) {
                bad[k] = 1;
                errh->lerror(c.landmark, "%<%p{element}%> %s output %d connected to %<%p{element}%> %s input %d", _elements[c.from.element],
                             a == 'l' ? "pull" : "push", c.from.port, _elements[c.to.element], b == 'l' ? "pull" : "push", c.to.port);
            }
        }
        for (int i = 0; i < nelements(); ++i)
            for (int p = 0; p < proc[0][i].size(); ++p)
                for (int q = 0; q < proc[1][i].size(); ++q) {
                    if (declared[0][i][p] != 'a' || declared[1][i][q] != 'a' || !flow_connects(flow_code(_elements[i]), p, q))
                        continue;
                    char &a = proc[0][i][p], &b = proc[1][i][q];
                    if (a == b) continue;
                    if (a == 'a') a = b, changed = true;
                    else if (b == 'a') b = a, changed = true;
                    else if (!complained[i]) {
                        complained[i] = 1;
                        errh->lerror(_landmarks[i], "agnostic %<%p{element}%> in mixed context: %s input %d, %s output %d", _elements[i],
                                     a == 'l' ? "pull" : "push", p, b == 'l' ? "pull" : "push", q);
                    }
                }
    }
    for (int i = 0; i < nelements(); ++i)
        for (int o = 0; o < 2; ++o)
            for (int p = 0; p < proc[o][i].size(); ++p)
                _elements[i]->_pull[o][p] = proc[o][i][p] == 'l';
    return errh->nerrors() == before ? 0 : -1;
}

int Router::check_reuse(ErrorHandler *errh) {
    int before = errh->nerrors();
    for (int k = 0; k < _connections.size(); ++k) {
        const Connection &c = _connections[k];
        Element *from = _elements[c.from.element], *to = _elements[c.to.element];
        Element::Port &out = from->_ports[1][c.from.port], &in = to->_ports[0][c.to.port];
        if (from->output_is_push(c.from.port)) {
            if (out._e)
                errh->lerror(c.landmark, "illegal reuse of %<%p{element}%> push output %d", from, c.from.port);
            out._e = to, out._port = c.to.port;
            if (!in._e) in._e = from, in._port = c.from.port;
        } else {
            if (in._e)
                errh->lerror(c.landmark, "illegal reuse of %<%p{element}%> pull input %d", to, c.to.port);
            in._e = from, in._port = c.from.port;
            if (!out._e) out._e = to, out._port = c.to.port;
        }
    }
    return errh->nerrors() == before ? 0 : -1;
}

CLICK_ENDDECLS
