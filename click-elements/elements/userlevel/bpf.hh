// The little of bpf(2) that the devices need: two programs of a few instructions each, a map, links that end with their descriptor.
#ifndef LCLICK_BPF_HH
#define LCLICK_BPF_HH
#include <click/glue.hh>
CLICK_DECLS
namespace bpf {

/** A map from receive queue to AF_XDP socket; a descriptor, or a negative errno. */
int make_socket_map(int entries);
int put_socket(int map, int queue, int socket);
/** An XDP program that gives a frame to the map's socket of its queue, or to the kernel if there is none. */
int load_redirect(int map);
/** A traffic-control program that drops everything. */
int load_drop();
/** A socket filter that drops everything. */
int load_deaf();
/** Attach to the device until the descriptor that is returned is closed. */
int link_xdp(int program, int ifindex, bool native);
int link_ingress(int program, int ifindex);

}
CLICK_ENDDECLS
#endif
