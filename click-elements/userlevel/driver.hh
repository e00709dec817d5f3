// The parts of the command lclick.
#ifndef LCLICK_DRIVER_HH
#define LCLICK_DRIVER_HH
#include <click/error.hh>
#include <click/globals.hh>
#include "confine.hh"
CLICK_DECLS

struct Options {
    String file, expression, output, exit_handler;
    bool has_file = false, has_expression = false, quit = false, times = false, warnings = true, simtime = false;
    Timestamp start = Timestamp(1000000000, 0);     // of simulated time
    DriverOptions driver;
    Vector<String> handlers;
    int threads = 1, affinity = -1;
    Confinement confinement;
    bool dpdk = false;
    Vector<String> eal;             // DPDK's own arguments
};

/** Ends the process if they are not understood, or if they ask for no more than a text. */
Options parse_options(int argc, char **argv);

/** Print the handlers asked for with -h; several are each headed by their name. False if one could not be read. */
bool print_handlers(const Vector<String> &, Router *, ErrorHandler *);
/** What -x makes of a handler: its number, or 0 for true and 1 for false; 255 if it is neither. */
int exit_status(const String &handler, Router *, ErrorHandler *);
/** Write the flat configuration to a file, or to standard output (-). */
bool write_flat(const String &path, Router *, ErrorHandler *);

/** Say whether there can be a GTPFastPath, and why not (probe.cc). */
void click_probe_fast_path();

/** Start DPDK with the EAL's arguments, so that its elements are there; put in place by lclick-dpdk. False if it cannot be, which is told; stopped
    when the process exits. */
extern bool (*start_dpdk)(const Vector<String> &eal, ErrorHandler *);

/** Times of the process and of the clock, from construction to print(). */
class RunTimes { public:
    RunTimes();
    void print() const;
  private:
    double _user, _system;
    int64_t _clock;
};

CLICK_ENDDECLS
#endif
