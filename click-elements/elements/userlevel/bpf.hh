// The little of bpf(2) that the devices need: two programs of a few instructions each, and links that end with their descriptor.
#ifndef LCLICK_BPF_HH
#define LCLICK_BPF_HH
#include <click/glue.hh>
CLICK_DECLS
namespace bpf {

// Both attach a program to a device, until the descriptor that is returned is closed; or a negative errno.
/** XDP: the frames of queue 0 go to the AF_XDP socket @a socket, those of others to the kernel. If the driver
    does not want the program, the kernel runs it: @a generic then says why (an errno), else it is 0. */
int redirect(int socket, int ifindex, int *generic);
/** Traffic control, at ingress (Linux 6.6 and later): everything is dropped. */
int drop_ingress(int ifindex);

}
CLICK_ENDDECLS
#endif
