#include <click/config.h>
#include "drrsched.hh"
CLICK_DECLS

int DRRSched::initialize(ErrorHandler *) {
    _inputs.assign(ninputs());
    for (int i = 0; i < ninputs(); ++i)
        _inputs[i].signal = Notifier::upstream_empty_signal(this, i);
    return 0;
}

void DRRSched::cleanup(CleanupStage) {
    for (Input &in : _inputs)
        if (in.head) {
            in.head->kill();
            in.head = nullptr;
        }
}

Packet *DRRSched::pull(int) {
    // Ends: while any input has a packet, each round adds to its deficit.
    for (int empty = 0, n = ninputs(); empty < n; ) {
        Input &in = _inputs[_next];
        if (!in.head)
            in.head = in.signal ? input(_next).pull() : nullptr;
        if (!in.head) {
            in.deficit = 0;
            ++empty;
        } else if (in.head->length() <= in.deficit) {
            Packet *p = in.head;
            in.head = nullptr;
            in.deficit -= p->length();
            return p;
        } else
            empty = 0;
        _next = _next + 1 == n ? 0 : _next + 1;
        _inputs[_next].deficit += _quantum;
    }
    return nullptr;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(DRRSched)
