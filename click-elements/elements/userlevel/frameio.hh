// Ways of getting Ethernet frames from a device and onto one, behind FromDevice and ToDevice: a packet socket with many frames a
// system call (LINUX), rings shared with the kernel (RING), AF_XDP (XDP).
#ifndef LCLICK_FRAMEIO_HH
#define LCLICK_FRAMEIO_HH
#include "elements/userlevel/offload.hh"
#include <click/args.hh>
#include <click/packetbatch.hh>
#include <net/if.h>
#include <sys/socket.h>
#ifndef AF_XDP
# define AF_XDP 44
#endif
CLICK_DECLS
class Element;
class Router;

namespace frameio {

enum Method { automatic, pcap, linux_socket, ring, xdp };
/** Reads a METHOD argument: LINUX, PCAP and DEFAULT (all of them the packet socket), PACKET_MMAP or RING, AF_XDP or XDP. */
struct MethodArg { bool parse(const String &, Method &, const ArgContext & = blank_args) const; };
const char *name_of(Method);

enum { max_burst = 512, max_headroom = 512, longest = 65536 + 32 /* an IP packet with link header and tags */, all_protocols = 3 /* ETH_P_ALL */ };

struct Options {
    String device;
    int ifindex = 0, mtu = 0, headroom = 128, protocol = 0;
    bool promisc = false, outbound = false;
    bool send_only = false;             // of AF_XDP: no memory to receive with, never without copying, and do not wait for it
    int program = -1;                   // that decides which packets it gets, see FromDevice::decide()
    const Router *router = nullptr;     // whose they are: hot swap has two of them for a while
    bool same_frames(const Options &o) const {
        return ifindex == o.ifindex && headroom == o.headroom && protocol == o.protocol && promisc == o.promisc && outbound == o.outbound;
    }
};

/** What became of frames that were not plain ones. */
struct Tally { uint64_t oversize = 0, gso = 0; };

class Receiver { public:
    explicit Receiver(Tally &t) : _tally(&t) {}
    virtual ~Receiver() { close_fd(); }
    virtual int open(const Options &, ErrorHandler *) = 0;
    /** Readable when there are frames. */
    int fd() const { return _fd; }
    /** Where trouble with the device is told of, if not there; or -1. */
    int watch_fd() const { return _watch; }
    /** Append what frames become, without waiting, until that is @a max packets: more only if the last one was cut into many. @a max
        if there may be more, less if that was all for now, 0 if there was nothing; else a negative errno. */
    virtual int receive(int max, BatchBuilder &) = 0;
    virtual uint64_t kernel_drops() { return 0; }
    virtual String describe() const = 0;
    /** The descriptor, now the caller's to close: for a packet socket that takes a grace period. */
    int give_fd() {
        int fd = _fd;
        _fd = -1;
        return fd;
    }
    /** In a hot swap: it is another element's from now on. */
    virtual void move_to(const Router *, Tally &t) { _tally = &t; }
  protected:
    Tally *_tally;
    int _fd = -1, _watch = -1;
    void close_fd();
    /** Append what the frame at @a d becomes, or count it as lost. @a p is that frame, or null; one that is to be cut has none. */
    void complete(WritablePacket *p, const unsigned char *d, uint32_t length, int headroom, const offload::Hint &, BatchBuilder &);
};

class Sender { public:
    virtual ~Sender() { close_fd(); }
    virtual int open(const Options &, ErrorHandler *) = 0;
    /** Send what there is room for. How many are done with, from the first on; 0 if there is no room; else a negative errno that
        is about the first one. The packets stay the caller's. */
    virtual int send(Packet *const *, int n) = 0;
    /** Do frames wait in a ring that the device has not taken yet, and that another way of sending would pass? */
    virtual bool behind() { return false; }
    virtual String describe() const = 0;
    /** As Receiver's. */
    int give_fd() {
        int fd = _fd;
        _fd = -1;
        return fd;
    }
  protected:
    int _fd = -1;
    void close_fd();
};

/** How long a frame the device takes: rings do not tell which one it refused. */
class LengthLimit { public:
    void set(const Options &o) { _device = o.device, _mtu = o.mtu; }
    bool allows(const Packet *p) { return likely(p->length() <= (uint32_t) _mtu + 14 && p->length() >= 14) || allows_anyway(p); }
  private:
    String _device;
    int _mtu = 0;
    bool allows_anyway(const Packet *);
};

Receiver *make_receiver(Method, Tally &);
Sender *make_sender(Method);

/** A socket to ask ioctl() about devices with: of the kind that a confined process may make, too. */
int question_socket();
/** Fill in ifindex and mtu. */
int find_device(Options &, ErrorHandler *);
/** May sockets be opened now: is this process not confined, or is there an Opener? */
bool may_open(const Element *);
/** A packet socket, or another of these raw ones, not bound. */
int open_socket(int family, const Options &, ErrorHandler *);
inline int open_socket(const Options &o, ErrorHandler *errh) { return open_socket(AF_PACKET, o, errh); }
/** The system calls, for those who may: 0, or a negative errno. */
int bind_packet(int fd, int ifindex, int protocol);
int bind_xdp(int fd, int ifindex, int flags);
int bind_socket(int fd, const Options &, int protocol, ErrorHandler *);
/** What a receiving one needs beyond that: offloads described, nothing of our own, room. */
int prepare_to_receive(int fd, const Options &, ErrorHandler *);
/** Let this program decide which packets it gets; -1: it gets all. */
bool set_program(int fd, int program);
/** Promiscuous mode of this socket's device, if it is to be. The kernel keeps who asks for it waiting as long as it closes another's sockets and unlinks their programs, a grace period
    for each: when a process that was killed is started again, 10 to 40 ms, and no device is to be without a socket meanwhile. So while a process starts it is put off. */
int set_promiscuous(int fd, const Options &, ErrorHandler *);
/** From here on it is put off. */
void put_off_promiscuous();
/** What was put off is asked for now, by a thread which nothing waits for and which says on standard error what it cannot have; from here on nothing is put off. */
void ask_for_promiscuous();
/** Drops since the last question. */
uint64_t socket_drops(int fd);
/** A ring tells of frames, not of trouble: what a descriptor that was reported readable has to say, as a negative errno, or 0. */
int pending_error(int fd);
/** Is errno @a e of a kind that says that the device is down or gone? */
inline bool device_trouble(int e) { return e == ENETDOWN || e == ENXIO || e == ENODEV; }

}
CLICK_ENDDECLS
#endif
