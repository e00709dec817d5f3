#ifndef CLICK_CONTROLSOCKET_HH
#define CLICK_CONTROLSOCKET_HH
#include <click/element.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ControlSocket(TCP, PORT[+] [, LOCALHOST, READONLY, RETRIES, RETRY_WARNINGS, VERBOSE])
ControlSocket(UNIX, FILENAME [, READONLY, RETRIES, RETRY_WARNINGS, VERBOSE])
ControlSocket(SOCKET, FD [, READONLY, VERBOSE])
=s control
serves handlers over a socket
=d
Lets other programs read and write handlers, with the line protocol Click::ControlSocket/1.3: READ, WRITE,
READDATA, WRITEDATA, READUNTIL, WRITEUNTIL, CHECKREAD, CHECKWRITE, HELP, QUIT. Each answer begins with a
three-digit code; a read's value follows as `DATA n` and n bytes.

A UNIX socket is made with mode 0600, and a stale one in its place is replaced; a live one is an error. A TCP
port followed by C<+> means: this one or the next that is free. With LOCALHOST true, the port is bound to
127.0.0.1 only. SOCKET takes a descriptor that the process was started with: one connection, or a socket that
listens. With READONLY true, writes get code 530.

A value that takes long to make (a GTPTable's state) is made bit by bit, for a quarter of the time at most, so that packets do not wait for it; the
client's next command does.

Where the address is taken, the router does not start; with RETRIES (0) it does, and the socket is tried again every second, that many times,
before the driver is stopped. Each failure is told unless RETRY_WARNINGS is false. VERBOSE true tells of connections that come and go.

Differs from Click's: data of a command may be up to 512 MiB, over TCP 64 MiB (there: 64 KiB), so that state can be imported;
LLRPC is refused with 501; clients stay over a hot swap without RETRIES, too; PROXY is not there.
=h port read-only
Of TCP: the port that it listens at; empty while it does not.
=h filename read-only
Of UNIX: its file.
=a lclick's options -p, -u and --socket
*/
class ControlSocket : public Element { public:
    const char *class_name() const override { return "ControlSocket"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED; }
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void selected(int fd, int mask) override;
    void add_handlers() override;
    void run_timer(Timer *) override;
    /** Serve a connection, non-blocking, that was made elsewhere; takes it over. */
    void serve(int fd);

  private:
    enum { max_line = 65536, max_data = 512 << 20, max_data_tcp = 64 << 20, max_pending = 256 << 20, max_connections = 256, max_sent = 256 << 10 };
    struct Connection {
        Connection() = default;
        Connection(const Connection &) = delete;
        ~Connection() { stop_reading(); }
        /** The answer to the last command is not all in out yet. */
        bool busy() const { return reading || next_piece < pieces.size(); }
        void stop_reading() {
            delete reading;
            reading = nullptr;
        }
        int fd;
        String in, out;
        int out_done = 0;
        GradualRead *reading = nullptr;
        const Handler *handler = nullptr;       // that this is of, and its name
        String asked;
        Vector<String> pieces;      // of its value; what is whole is sent, one after the other, after out
        int next_piece = 0;
        int64_t length = 0;         // of all of them
        bool closing = false;
        bool ended = false;         // the client will say no more, but waits for its answers
        String pending;             // the command whose data are awaited
        int want = -1;              // bytes of data
        bool until = false;         // or lines until
        String terminator;
        String lines;
    };
    bool _unix = false, _read_only = false, _localhost = false, _plus = false, _verbose = false, _retry_warnings = true;
    String _path;
    int _port = 0, _bound_port = -1, _listen = -1, _fd = -1, _retries = 0;
    Timer _retry{this}, _read_on{this};
    Timestamp _last_read;
    Vector<Connection *> _connections;
    static const char protocol_version[];

    /** The running router's socket at the same address, whose clients stay connected over a hot swap. */
    ControlSocket *predecessor() const;
    /** Only who may end the process comes over the others. */
    int most_data() const { return _unix || _fd >= 0 ? max_data : max_data_tcp; }
    int listen_unix(ErrorHandler *);
    int listen_tcp(ErrorHandler *);
    int use_descriptor(ErrorHandler *);
    int open(ErrorHandler *);
    /** open(), and if it fails and may be tried again, a time for that. */
    int attempt(ErrorHandler *);
    static String address(Element *, void *);
    void accept_connections();
    bool receive(Connection &);
    bool flush(Connection &);
    /** Do what it has asked for and send what there is; false at an end. */
    bool serve(Connection &);
    void begin_reading(Connection &, const Handler *, const String &hname, GradualRead *);
    void read_on(Connection &, const Timestamp &how_long);
    void read_on();
    static bool has_gone(const Connection &);
    void close_connection(int i);
    /** Handle what @a c has received so far; false if nothing whole is there. */
    bool step(Connection &c);
    void command(Connection &, const String &line);
    void with_data(Connection &, const String &data);
    void read_handler(Connection &, const String &hname, const String &param);
    void write_handler(Connection &, const String &hname, const String &value);
    void check(Connection &, const String &hname, bool write);
    const Handler *find(Connection &, const String &hname, Element *&e);
    void say(Connection &, int code, const String &text);
    void say_lines(Connection &, int code, const String &text, const Vector<String> &lines);
    void help(Connection &);
};

CLICK_ENDDECLS
#endif
