// Turns among ports by tickets: what StrideSched and StrideSwitch share.
#include <click/config.h>
#include "stride.hh"
#include <click/confparse.hh>
#include <click/error.hh>
CLICK_DECLS

void StrideTable::set_tickets(int port, int n) {
    Port &p = _ports[port];
    uint64_t now = UINT64_MAX;
    for (const Port &x : _ports)
        if (x.tickets && x.pass < now) now = x.pass;
    if (!p.tickets || p.pass < now)           // a port that was out does not get the turns that it missed
        p.pass = now == UINT64_MAX ? 0 : now;
    p.tickets = n;
    p.stride = n ? stride1 / n : 0;
}

int StrideTable::configure(const Vector<String> &conf, Element *e, bool outputs, ErrorHandler *errh) {
    int n = e->nports(outputs);
    if (conf.size() != n)
        return errh->error("need %d arguments, one per %s port", n, outputs ? "output" : "input");
    _ports.assign(n);
    for (int i = 0; i < n; ++i) {
        int tickets;
        if (!cp_integer(conf[i], &tickets))
            return errh->error("argument %d should be number of tickets (integer)", i);
        if (tickets < 0)
            return errh->error("argument %d (number of tickets) must be >= 0", i);
        if (tickets > max_tickets) {
            errh->warning("%s %d's tickets reduced to %d", outputs ? "output" : "input", i, (int) max_tickets);
            tickets = max_tickets;
        }
        _ports[i].tickets = tickets;
        _ports[i].stride = _ports[i].pass = tickets ? stride1 / tickets : 0;
    }
    return 0;
}

namespace {
typedef StrideTable *(*Finder)(Element *);
/** The table is the first thing that a handler's port number stands behind: the finder is kept in the handler's write data. */
int handle(int op, String &s, Element *e, const Handler *h, ErrorHandler *errh) {
    StrideTable *t = ((Finder) h->write_user_data())(e);
    int port = (int) (uintptr_t) h->read_user_data(), n;
    if (op == Handler::f_read) {
        s = String(t->tickets(port));
        return 0;
    }
    if (!cp_integer(cp_uncomment(s), &n))
        return errh->error("tickets value must be integer");
    if (n < 0 || n > 1 << 15)
        return errh->error("tickets value must be between 0 and %d", 1 << 15);
    t->set_tickets(port, n);
    return 0;
}
}

void StrideTable::add_handlers(Element *e, Finder of) {
    for (int i = 0; i < size(); ++i)
        e->set_handler("tickets" + String(i), Handler::f_read | Handler::f_write, handle, (const void *) (uintptr_t) i, (const void *) of);
}

CLICK_ENDDECLS
