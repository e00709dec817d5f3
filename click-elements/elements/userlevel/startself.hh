// This program once more, as a process of its own with a part of its own: who opens devices, who loads programs into the kernel.
#ifndef LCLICK_STARTSELF_HH
#define LCLICK_STARTSELF_HH
#include <click/string.hh>
#include <click/vector.hh>
#include <sys/types.h>
CLICK_DECLS
namespace frameio {

enum { first_passed = 3 };
/** Start it with these words, the first of which is its name, and with these descriptors as 3, 4 and so on; it closes all others itself. It has no
    environment: that says whose we are, to those who look for us in a list of processes. Its process, or a negative errno (where there is
    no /proc). */
pid_t start_self(Vector<String> words, const int *fds, int n);

}
CLICK_ENDDECLS
#endif
