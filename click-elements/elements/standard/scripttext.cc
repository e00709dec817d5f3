// Script's text: variables, $-references, and handlers named in it.
#include <click/config.h>
#include "script.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/master.hh>
#include <click/router.hh>
#include <click/straccum.hh>
#include <unistd.h>
CLICK_DECLS

namespace {
bool word_char(char c) { return isalnum((unsigned char) c) || c == '_'; }

/** As it must stand between double quotes. */
String escape(const String &s) {
    StringAccum sa;
    for (char c : s) {
        if (c == '"' || c == '\\' || c == '$') sa << '\\';
        sa << c;
    }
    return sa.take_string();
}

/** Where the bracket @a close is that belongs to one open before @a s; @a end if there is none. */
const char *closing(const char *s, const char *end, char open, char close) {
    int depth = 1;
    for (char quote = 0; s < end; ++s) {
        if (*s == '\\' && quote != '\'' && s + 1 < end) ++s;
        else if (quote) quote = *s == quote ? 0 : quote;
        else if (*s == '"' || *s == '\'') quote = *s;
        else if (*s == open) ++depth;
        else if (*s == close && --depth == 0) return s;
    }
    return end;
}

/** The driver's other threads are kept out while a handler runs that does not say that it can do without. */
class Exclusive { public:
    Exclusive(const Handler *h, Master *m) : _m(h->flags() & Handler::f_nonexclusive ? nullptr : m) { if (_m) _m->block_others(); }
    ~Exclusive() { if (_m) _m->unblock_others(); }
  private:
    Master *_m;
};
}

void Script::set_var(const String &name, const String &value) {
    for (Variable &v : _vars)
        if (v.name == name) {
            v.value = value;
            return;
        }
    _vars.push_back(Variable{name, value});
}

bool Script::get_var(const String &name, String &value) const {
    for (const Variable &v : _vars)
        if (v.name == name) {
            value = v.value;
            return true;
        }
    bool digits = name.length() > 0;
    for (char c : name) digits &= isdigit((unsigned char) c) != 0;
    if (name == "?" || name == "$") {
        value = String(name == "?" ? _status : (int) getpid());
        return true;
    }
    String args;
    if ((name != "#" && !digits) || name == "0" || !get_var("args", args))
        return false;
    Vector<String> words;
    cp_spacevec(args, words);
    int64_t n = 0;
    if (name == "#")
        value = String(words.size());
    else
        value = cp_integer(name, 10, &n) && n <= words.size() ? words[(int) n - 1] : String();
    return true;
}

/** What the reference at @a s, behind the dollar sign, stands for; @a s is moved past it. False: leave it as it is. */
bool Script::expand_one(const char *&s, const char *end, String &value, ErrorHandler *errh) {
    if (s == end)
        return false;
    if (*s == '(') {
        const char *e = closing(s + 1, end, '(', ')');
        if (e == end)
            return false;
        String call = expand(String(s + 1, e), errh);
        s = e + 1;
        return read_handler(call, false, value, errh);
    }
    if (*s == '{') {
        const char *e = closing(s + 1, end, '{', '}');
        if (e == end)
            return false;
        String inner(s + 1, e);
        int dash = inner.find_left('-');
        if (!get_var(inner.substring(0, dash < 0 ? inner.length() : dash), value)) {
            if (dash < 0)
                return false;
            value = expand(inner.substring(dash + 1), errh);
        }
        s = e + 1;
        return true;
    }
    const char *e = s;
    if (*s == '?' || *s == '$' || *s == '#' || isdigit((unsigned char) *s))
        ++e;
    else
        while (e < end && word_char(*e)) ++e;
    if (e == s || !get_var(String(s, e), value))
        return false;
    s = e;
    return true;
}

String Script::expand(const String &text, ErrorHandler *errh, bool quoted) {
    if (text.find_left('$') < 0)
        return text;
    if (++_depth > max_depth) {
        --_depth;
        errh->error("too many references inside one another");
        return String();
    }
    StringAccum sa;
    char quote = 0;
    for (const char *s = text.begin(), *end = text.end(); s < end; ) {
        if (*s == '\\' && quote == '"' && s + 1 < end) {
            sa.append(s, s + 2);
            s += 2;
            continue;
        }
        if (*s == '\\' && !quote && s + 1 < end && s[1] == '<') {
            const char *e = s;
            while (e < end && *e != '>') ++e;
            sa.append(s, e);
            s = e;
            continue;
        }
        if (quote ? *s == quote : *s == '"' || *s == '\'')
            quote = quote ? 0 : *s;
        if (*s != '$' || quote == '\'') {
            sa << *s++;
            continue;
        }
        const char *start = ++s;
        String value;
        if (expand_one(s, end, value, errh))
            sa << (quote ? escape(value) : quoted ? cp_quote(value, true) : value);
        else {
            if (s == start && quoted && !quote) sa << "'$'";
            else sa << '$';
            sa.append(start, s);
        }
    }
    --_depth;
    return sa.take_string();
}

const Handler *Script::find_handler(const String &name, Element *&e) {
    int dot = name.find_right('.');
    if (dot > 0) {
        e = router()->find(name.substring(0, dot), this);
        return e ? Router::handler(e, name.substring(dot + 1)) : nullptr;
    }
    String bare = name.substring(dot + 1);
    e = this;
    if (dot < 0)
        for (const Handler *h : router()->handlers(this))
            if (h->name() == bare && h->name() != "*")
                return h;
    e = router()->root_element();
    return Router::handler(e, bare);
}

bool Script::read_handler(const String &call, bool unquote, String &value, ErrorHandler *errh) {
    String args = unquote ? cp_unquote(call) : call, name = cp_shift_spacevec(args);
    Element *e;
    const Handler *h = find_handler(name, e);
    if (!h || !h->readable()) {
        if (e)
            errh->error("no %<%s%> read handler", name.c_str());
        else
            errh->error("no element named %<%s%>", name.substring(0, name.find_right('.')).c_str());
        return false;
    }
    if (e == this)
        value = h->call_read(e, args, errh);
    else {
        Exclusive exclusive(h, router()->master());
        value = h->call_read(e, args, errh);
    }
    return true;
}

int Script::write_handler(const String &call, bool unquote, ErrorHandler *errh) {
    String args = unquote ? cp_unquote(call) : call, name = cp_shift_spacevec(args);
    Element *e;
    const Handler *h = find_handler(name, e);
    if (!h || !h->writable())
        return e ? errh->error("no %<%s%> write handler", name.c_str()) : errh->error("no element named %<%s%>", name.substring(0, name.find_right('.')).c_str());
    ContextErrorHandler cerrh(errh, String(), ErrorHandler::format("While calling %<%s%>:", args ? (name + " " + args).c_str() : name.c_str()));
    Exclusive exclusive(h, router()->master());
    return h->call_write(args, e, &cerrh);
}

CLICK_ENDDECLS
