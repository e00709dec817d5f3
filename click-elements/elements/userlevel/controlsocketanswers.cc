// ControlSocket: what is asked, and the answers.
#include <click/config.h>
#include "controlsocket.hh"
#include <click/confparse.hh>
#include <click/master.hh>
#include <click/router.hh>
#include <click/straccum.hh>
CLICK_DECLS

void ControlSocket::say(Connection &c, int code, const String &text) {
    c.out += String(code) + " " + text + "\r\n";
}

void ControlSocket::say_lines(Connection &c, int code, const String &text, const Vector<String> &lines) {
    c.out += String(code) + (lines.empty() ? " " : "-") + text + "\r\n";
    for (int i = 0; i < lines.size(); ++i)
        c.out += String(code) + (i + 1 < lines.size() ? "-" : " ") + lines[i] + "\r\n";
}

void ControlSocket::command(Connection &c, const String &line) {
    String rest = line, word = cp_shift_spacevec(rest);
    if (!word)
        return;
    String verb = word.upper();
    Vector<String> args;
    cp_spacevec(rest, args);
    auto wrong = [&] { say(c, 500, "Wrong number of arguments"); };
    if (verb == "READ" || verb == "GET" || verb == "WRITE" || verb == "SET") {
        if (args.empty())
            return wrong();
        String value = rest, hname = cp_shift_spacevec(value);
        if (verb == "READ" || verb == "GET")
            read_handler(c, hname, value);
        else
            write_handler(c, hname, value);
    } else if (verb == "READDATA" || verb == "WRITEDATA" || verb == "SETDATA") {
        if (args.size() != 2)
            return wrong();
        int n;
        if (!cp_integer(args[1], &n) || n < 0)
            return say(c, 500, "Syntax error in '" + verb.lower() + "'");
        if (n > most_data()) {
            say(c, 521, "Data too big");
            c.closing = true;       // the data that follow cannot be told from commands
            return;
        }
        c.pending = (verb == "READDATA" ? "R" : "W") + args[0];
        c.want = n;
    } else if (verb == "READUNTIL" || verb == "WRITEUNTIL" || verb == "SETUNTIL") {
        if (args.empty() || args.size() > 2)
            return wrong();
        c.pending = (verb == "READUNTIL" ? "R" : "W") + args[0];
        c.until = true;
        c.terminator = args.size() > 1 ? args[1] : String();
        c.lines.clear();
    } else if (verb == "CHECKREAD" || verb == "CHECKWRITE") {
        if (args.size() != 1)
            return wrong();
        check(c, args[0], verb == "CHECKWRITE");
    } else if (verb == "HELP")
        help(c);
    else if (verb == "QUIT" || verb == "CLOSE") {
        if (!args.empty())
            return wrong();
        say(c, 200, "Goodbye!");
        c.closing = true;
    } else
        say(c, 501, "Command '" + word + "' unimplemented");
}

void ControlSocket::with_data(Connection &c, const String &data) {
    String hname = c.pending.substring(1);
    bool read = c.pending[0] == 'R';
    c.pending.clear();
    if (read)
        read_handler(c, hname, data);
    else
        write_handler(c, hname, data);
}

/** ELEMENT.HANDLER, INDEX.HANDLER (from 1) or, for the global ones, HANDLER, .HANDLER and 0.HANDLER. */
const Handler *ControlSocket::find(Connection &c, const String &hname, Element *&e) {
    int dot = hname.find_left('.');
    String ename = hname.substring(0, dot < 0 ? 0 : dot), name = hname.substring(dot + 1);
    int index;
    e = nullptr;
    if (!ename)
        e = router()->root_element();
    else if (cp_integer(ename, &index)) {
        e = index == 0 ? router()->root_element() : index > 0 ? router()->element(index - 1) : nullptr;
        if (!e) {
            say(c, 510, "No element number '" + ename + "'");
            return nullptr;
        }
    } else if (!(e = router()->find(ename))) {
        say(c, 510, "No element named '" + ename + "'");
        return nullptr;
    }
    const Handler *h = Router::handler(e, name);
    if (!h || !h->visible()) {
        say(c, 511, "No handler named '" + hname + "'");
        return nullptr;
    }
    return h;
}

