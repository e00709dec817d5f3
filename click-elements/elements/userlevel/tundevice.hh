// A network interface of the host that has this process at its other end: /dev/net/tun, behind KernelTun, KernelTap, FromHost, ToHost.
#ifndef LCLICK_TUNDEVICE_HH
#define LCLICK_TUNDEVICE_HH
#include <click/args.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <click/packetbatch.hh>
CLICK_DECLS

class TunDevice { public:
    struct Settings {
        String name;                    // empty: the kernel chooses
        bool tap = false;
        IPAddress address, mask, gateway;
        EtherAddress ether;
        unsigned char address6[16] = {};
        int prefix6 = -1, mtu = 1500, headroom = 128;
        bool operator==(const Settings &) const;
    };
    TunDevice() {}
    ~TunDevice() { close(); }
    TunDevice(const TunDevice &) = delete;

    int open(const Settings &, ErrorHandler *);
    void close();
    /** Become what @a other was: for hot swap. */
    void take(TunDevice &other);
    int fd() const { return _fd; }
    const String &name() const { return _name; }

    /** Append what there is, at most @a max; how many, or a negative errno. */
    int receive(int max, BatchBuilder &);
    /** 0, or a negative errno. The packet stays the caller's. */
    int send(const Packet *);
    /** Mark an IP packet that begins at data(): false if it is none. */
    static bool mark_ip(Packet *);

  private:
    int _fd = -1, _headroom = 0, _room = 0;
    String _name;
    WritablePacket *_spare = nullptr;
    int configure(const Settings &, ErrorHandler *);
};

/** An IPv6 prefix, `ADDRESS/LENGTH`. */
struct TunPrefix6Arg { static bool parse(const String &, TunDevice::Settings &, const ArgContext & = blank_args); };

CLICK_ENDDECLS
#endif
