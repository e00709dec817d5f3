// Script's other handlers: variables, files, control. What computes is in scriptcompute.cc.
#include <click/config.h>
#include "script.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/straccum.hh>
#include <errno.h>
#include <initializer_list>
#include <signal.h>
CLICK_DECLS

// ---- Files and processes: private, so not for whoever reaches a ControlSocket

int Script::files(int, String &str, Element *, const Handler *h, ErrorHandler *errh) {
    if (h->name() == "kill") {
        Vector<String> words;
        cp_spacevec(str, words);
        int number = 0, pid;
        static const struct { const char *name; int number; } names[] = {
            {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"KILL", SIGKILL}, {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"ALRM", SIGALRM}, {"CONT", SIGCONT}};
        for (const auto &n : names)
            if (words.size() && (words[0] == n.name || words[0] == String("SIG") + n.name)) number = n.number;
        if (words.empty() || (!number && (!cp_integer(words[0], &number) || number < 0 || number >= NSIG)))
            return errh->error("bad SIGNO");
        for (int i = 1; i < words.size(); ++i)
            if (!cp_integer(words[i], &pid) || pid < 1) return errh->error("bad process ID");
            else if (kill(pid, number) < 0) errh->error("process %d: %s", pid, strerror(errno));
        str = String();
        return 0;
    }
    String name = cp_unquote(str);
    if (!name)
        return errh->error("bad FILE");
    FILE *f = fopen(name.c_str(), "re");
    char buffer[4096];
    StringAccum sa;
    for (size_t n; f && (n = fread(buffer, 1, sizeof buffer, f)) > 0 && sa.length() < 1 << 26; )
        sa.append(buffer, (int) n);
    if (!f || ferror(f)) {
        int e = errno;
        if (f) fclose(f);
        return errh->error("%s: %s", name.c_str(), strerror(e));
    }
    fclose(f);
    str = sa.take_string();
    if (h->name() == "catq") str = cp_quote(str);
    return 0;
}

// ---- Variables and control

int Script::variables(int op, String &str, Element *e, const Handler *h, ErrorHandler *errh) {
    Script *s = static_cast<Script *>(e);
    String rest = str, name = cp_shift_spacevec(rest), value;
    if (h->name() == "shift") {
        if (!name) name = "args";
        if (s->get_var(name, value)) {
            str = cp_shift_spacevec(value);
            s->set_var(name, value);
        } else
            str = String();
        return 0;
    }
    if (op == Handler::f_write) {
        if (!name) return errh->error("missing variable name");
        s->set_var(name, rest);
        return 0;
    }
    str = s->get_var(name, value) ? value : String();
    return 0;
}

int Script::run_handler(int op, String &str, Element *e, const Handler *, ErrorHandler *errh) {
    Script *s = static_cast<Script *>(e);
    Outcome o = s->call(str, errh);
    str = o == o_return ? s->_result : String();
    return o == o_error ? (op == Handler::f_read ? -EINVAL : -1) : 0;
}

int Script::proxy(int op, String &str, Element *e, const Handler *h, ErrorHandler *errh) {
    Script *s = static_cast<Script *>(e);
    s->set_var("0", h->name());
    s->set_var("write", String(op == Handler::f_write));
    return run_handler(op, str, e, nullptr, errh);
}

/** A handler of any name comes into being when it is first asked for: see Router::handler(). */
int Script::star(const String &name, Element *e, void *, ErrorHandler *errh) {
    Script *s = static_cast<Script *>(e);
    if (!name || name.length() > 100 || s->_proxied >= max_proxied)
        return errh->error("bad handler name");
    ++s->_proxied;
    s->set_handler(name, Handler::f_read | Handler::f_read_param | Handler::f_write, proxy);
    return 0;
}

int Script::control(const String &text, Element *e, void *data, ErrorHandler *errh) {
    Script *s = static_cast<Script *>(e);
    String str = cp_unquote(text);
    if (!data) {
        int n = 1;
        if (str && !cp_integer(str, &n)) return errh->error("syntax error");
        s->step(n);
        return 0;
    }
    int to = s->find_label(str);
    if (to < 0)
        return errh->error("jump to nonexistent label");
    s->_ip = to;
    if (s->_state != s_running) {
        s->_timer.unschedule();
        s->resume();
    }
    return 0;
}

String Script::read_export(Element *e, void *data) {
    String value;
    Script *s = static_cast<Script *>(e);
    s->get_var(s->_program[(int) (uintptr_t) data].word, value);
    return value;
}

void Script::add_handlers() {
    static const char *const names[] = {        // in the order of scriptcompute.cc
        "add", "sub", "mul", "div", "idiv", "min", "max", "mod", "rem", "neg", "abs", "eq", "ne", "lt", "le", "gt", "ge", "not", "and", "or", "nand", "nor",
        "if", "in", "first", "sprintf", "length", "unquote", "random", "now", "htons", "htonl", "ntohs", "ntohl", "readable", "writable"};
    add_write_handler("step", control, 0);
    add_write_handler("goto", control, 1);
    set_handler("run", Handler::f_read | Handler::f_read_param | Handler::f_write, run_handler);
    for (unsigned i = 0; i < sizeof names / sizeof *names; ++i)
        set_handler(names[i], Handler::f_read | (strcmp(names[i], "now") ? (int) Handler::f_read_param : 0), compute, (int) i);
    for (const char *name : {"cat", "catq", "kill"})
        set_handler(name, Handler::f_read | Handler::f_read_param | Handler::f_read_private, files);
    set_handler("get", Handler::f_read | Handler::f_read_param, variables);
    set_handler("set", Handler::f_write, variables);
    set_handler("shift", Handler::f_read | Handler::f_read_param, variables);
    for (int i = 0; i < _program.size(); ++i)
        if (_program[i].op == op_export)
            add_read_handler(_program[i].word, read_export, i);
    if (_type == t_proxy)
        add_write_handler("*", star, 0);
}

CLICK_ENDDECLS
