#include <click/config.h>
#include "roundrobinsched.hh"
CLICK_DECLS

int RoundRobinSched::initialize(ErrorHandler *) {
    for (int i = 0; i < ninputs(); ++i)
        _signals.push_back(Notifier::upstream_empty_signal(this, i));
    _given.assign(ninputs(), nullptr);
    return 0;
}

Packet *RoundRobinSched::pull(int) {
    const int n = ninputs();
    for (int tried = 0, i = _next; tried < n; ++tried) {
        Packet *p = _signals[i] ? input(i).pull() : nullptr;
        i = after(i);
        if (p) {
            _next = i;
            return p;
        }
    }
    return nullptr;
}

PacketBatch *RoundRobinSched::pull_batch(int, unsigned max) {
    BatchBuilder b;
    while (b.count() < max)
        if (!pull_round(b, max - b.count())) {
            Packet *p = pull(0);        // those that were asked have none: is there one at all?
            if (!p) break;
            b.append(p);
        }
    return b.finish();
}

/** Ask each input that is not known to be empty for its share of @a wanted packets, and append what they give in the order in
    which single pulls would. */
bool RoundRobinSched::pull_round(BatchBuilder &b, unsigned wanted) {
    unsigned full = 0, given = 0;
    for (const NotifierSignal &signal : _signals)
        full += (bool) signal;
    if (!full) return false;
    const unsigned share = wanted / full;
    unsigned extra = wanted % full, asked = 0;
    int i = _next;
    for (int turn = 0; turn < ninputs(); ++turn, i = after(i)) {
        PacketBatch *some = nullptr;
        if (_signals[i]) {
            unsigned mine = share + (extra ? 1 : 0);
            if (extra) --extra;
            if (mine > wanted - asked) mine = wanted - asked;       // one awoke while others were asked
            asked += mine;
            if (mine) some = input(i).pull_batch(mine);
        }
        _given[i] = some;
        if (some) given += some->count();
    }
    for (unsigned left = given; left; i = after(i))
        if (Packet *p = _given[i]) {
            _given[i] = p->next();
            b.append(p);
            _next = after(i);
            --left;
        }
    return given;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RoundRobinSched)
