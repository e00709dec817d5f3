#ifndef CLICK_SOCKET_HH
#define CLICK_SOCKET_HH
#include <click/batchelement.hh>
#include <click/notifier.hh>
#include <click/task.hh>
#include <sys/socket.h>
#include <sys/un.h>
CLICK_DECLS

/*
=c
Socket(TCP | UDP, IP, PORT [, LOCALIP, LOCALPORT, CLIENT, SNAPLEN, NODELAY, SNDBUF, RCVBUF, TIMESTAMP, HEADROOM, VERBOSE])
Socket(UNIX | UNIX_DGRAM, FILENAME [, LOCALFILENAME, CLIENT, SNAPLEN, SNDBUF, RCVBUF, TIMESTAMP, HEADROOM, VERBOSE])
=s comm
sends packets to another host or process and gives those that come from it
=d
What comes in at input 0 is sent; what is received leaves on output 0, at most SNAPLEN (2048) bytes a packet. TCP and UNIX are streams, which do not keep
packets apart. A server (the default) listens at the address and serves one client at a time, or answers whom the last datagram came from. A client connects, or sends, to it: with
CLIENT true, with a local address (which it is bound to), or without output. A UDP client of address 0.0.0.0 sends to packets' destination annotation.

NODELAY (true) turns Nagle's algorithm off; SNDBUF and RCVBUF set the kernel's buffers; TIMESTAMP (true) stamps what is received; HEADROOM is 28.
Pull inputs are pulled as the socket takes packets. What is pushed while it takes none waits for at most 0.1 s and is then dropped. ALLOW and DENY are refused; PROPER is ignored.
=h drops read-only
Packets that could not be sent.
=a ControlSocket, FromDevice
*/
class Socket : public BatchElement { public:
    Socket() : _task(this) {}
    const char *class_name() const override { return "Socket"; }
    const char *port_count() const override { return "0-1/0-1"; }
    const char *processing() const override { return "a/h"; }
    const char *flow_code() const override { return "x/y"; }
    const char *flags() const override { return "S3"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void selected(int fd, int mask) override;
    bool run_task(Task *) override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *b) override { FOR_EACH_PACKET_SAFE(b, p) push(0, p); }

  private:
    enum { burst = 32 };
    union Address { struct sockaddr any; struct sockaddr_in in; struct sockaddr_un un; };
    enum Sent { sent, full, failed };
    Task _task;
    NotifierSignal _signal;
    bool _stream = false, _unix = false, _client = false, _nodelay = true, _timestamp = true, _verbose = false, _has_local = false;
    bool _connecting = false, _known = false;
    String _bound_file;
    Address _remote, _local;
    socklen_t _remote_length = 0, _local_length = 0;
    unsigned _snaplen = 2048, _headroom = Packet::default_headroom;
    int _sndbuf = -1, _rcvbuf = -1;
    int _listen = -1, _fd = -1;          // of a stream server that listens; of whom we speak with
    Packet *_waiting = nullptr;          // the next to be sent, perhaps in part already
    uint64_t _drops = 0;

    bool set_file(Address &, socklen_t &, const String &, ErrorHandler *);
    bool replace_stale_file(const Address &, ErrorHandler *);
    int bind_to(int fd, const Address &, socklen_t, ErrorHandler *);
    void prepare(int fd);
    void accept_client();
    void use(int fd);
    void hang_up(const char *why);
    void receive();
    Sent send(Packet *&);
    Sent flush();
};

CLICK_ENDDECLS
#endif
