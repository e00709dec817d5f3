// Script: its program and how it runs. Text is in scripttext.cc, handlers in scripthandlers.cc.
#include <click/config.h>
#include "script.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
CLICK_DECLS

const Script::Keyword Script::keywords[] = {
    {"set", op_set}, {"init", op_init}, {"export", op_export}, {"print", op_print}, {"printn", op_print}, {"read", op_read}, {"write", op_write},
    {"pause", op_pause}, {"wait_step", op_pause}, {"wait_pause", op_pause}, {"wait_stop", op_pause}, {"wait", op_wait}, {"wait_time", op_wait},
    {"wait_for", op_wait}, {"label", op_label}, {"goto", op_goto}, {"loop", op_loop}, {"end", op_end}, {"exit", op_exit}, {"stop", op_stop},
    {"return", op_return}, {"error", op_error}};

// ---- Configuration

int Script::configure(Vector<String> &conf, ErrorHandler *errh) {
    for (const String &arg : conf) {
        String rest = arg;
        if (cp_shift_spacevec(rest) == "TYPE") {
            if (parse_type(rest, errh) < 0)
                return -1;
        } else if (arg && parse_instruction(arg, errh) < 0)
            return -1;
    }
    if (_type == t_none)
        _type = default_type();
    if (_type != t_packet && ninputs() + noutputs())
        return errh->error("only TYPE PACKET scripts have ports");
    for (Instruction &i : _program)
        if (i.op == op_goto && (i.n = find_label(i.word)) < goto_error)
            return errh->error("no such label %<%s%>", i.word.c_str());
    if (_type == t_driver && !router()->set_stop_filter(this, driver_stop))
        return errh->error("router has more than one driver script");
    return 0;
}

int Script::parse_type(String rest, ErrorHandler *errh) {
    static const struct { const char *name; Type type; } types[] = {
        {"ACTIVE", t_active}, {"PASSIVE", t_passive}, {"PACKET", t_packet}, {"PROXY", t_proxy}, {"DRIVER", t_driver}, {"SIGNAL", t_signal}};
    static const struct { const char *name; int number; } names[] = {
        {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"TERM", SIGTERM}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"ALRM", SIGALRM},
        {"WINCH", SIGWINCH}, {"CONT", SIGCONT}, {"TSTP", SIGTSTP}};
    String name = cp_shift_spacevec(rest).upper();
    for (const auto &t : types)
        if (name == t.name) _type = t.type;
    if (_type == t_none || (_type != t_signal && rest))
        return errh->error("bad TYPE");
    while (rest) {
        String word = cp_shift_spacevec(rest);
        int number = 0;
        for (const auto &n : names)
            if (word == n.name || word == String("SIG") + n.name) number = n.number;
        if ((!number && !cp_integer(word, &number)) || number < 1 || number >= NSIG || number == SIGKILL || number == SIGSTOP)
            return errh->error("bad signal number");
        _signals.push_back(number);
    }
    return _type == t_signal && _signals.empty() ? errh->error("bad signal number") : 0;
}

int Script::parse_instruction(const String &text, ErrorHandler *errh) {
    String rest = text, name = cp_shift_spacevec(rest), base = name;
    Instruction in{op_end, false, false, 1, String(), String()};
    const Keyword *found = nullptr;
    for (int pass = 0; pass < 2 && !found; ++pass) {
        for (const Keyword &k : keywords)
            if (base == k.name && (!pass || k.op <= op_write || k.op >= op_return)) found = &k;
        if (!found && !pass && name.length() > 1 && name.back() == 'q')
            base = name.substring(0, name.length() - 1);
    }
    auto bad = [&] { return errh->error("syntax error at %<%s%>", name.c_str()); };
    if (!found)
        return bad();
    in.op = found->op, in.unquote = base.length() < name.length(), in.no_newline = base == "printn";
    switch (in.op) {
    case op_set: case op_init: case op_export:
        in.word = cp_shift_spacevec(rest);
        in.n = rest.length();
        for (char c : in.word)
            if (!isalnum((unsigned char) c) && c != '_') return bad();
        if (!in.word)
            return bad();
        break;
    case op_read: case op_write:
        if (!rest) return bad();
        break;
    case op_pause:
        if (rest && (!cp_integer(rest, &in.n) || in.n < 0)) return bad();
        break;
    case op_wait: {
        int64_t ns;
        if (!rest)
            in.op = op_pause;
        else if (rest.find_left('$') < 0 && (!cp_time(rest, &ns) || ns < 0))
            return bad();
        break;
    }
    case op_label: case op_goto:
        in.word = cp_shift_spacevec(rest);
        if (!in.word || (in.op == op_label && rest)) return bad();
        break;
    case op_loop: case op_end: case op_exit: case op_stop:
        if (rest) return bad();
        break;
    default: break;
    }
    in.text = rest;
    _program.push_back(in);
    return 0;
}

