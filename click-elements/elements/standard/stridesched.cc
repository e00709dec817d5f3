#include <click/config.h>
#include "stridesched.hh"
CLICK_DECLS

int StrideSched::initialize(ErrorHandler *) {
    for (int i = 0; i < ninputs(); ++i)
        _signals.push_back(Notifier::upstream_empty_signal(this, i));
    _tried.assign(ninputs(), 0);
    return 0;
}

Packet *StrideSched::pull(int) {
    bool again = false;
    Packet *p = nullptr;
    for (int i; !p && (i = _table.next(again ? &_tried : nullptr)) >= 0; ) {
        p = _signals[i] ? input(i).pull() : nullptr;
        _table.took_turn(i);
        _tried[i] = 1;
        again = true;
    }
    if (again)
        memset(_tried.begin(), 0, _tried.size());
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(StrideSched)
