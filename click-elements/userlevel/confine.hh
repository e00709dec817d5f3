// What lclick gives up once its router is initialised: the user it was started as, capabilities, system calls.
#ifndef LCLICK_CONFINE_HH
#define LCLICK_CONFINE_HH
#include <click/error.hh>
#include <initializer_list>
CLICK_DECLS

/** See docs/click-safety.md. */
class Confinement { public:
    enum Filter { off, on, log };
    /** USER[:GROUP], names or numbers. False, with a complaint, if there is no such user. */
    bool set_user(const String &, ErrorHandler *);
    /** on, off or log. */
    bool set_filter(const String &, ErrorHandler *);
    /** Give up what there is to give up. @a reconfigures: hotconfig may need to open devices and files anew; @a threads: more will be started.
        False, with a complaint, if something cannot be given up: then lclick must not run. */
    bool apply(bool reconfigures, bool threads, ErrorHandler *) const;

    bool wanted() const { return _has_user || _filter != off; }
    /** Will what apply() leaves be too little to open devices and sockets? */
    /** As whom, and as what group, it goes on. */
    unsigned user() const;
    unsigned group() const;
    bool seals(bool reconfigures) const { return !reconfigures && (_has_user || _filter != off); }

  private:
    bool _has_user = false;
    unsigned _uid = 0, _gid = 0;
    Filter _filter = off;
    bool drop_user(bool keep_capabilities, ErrorHandler *) const;
    bool drop_capabilities(bool keep_net_raw, ErrorHandler *) const;
};

/** Install the filter of system calls (seccomp.cc). 0, or an errno. */
int click_install_filter(bool log, bool reconfigures, bool threads);
/** That of the process that opens devices; @a programs: it may attach some. And of the one that loads programs. */
int click_install_opener_filter(bool programs);
int click_install_loader_filter();
/** Of the capabilities there are to have; while there is the right to. */
void click_drop_bounding_set();
/** Give up all capabilities but these (of those it has), and with them what a new program would give. False if it cannot. */
bool click_keep_capabilities(std::initializer_list<int>);
/** Pages of code that only the start needed are the system's again; those that are needed after all come back from the file, which they are of. */
void click_forget_start();
/** The part of its life: serves requests until nobody is there to make any (openerprocess.cc). */
int click_run_opener(int argc, char **argv);
/** Loads the programs of a fast path, says so, and ends (loaderprocess.cc). */
int click_run_loader(int argc, char **argv);

CLICK_ENDDECLS
#endif
