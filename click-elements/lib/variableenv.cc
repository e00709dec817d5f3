// Variables in text: see variableenv.hh.
#include <click/config.h>
#include <click/confparse.hh>
#include <click/straccum.hh>
#include <click/variableenv.hh>
CLICK_DECLS

const String &VariableEnvironment::value(const String &name, bool &found) const {
    for (const VariableEnvironment *v = this; v; v = v->_parent)
        if (int i = v->index(name) + 1) {
            found = true;
            return v->_values[i - 1];
        }
    found = false;
    return String::make_empty();
}
VariableEnvironment *VariableEnvironment::parent_of(int depth) const {
    const VariableEnvironment *v = this;
    while (v && v->_depth >= depth) v = v->_parent;
    return const_cast<VariableEnvironment *>(v);
}
bool VariableEnvironment::define(const String &name, const String &value, bool override) {
    int i = index(name);
    if (i < 0) _names.push_back(name), _values.push_back(value);
    else if (override) _values[i] = value;
    return i < 0;
}
int VariableEnvironment::expand(const String &var, String &expansion, int vartype, int) const {
    String name = var, otherwise;
    bool has_default = false, found;
    int dash = vartype == '{' ? var.find_left('-') : -1;
    if (dash >= 0) name = var.substring(0, dash), otherwise = var.substring(dash + 1), has_default = true;
    const String &v = value(name, found);
    if (!found && !has_default) return 0;
    expansion = found ? v : otherwise;
    return 1;
}

String cp_expand(const String &text, const VariableExpander &env, bool expand_quote, int depth) {
    if (text.find_left('$') < 0 || depth > 10) return text;
    StringAccum sa;
    char quote = 0;
    const char *s = text.begin(), *end = text.end();
    while (s < end) {
        if (*s == '\\' && quote != '\'' && s + 1 < end) {
            sa.append(s, 2);
            s += 2;
            continue;
        }
        if ((*s == '"' || *s == '\'') && (!quote || quote == *s)) quote = quote ? 0 : *s;
        if (!quote && *s == '/' && s + 1 < end && (s[1] == '/' || s[1] == '*')) {
            const char *e = cp_skip_comment(s, end);
            sa.append(s, e);
            s = e;
            continue;
        }
        if (*s != '$' || quote == '\'' || s + 1 == end) {
            sa << *s++;
            continue;
        }
        // The variable: [name, name_end), and behind it
        const char *name = s + 1, *name_end, *behind;
        int type = 0;
        if (*name == '{' || *name == '(') {
            type = *name;
            char close = type == '{' ? '}' : ')';
            int nest = 0;
            for (name_end = ++name; name_end < end && (*name_end != close || nest); ++name_end) nest += (*name_end == type) - (*name_end == close);
            if (name_end == end) {
                sa << *s++;
                continue;
            }
            behind = name_end + 1;
        } else {
            name_end = name;
            if (strchr("?$#*@!", *name)) ++name_end;
            else while (name_end < end && (isalnum((unsigned char) *name_end) || *name_end == '_')) ++name_end;
            behind = name_end;
        }
        String value, var(name, name_end);
        if (type == '(') var = cp_expand(var, env, false, depth + 1);
        int known = name_end > name ? env.expand(var, value, type, depth) : 0;
        if (!known) sa.append(s, behind);
        else {
            if (known > 1) value = cp_expand(value, env, false, depth + 1);
            if (expand_quote && !quote) value = cp_quote(value);
            else if (quote == '"') {
                String q = cp_quote(value, true);
                value = q.substring(1, q.length() - 2);
            }
            sa << value;
        }
        s = behind;
    }
    return sa.take_string();
}

CLICK_ENDDECLS
