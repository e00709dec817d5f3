#include <click/config.h>
#include "meter.hh"
#include <click/error.hh>
#include <click/straccum.hh>
#include "elements/standard/ratelimit.hh"
CLICK_DECLS

int Meter::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (conf.size() != noutputs() - 1)
        return errh->error("need %d arguments, one less than the number of output ports", noutputs() - 1);
    _meters.clear();
    for (int i = 0; i < conf.size(); ++i) {
        uint64_t rate;
        uint32_t packets = 0;
        ArgContext context(this, errh);
        if (_bandwidth ? !ByteRateArg().parse(conf[i], rate, context) : !IntArg().parse(conf[i], packets, ArgContext()))
            return errh->error("argument %d should be %s", i + 1, _bandwidth ? "rate (bandwidth)" : "rate (integer)");
        if (!_bandwidth)
            rate = packets;
        if (i && rate <= _meters.back())
            return errh->error("rate %d must be > rate %d", i + 1, i);
        _meters.push_back(rate);
    }
    return 0;
}

/** Let the milliseconds that are over count. */
inline void Meter::update() {
    int64_t ms = Timestamp::recent_steady().msecval();
    if (ms == _ms)
        return;
    _average += (int64_t) ((_current << scale) - _average) >> shift;
    if (ms - _ms > 400 || ms < _ms)
        _average = 0;
    else
        for (int64_t idle = ms - _ms - 1; idle > 0 && _average; --idle) _average -= (_average >> shift) + !(_average >> shift);
    _current = 0, _ms = ms;
}

inline int Meter::choose(uint64_t n) {
    update();
    _current += n;
    uint64_t rate = (_average * 1000) >> scale;
    int o = 0;
    while (o < _meters.size() && rate >= _meters[o]) ++o;
    return o;
}

void Meter::push_batch(int, PacketBatch *b) {
    uint64_t n = b->count();
    if (_bandwidth) {
        n = 0;
        FOR_EACH_PACKET(b, p) n += p->length();
    }
    output(choose(n)).push_batch(b);
}

String Meter::read(Element *e, void *data) {
    Meter *m = static_cast<Meter *>(e);
    StringAccum sa;
    if (!data) {
        m->update();
        sa.snprintf(32, "%.3f", (double) m->_average * 1000 / (1 << scale));
    } else
        for (uint64_t rate : m->_meters) sa << rate << '\n';
    return sa.take_string();
}

void Meter::add_handlers() {
    add_read_handler("rate", read, 0);
    add_read_handler("meters", read, 1);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Meter)
