#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/nameinfo.hh>
#include <click/task.hh>
#include "scheduleinfo.hh"
CLICK_DECLS

int ScheduleInfo::configure(Vector<String> &conf, ErrorHandler *errh) {
    int before = errh->nerrors();
    for (const String &arg : conf) {
        Vector<String> words;
        cp_spacevec(arg, words);
        int32_t x;
        if (words.empty()) continue;
        if (words.size() != 2 || !cp_real2(words[1], FRAC_BITS, &x) || x < 0)
            errh->error("expected %<ELEMENTNAME PARAM%>");
        else
            NameInfo::define_int(NameInfo::T_SCHEDULEINFO, this, words[0], x);
    }
    return errh->nerrors() == before ? 0 : -1;
}

bool ScheduleInfo::query(Element *e, int &scaled, ErrorHandler *) {
    // From the inside out: in each compound's scope first the element's path from there, which overrules what was said further in,
    // then the compound that was just left, which scales it.
    const String full = e->name();
    double factor = 1;
    int32_t x;
    for (int end = full.length();;) {
        int slash = full.find_right('/', end - 1);
        String scope = full.substring(0, slash + 1), path = full.substring(slash + 1), part = full.substring(slash + 1, end - slash - 1);
        if (NameInfo::query_scope(NameInfo::T_SCHEDULEINFO, e, scope, path, &x, sizeof x))
            factor = (double) x / (1 << FRAC_BITS);
        else if (part != path && NameInfo::query_scope(NameInfo::T_SCHEDULEINFO, e, scope, part, &x, sizeof x))
            factor *= (double) x / (1 << FRAC_BITS);
        if (slash < 0) break;
        end = slash;
    }
    scaled = (int) (factor * (1 << FRAC_BITS) + 0.5);
    return scaled > 0;
}

void ScheduleInfo::initialize_task(Element *e, Task *t, bool schedule, ErrorHandler *errh) {
    int scaled;
    bool wanted = query(e, scaled, errh);
    if (scaled != 1 << FRAC_BITS) {
        int64_t tickets = (int64_t) Task::DEFAULT_TICKETS * scaled >> FRAC_BITS;
        if (tickets > Task::MAX_TICKETS) {
            tickets = Task::MAX_TICKETS;
            errh->warning("too many tickets; reduced to %d", (int) Task::MAX_TICKETS);
        }
        t->set_tickets((int) tickets);
    }
    t->initialize(e, schedule && wanted);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ScheduleInfo)