/** The place of a label; below goto_error if there is none of that name. */
int Script::find_label(const String &name) const {
    for (int i = 0; i < _program.size(); ++i)
        if (_program[i].op == op_label && _program[i].word == name) return i;
    static const struct { const char *name; int place; } known[] = {
        {"loop", 0}, {"begin", 0}, {"end", goto_end}, {"exit", goto_exit}, {"stop", goto_stop}, {"error", goto_error}};
    for (const auto &k : known)
        if (name == k.name) return k.place;
    return goto_error - 1;
}

int Script::initialize(ErrorHandler *errh) {
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, _type == t_active || _type == t_driver, errh);
    for (const Instruction &in : _program)
        if ((in.op == op_init || in.op == op_export) && (in.n || in.op == op_init)) {
            String value = expand(in.text, errh);
            set_var(in.word, in.unquote ? cp_unquote(value) : value);
        }
    if (_type == t_signal) {
        if (pipe2(_signal_pipe, O_NONBLOCK | O_CLOEXEC) < 0)
            return errh->error("pipe: %s", strerror(errno));
        add_select(_signal_pipe[0], SELECT_READ);
        set_signals(true);
    }
    return 0;
}

void Script::cleanup(CleanupStage) {
    set_signals(false);
    for (int &fd : _signal_pipe)
        if (fd >= 0) {
            close(fd);
            fd = -1;
        }
}

// ---- Running

bool Script::run_task(Task *) {
    if (_state == s_ready)
        resume();
    return true;
}

/** Run until the script blocks or ends, and do what its end means for its type. */
void Script::resume() {
    ContextErrorHandler errh(ErrorHandler::default_handler(), "While executing %<%p{element}%>:", this);
    run(&errh);
}

Script::Outcome Script::run(ErrorHandler *errh) {
    _state = s_running;
    return finish(execute(errh));
}

Script::Outcome Script::finish(Outcome o) {
    if (o == o_blocked) {
        set_signals(false);
        return o;
    }
    _state = s_done;
    _steps = 0;
    if (o == o_stop && _type != t_driver)
        router()->please_stop_driver();
    if (_type == t_driver)
        router()->stop_driver_now();
    if (_type == t_signal)
        set_signals(o != o_exit);
    return o;
}

bool Script::condition(const String &text, bool &value, ErrorHandler *errh) {
    String s = cp_unquote(expand(text, errh));
    if (cp_bool(s, &value))
        return true;
    errh->error("bad condition %<%s%>", s.c_str());
    return false;
}

Script::Outcome Script::execute(ErrorHandler *errh) {
    for (int jumps = 0; _ip < _program.size(); ) {
        const Instruction &in = _program[_ip++];
        switch (in.op) {
        case op_set: {
            String value = expand(in.text, errh);
            set_var(in.word, in.unquote ? cp_unquote(value) : value);
            break;
        }
        case op_init: case op_export: case op_label: break;
        case op_print: print(in, errh); break;
        case op_read: {
            String call = expand(in.text, errh), name = call, value;
            name = cp_shift_spacevec(name);
            int before = errh->nerrors();
            if (read_handler(call, in.unquote, value, errh) && errh->nerrors() == before)
                ErrorHandler::default_handler()->message("%s:\n%s\n", name.c_str(), value.c_str());
            break;
        }
        case op_write: _status = write_handler(expand(in.text, errh), in.unquote, errh); break;
        case op_pause:
            if (_steps >= in.n) {
                _steps -= in.n;
                break;
            }
            _needed = in.n - _steps, _steps = 0;
            _state = s_paused;
            return o_blocked;
        case op_wait: {
            int64_t ns;
            String text = expand(in.text, errh);
            if (!cp_time(cp_unquote(text), &ns) || ns < 0) {
                errh->error("syntax error at %<wait%>");
                return o_error;
            }
            if (_steps > 0) {
                --_steps;
                break;
            }
            _needed = 1;
            _state = s_waiting;
            _timer.schedule_after(Timestamp::make_nsec(ns));
            return o_blocked;
        }
        case op_goto: case op_loop: {
            bool yes = true;
            if (in.text && (!condition(in.text, yes, errh) || !yes))
                break;
            int to = in.op == op_loop ? 0 : in.n;
            if (to < 0)
                return to == goto_end ? o_end : to == goto_exit ? o_exit : to == goto_stop ? o_stop : o_error;
            if (++jumps >= max_jumps) {
                ErrorHandler::default_handler()->error("%p{element}: too many jumps, giving up", this);
                return o_error;
            }
            _ip = to;
            break;
        }
        case op_end: return o_end;
        case op_exit: return o_exit;
        case op_stop: return o_stop;
        case op_return: case op_error: {
            String value = expand(in.text, errh);
            _result = in.unquote ? cp_unquote(value) : value;
            if (in.op == op_error && _result)
                errh->error("%s", _result.c_str());
            return in.op == op_return ? o_return : o_error;
        }
        }
    }
    return o_end;
}

