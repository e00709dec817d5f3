#include <click/config.h>
#include "staticthreadsched.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/master.hh>
#include <click/router.hh>
CLICK_DECLS

int StaticThreadSched::configure(Vector<String> &conf, ErrorHandler *errh) {
    int before = errh->nerrors(), nthreads = router()->master()->nthreads();
    for (const String &arg : conf) {
        String rest = arg, name = cp_unquote(cp_shift_spacevec(rest));
        int thread;
        if (!cp_integer(rest, &thread)) {
            errh->error("expected %<ELEMENT THREAD%>, not %<%s%>", arg.c_str());
            continue;
        }
        if (thread < 0 || thread >= nthreads) {
            errh->error("%s: there is no thread %d, only %d (see -j)", name.c_str(), thread, nthreads);
            continue;
        }
        bool found = false;
        if (Element *e = router()->find(name, this)) {
            router()->set_home_thread_id(e, thread);
            found = true;
        }
        for (int i = 0; i < router()->nelements(); ++i)
            if (router()->ename(i).starts_with(name + "/")) {
                router()->set_home_thread_id(router()->element(i), thread);
                found = true;
            }
        if (!found)
            errh->error("no element named %<%s%>", name.c_str());
    }
    return errh->nerrors() == before ? 0 : -1;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(StaticThreadSched)