namespace {
/** Keeps the other threads out while a handler runs that does not say that it can do without. */
class Exclusive { public:
    Exclusive(const Handler *h, Master *m) : _m(h->flags() & Handler::f_nonexclusive ? nullptr : m) { if (_m) _m->block_others(); }
    ~Exclusive() { if (_m) _m->unblock_others(); }
  private:
    Master *_m;
};
}

void ControlSocket::read_handler(Connection &c, const String &hname, const String &param) {
    Element *e;
    const Handler *h = find(c, hname, e);
    if (!h)
        return;
    if (!h->read_visible())
        return say(c, 530, "Handler '" + hname + "' write-only");
    if (GradualRead *reading = param ? nullptr : h->begin_read(e))
        return begin_reading(c, h, hname, reading);
    Exclusive exclusive(h, router()->master());
    BufferErrorHandler errh;
    String value = h->call_read(e, param, &errh);
    if (errh.nerrors())
        return say_lines(c, 520, "Read handler '" + hname + "' error:", errh.lines());
    if (errh.lines().size())
        say_lines(c, 220, "Read handler '" + hname + "' OK with warnings:", errh.lines());
    else
        say(c, 200, "Read handler '" + hname + "' OK");
    c.out += "DATA " + String(value.length()) + "\r\n" + value;
}

/** At least one step more, and for about @a how_long. */
void ControlSocket::read_on(Connection &c, const Timestamp &how_long) {
    StringAccum sa;
    bool whole;
    {
        Exclusive exclusive(c.handler, router()->master());
        const Timestamp end = Timestamp::now_steady() + how_long;
        do whole = c.reading->more(sa);
        while (!whole && Timestamp::now_steady() < end);
    }
    if (sa.length()) {
        c.length += sa.length();
        c.pieces.push_back(sa.take_string());
    }
    if (!whole)
        return;
    c.stop_reading();
    say(c, 200, "Read handler '" + c.asked + "' OK");
    c.out += "DATA " + String(c.length) + "\r\n";
}

void ControlSocket::write_handler(Connection &c, const String &hname, const String &value) {
    Element *e;
    const Handler *h = find(c, hname, e);
    if (!h)
        return;
    if (!h->write_visible())
        return say(c, 530, "Handler '" + hname + "' read-only");
    if (_read_only)
        return say(c, 530, "Permission denied for '" + hname + "'");
    Exclusive exclusive(h, router()->master());
    BufferErrorHandler errh;
    int r = h->call_write(value, e, &errh);
    if (r < 0)
        say_lines(c, 520, "Write handler '" + hname + "' error" + (errh.lines().empty() ? "" : ":"), errh.lines());
    else if (errh.lines().size())
        say_lines(c, 220, "Write handler '" + hname + "' OK with warnings:", errh.lines());
    else
        say(c, 200, "Write handler '" + hname + "' OK");
}

void ControlSocket::check(Connection &c, const String &hname, bool write) {
    Element *e;
    const Handler *h = find(c, hname, e);
    if (!h)
        return;
    if (write ? !h->write_visible() : !h->read_visible())
        say(c, 511, "Handler '" + hname + (write ? "' not writable" : "' not readable"));
    else if (write && _read_only)
        say(c, 530, "Permission denied for '" + hname + "'");
    else
        say(c, 200, String(write ? "Write" : "Read") + " handler '" + hname + "' OK");
}

void ControlSocket::help(Connection &c) {
    static const char *const lines[] = {
        "READ handler [arg...]       read a handler, return its value as DATA",
        "READDATA handler len        the same, the argument follows as len bytes",
        "READUNTIL handler [term]    the same, the argument is the lines up to term",
        "WRITE handler [arg...]      write a handler",
        "WRITEDATA handler len       the same, the value follows as len bytes",
        "WRITEUNTIL handler [term]   the same, the value is the lines up to term",
        "CHECKREAD handler           say whether a handler can be read",
        "CHECKWRITE handler          say whether a handler can be written",
        "HELP                        this",
        "QUIT                        close the connection"};
    Vector<String> v;
    for (const char *l : lines)
        v.push_back(l);
    say_lines(c, 200, "Commands supported:", v);
}

CLICK_ENDDECLS
