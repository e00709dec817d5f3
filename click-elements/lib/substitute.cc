// Parameters: arguments to formals, what is bound or defined in the scopes of an expansion, and their place in configuration strings.
#include <click/config.h>
#include "scanner.hh"
#include "syntax.hh"
CLICK_DECLS

namespace {
bool name_char(char c) { return isalnum((unsigned char) c) || c == '_'; }
enum { max_depth = 32 };

/** `$x`, `$(x)`, `${x}` or `${x-default}` at @a s: where it ends, or null. */
const char *parse_reference(const String &text, const char *s, String *name, String *dflt, bool *has_default) {
    const char *end = text.end(), *b = s + 1, *e = b;
    *has_default = false;
    if (b < end && *b == '{') {
        for (e = ++b; e < end && name_char(*e); ) ++e;
        *name = text.substring(b, e);
        if (e < end && *e == '-' && *name) {
            const char *d = ++e;
            for (int depth = 1; e < end; e = skip_config_piece(e, end))
                if (*e == '{') ++depth;
                else if (*e == '}' && --depth == 0) break;
            *dflt = text.substring(d, e);
            *has_default = true;
        }
        return *name && e < end && *e == '}' ? e + 1 : nullptr;
    }
    bool parentheses = b < end && *b == '(';
    for (e = b += parentheses; e < end && name_char(*e); ) ++e;
    *name = text.substring(b, e);
    return !*name || (parentheses && (e >= end || *e != ')')) ? nullptr : e + parentheses;
}

/** Does @a arg give the keyword @a kw? Then @a value is what follows. */
bool keyword_value(const String &arg, const String &kw, String *value) {
    if (!arg.starts_with(kw) || (arg.length() > kw.length() && !isspace((unsigned char) arg[kw.length()])))
        return false;
    *value = arg.substring(kw.length()).trim_space();
    return true;
}
}

/** Positional arguments come first; of keywords the last counts; what is left goes to __REST__. */
bool Environment::bind(const Vector<String> &args) {
    int at = 0;
    Vector<char> used(args.size(), 0);
    Vector<String> rest;
    for (const Formal &f : _scope->formals) {
        String value;
        if (!f.keyword) {
            if (at >= args.size()) return false;
            used[at] = 1, value = args[at++];
        } else if (f.keyword == "__REST__") {
            for (int i = 0; i < args.size(); ++i)
                if (!used[i]) used[i] = 1, rest.push_back(args[i]);
            value = cp_unargvec(rest);
        } else {
            bool found = false;
            for (int i = at; i < args.size(); ++i)
                if (!used[i] && keyword_value(args[i], f.keyword, &value)) used[i] = 1, found = true;
            if (!found) return false;
        }
        bind(f.name.substring(1), value);
    }
    for (char u : used)
        if (!u) return false;
    return true;
}

const String *Environment::find(const String &name, int depth) const {
    for (const Environment *e = this; e; e = e->_parent)
        for (int i = 0; i < e->_values.size(); ++i)
            if (e->_values[i].name == name) {
                if (e->_values[i].state == busy) break;     // defined by itself: as if it were not here
                if (e->_values[i].state == raw) {
                    e->_values[i].state = busy;
                    String text = e->substitute(e->_values[i].text, depth + 1);
                    e->_values[i].text = text, e->_values[i].state = final;
                }
                return &e->_values[i].text;
            }
    return nullptr;
}

void Environment::define(const Vector<Definition> &definitions) {
    for (const Definition &d : definitions) {
        bool known = false;
        for (const Value &v : _values) known |= v.name == d.name;
        if (!known) _values.push_back(Value{d.name, d.value, raw});
    }
}

String Environment::substitute(const String &text, int depth) const {
    if (text.find_left('$') < 0 || depth > max_depth)
        return text;
    StringAccum sa;
    char quote = 0;
    for (const char *s = text.begin(), *end = text.end(); s < end; ) {
        if (sa.length() > max_length) {
            for (const Environment *e = this; e; e = e->_parent) e->_overflowed = true;
            break;
        }
        if (!quote && *s == '/' && s + 1 < end && (s[1] == '/' || s[1] == '*')) {
            const char *e = cp_skip_comment(s, end);
            sa.append(s, e);
            s = e;
            continue;
        }
        if ((*s == '\\' && quote == '"' && s + 1 < end) || (*s == '$' && quote != '\'' && s + 1 < end && s[1] == '$')) {
            sa.append(s, 2);        // an escaped character, or the `$$` of scripts
            s += 2;
            continue;
        }
        if (*s == '"' || *s == '\'')
            quote = !quote ? *s : quote == *s ? 0 : quote;
        String name, dflt;
        bool has_default;
        const char *e = *s == '$' && quote != '\'' ? parse_reference(text, s, &name, &dflt, &has_default) : nullptr;
        if (!e) {
            sa << *s++;
            continue;
        }
        const String *value = find(name, depth);
        String v = value ? *value : has_default ? substitute(dflt, depth + 1) : text.substring(s, e);
        if (quote == '"' && (value || has_default)) {
            String q = cp_quote(v, true);      // the value's own quotes become characters of the text
            v = q.substring(1, q.length() - 2);
        }
        sa << v;
        s = e;
    }
    return sa.take_string();
}

CLICK_ENDDECLS