void Script::print(const Instruction &in, ErrorHandler *errh) {
    String text = in.text, value;
    FILE *f = stdout;
    if (text && text[0] == '>') {
        bool append = text.length() > 1 && text[1] == '>';
        text = text.substring(append ? 2 : 1);
        String name = cp_unquote(expand(cp_shift_spacevec(text), errh));
        if (!(f = fopen(name.c_str(), append ? "ae" : "we"))) {
            errh->error("%s: %s", name.c_str(), strerror(errno));
            return;
        }
    }
    int before = errh->nerrors();
    if (text && (isalpha((unsigned char) text[0]) || text[0] == '@' || text[0] == '_'))
        read_handler(expand(text, errh), in.unquote, value, errh);
    else
        value = cp_unquote(expand(text, errh, true));
    if (value || errh->nerrors() == before) {
        fwrite(value.data(), 1, value.length(), f);
        if (!in.no_newline && (!value || value.back() != '\n')) putc('\n', f);
    }
    if (f == stdout)
        fflush(f);
    else if (fclose(f) != 0)
        errh->error("%s", strerror(errno));
}

/** Pass @a n of the places where the script blocks. */
void Script::step(int n) {
    if (_state == s_running || _state == s_ready) {
        _steps += n;
        return;
    }
    if (_state == s_done || n <= 0)
        return;
    if (n < _needed) {
        _needed -= n;
        return;
    }
    _steps = n - _needed;
    _timer.unschedule();
    resume();
}

void Script::run_timer(Timer *) {
    if (_state == s_waiting)
        resume();
}

/** Run from the start with arguments, as a passive or proxy script; what was under way goes on afterwards. */
Script::Outcome Script::call(const String &args, ErrorHandler *errh) {
    if (_depth >= max_depth) {
        errh->error("script calls itself too often");
        return o_error;
    }
    State state = _state;
    int ip = _ip;
    String old;
    bool had = get_var("args", old);
    ++_depth;
    set_var("args", args);
    _ip = 0;
    _result = String();
    Outcome o = run(errh);
    --_depth;
    if (state == s_running) {
        _state = s_running, _ip = ip;
        if (had) set_var("args", old);
    }
    return o;
}

bool Script::driver_stop(Element *e) {
    Script *s = static_cast<Script *>(e);
    s->step(s->_state == s_waiting ? 2 : 1);
    return s->_state == s_done;
}

// ---- Packets

Packet *Script::handle_packet(int port, Packet *p) {
    set_var("input", String(port));
    _ip = 0, _steps = 0;
    _result = String();
    ContextErrorHandler errh(ErrorHandler::default_handler(), "While executing %<%p{element}%>:", this);
    Outcome o = run(&errh);
    int out = o == o_end || o == o_stop ? 0 : -1;
    if (o == o_return && !cp_integer(cp_unquote(_result), &out))
        out = -1;
    if (out == 0 && noutputs())
        return p;
    checked_output_push(out > 0 ? out : noutputs(), p);
    return nullptr;
}

void Script::push(int port, Packet *p) {
    if ((p = handle_packet(port, p)))
        output(0).push(p);
}

Packet *Script::pull(int) {
    for (int i = 0; i < ninputs(); ++i)
        if (Packet *p = input(i).pull())
            return handle_packet(i, p);
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Script)
