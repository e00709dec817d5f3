// Who loads and attaches the programs of GTPFastPath, beside it: that takes the kernel several times as long as all else of a start. It is a process of
// its own (userlevel/loaderprocess.cc), which has the maps, no more rights than it needs, and one thing to say, whereupon it ends.
#ifndef LCLICK_GTPFASTLOADER_HH
#define LCLICK_GTPFASTLOADER_HH
#include "elements/gtp/gtpfastkernel.hh"
#include <sys/types.h>
CLICK_DECLS

class GTPFastLoader { public:
    enum Outcome { pending, ready, loaded, failed };
    GTPFastLoader() {}
    GTPFastLoader(const GTPFastLoader &) = delete;
    ~GTPFastLoader() { stop(); }
    /** For a kernel that is prepared and whose devices have names. False if there can be no such process. */
    bool start(const GTPFastKernel &, GTPFastKernel::Mode);
    /** To be selected on; -1 when it has ended. */
    int fd() const { return _fd; }
    /** It has not said yet what came of it. */
    bool busy() const { return _fd >= 0 && !_answered; }
    /** Something may have come: ready: @a k, which it was started for, has programs at work; loaded: it has programs, but could not attach them; failed: it has none.
        The latter two with the reason. Each but pending comes once. */
    Outcome look(GTPFastKernel *k, String *why);
    /** End it; it leaves nothing attached. */
    void stop();
    void swap(GTPFastLoader &);

    // The process itself.
    enum { descriptor = 3, first_map = 4, patience_ms = 2000 };
    struct Answer {
        int32_t loaded, attached, ifindex[gtpfast_nports], hook[gtpfast_nports];
        uint32_t programs;              // bits: which come along
        char why[256];
    };
    /** Do it, and say so. False if nobody listens. */
    static bool serve(GTPFastKernel &, GTPFastKernel::Mode);

  private:
    enum { max_fds = GTPFastKernel::nprograms + gtpfast_nports };
    int _fd = -1;
    pid_t _process = 0;
    bool _answered = false;
    GTPFastKernel::Mode _mode = GTPFastKernel::off;
};

CLICK_ENDDECLS
#endif
