// Who opens devices for a confined lclick. Going over to a ring or AF_XDP under load, or to a device that was made anew, takes sockets that
// a confined process may not make. So a process of its own is started first, which can do nothing but make them, for the devices that the
// configuration names. What it is asked has no content but a device's number; userlevel/openerprocess.cc is its other end.
#ifndef LCLICK_OPENER_HH
#define LCLICK_OPENER_HH
#include "elements/userlevel/bpfobject.hh"
#include <click/string.hh>
#include <stdint.h>
CLICK_DECLS
namespace frameio {

class Opener { public:
    /** A configuration uses this device; @a programs: with a program of ours attached to it (AF_XDP, SNIFFER false). */
    static void note(const String &device, bool programs = false);
    /** Start it, to act as this user; before anything is given up. False if no device was noted, or it cannot be: then what was
        closed stays closed. */
    static bool start(unsigned uid, unsigned gid);
    /** Is there one to ask? */
    static bool there() { return _fd >= 0; }
    /** Was there ever? From then on nothing is opened without it. */
    static bool in_charge() { return _in_charge; }

    // All of these give a negative errno if it does not work out.
    /** A new socket: AF_PACKET, raw and bound to nothing, or AF_XDP. */
    static int socket(int family);
    /** As a packet socket, to what the device is by its name now. */
    static int bind(int fd, const String &device, int protocol);
    static int bind_xdp(int fd, const String &device, int flags);
    /** A link to a program that keeps the device's packets from the kernel's stack. */
    static int drop_ingress(const String &device);
    /** A link to a program that gives the frames of queue 0 to this AF_XDP socket; @a generic as bpf::redirect()'s. */
    static int redirect(const String &device, int socket, int *generic);

    /** Two maps of devices that programs send to, with the same in both: from start() on only the opener can change them, and they are closed here (-1). Which
        they are, this and the next one, or -1 if there are too many. */
    static int keep(int *map, int *other);
    static void forget(int *map);
    /** Close here what is kept; before anything is given up, whether there is an opener or not. */
    static void give_up_maps();
    /** Put a device at this place of two maps that are kept, and make a link to this program, which was loaded before. */
    static int attach(const String &device, int program, bpf::Hook, int map, int place);

    enum { descriptor = 3, first_map = 4, max_maps = 4 };        // of the opener's, where it is asked (start_self())
    enum What : uint32_t { hello, packet_socket, xdp_socket, bind_packet_socket, bind_xdp_socket, ingress_link, xdp_link, program_link };
    struct Request { uint32_t what, device, detail; };
    struct Answer { uint32_t what; int32_t result; };       // a negative errno; else, of xdp_link, what is generic
    /** One message with at most one descriptor. Its size, 0 at the end of the connection, or a negative errno. */
    static int send(int to, const void *, size_t, int fd);
    static int receive(int from, void *, size_t, int *fd);

  private:
    static int _fd;
    static bool _in_charge;
    static int ask(What, const String &device, int detail, int fd, int *result);
};

}
CLICK_ENDDECLS
#endif
