#ifndef CLICK_SCRIPT_HH
#define CLICK_SCRIPT_HH
#include <click/element.hh>
#include <click/task.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
Script(INSTRUCTION, ... [, TYPE ACTIVE | PASSIVE | PACKET | PROXY | DRIVER | SIGNAL SIGNO...])
=s control
runs a small program that reads and writes handlers
=d
Instructions run in order. In their text, C<$x> and C<${x-default}> stand for variables, C<$(HANDLER ARGS)> for what a read
handler gives; a handler of the script itself needs no element name, so that C<$(add $x 1)> adds. C<$?> is the status of the
last write, C<$$> the process. Forms ending in q take one layer of quotes off the text.

B<set, setq> VAR TEXT; B<init, initq> VAR TEXT (once, before the script starts); B<export, exportq> VAR [TEXT] (as init, and
a read handler VAR). B<print, printq, printn, printnq> TEXT or HANDLER; n: no newline. A word in front that begins
with a greater-than sign, or two to append, names a file to write to instead. B<read, readq>
HANDLER (to standard error). B<write, writeq> HANDLER [TEXT]. B<pause> [N] or B<wait_step> [N]: until the step handler was
written N times. B<wait> TIME or B<wait_time> TIME: so long, or a step. B<label> NAME. B<goto> NAME [CONDITION]; the names loop,
end, exit, stop and error are those instructions. B<loop>: from the start. B<end>. B<exit>: as end; a packet is dropped, a signal
not awaited again. B<stop>: also ask the driver to stop. B<return, returnq> [TEXT]. B<error, errorq> [TEXT]. A script that
jumps 1000 times without waiting is given up.

TYPE says when it runs. ACTIVE (the default without ports): from the start. PASSIVE: when its run handler is called, with
C<$args>, C<$1>, C<$2>, ..., C<$#>. PACKET (the default with ports): for each packet, with C<$input>; returns the output. PROXY: for any handler
of the script's that is called, with C<$0>, C<$args> and C<$write>. DRIVER: see DriverManager. SIGNAL: when one of the signals comes.
=h step write-only
Passes the pause or wait that the script is at; with a number, that many.
=h goto write-only
=h run read/write
=h add, sub, mul, div, idiv, mod, rem, neg, abs, min, max read-only
With the numbers as parameters, as all of these.
=h eq, ne, lt, le, gt, ge read-only
=h not, and, or, nand, nor, if, in, first read-only
=h sprintf, length, unquote, random, now, htons, htonl, ntohs, ntohl read-only
=h readable, writable read-only
=h cat, catq, kill read-only
Only for scripts, not over a ControlSocket.
=h get, set, shift read/write
Variables from outside.
=a DriverManager
*/
class Script : public Element { public:
    Script() : _task(this), _timer(this) {}
    const char *class_name() const override { return "Script"; }
    const char *port_count() const override { return "-/-"; }
    const char *processing() const override { return PROCESSING_A_AH; }
    const char *flags() const override { return "S0"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    bool run_task(Task *) override;
    void run_timer(Timer *) override;
    void selected(int fd, int mask) override;
    void push(int, Packet *) override;
    Packet *pull(int) override;

  protected:
    enum Type { t_none, t_active, t_passive, t_packet, t_proxy, t_driver, t_signal };
    virtual Type default_type() const { return ninputs() + noutputs() ? t_packet : t_active; }

  private:
    enum Op {
        op_set, op_init, op_export, op_print, op_read, op_write, op_pause, op_wait, op_label, op_goto, op_loop, op_end, op_exit, op_stop,
        op_return, op_error
    };
    enum { goto_end = -1, goto_exit = -2, goto_stop = -3, goto_error = -4, max_jumps = 1000, max_depth = 32, max_proxied = 1024 };
    enum State { s_ready, s_running, s_paused, s_waiting, s_done };
    enum Outcome { o_blocked, o_end, o_exit, o_stop, o_return, o_error };
    struct Instruction { Op op; bool unquote, no_newline; int n; String word, text; };
    struct Variable { String name, value; };
    struct Keyword { const char *name; Op op; };
    static const Keyword keywords[];

    Vector<Instruction> _program;
    Vector<Variable> _vars;
    Vector<int> _signals;
    Type _type = t_none;
    State _state = s_ready;
    int _ip = 0, _steps = 0, _needed = 0, _status = 0, _depth = 0, _proxied = 0, _signal_pipe[2] = {-1, -1};
    bool _signals_on = false;
    String _result;
    Task _task;
    Timer _timer;

    // The program: script.cc
    int parse_instruction(const String &, ErrorHandler *);
    int parse_type(String, ErrorHandler *);
    int find_label(const String &) const;
    Outcome run(ErrorHandler *);
    Outcome execute(ErrorHandler *);
    Outcome finish(Outcome);
    bool condition(const String &, bool &, ErrorHandler *);
    void print(const Instruction &, ErrorHandler *);
    void step(int n);
    void resume();
    Outcome call(const String &args, ErrorHandler *);
    Packet *handle_packet(int port, Packet *);
    static bool driver_stop(Element *);
    void set_signals(bool on);

    // Text and variables: scripttext.cc
    void set_var(const String &name, const String &value);
    bool get_var(const String &name, String &value) const;
    /** With the values put in. If @a quoted, so that cp_unquote() takes away only the quotes that @a text itself has. */
    String expand(const String &text, ErrorHandler *, bool quoted = false);
    bool expand_one(const char *&s, const char *end, String &value, ErrorHandler *);
    const Handler *find_handler(const String &name, Element *&e);
    /** Read HANDLER [ARGS]; false, after a message, if there is none. */
    bool read_handler(const String &call, bool unquote, String &value, ErrorHandler *);
    int write_handler(const String &call, bool unquote, ErrorHandler *);

    // Handlers: scripthandlers.cc
    static int compute(int op, String &, Element *, const Handler *, ErrorHandler *);
    static int files(int op, String &, Element *, const Handler *, ErrorHandler *);
    static int variables(int op, String &, Element *, const Handler *, ErrorHandler *);
    static int run_handler(int op, String &, Element *, const Handler *, ErrorHandler *);
    static int proxy(int op, String &, Element *, const Handler *, ErrorHandler *);
    static int star(const String &, Element *, void *, ErrorHandler *);
    static int control(const String &, Element *, void *, ErrorHandler *);
    static String read_export(Element *, void *);
};

CLICK_ENDDECLS
#endif
