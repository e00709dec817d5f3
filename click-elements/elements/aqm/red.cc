#include <click/config.h>
#include "red.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <click/routervisitor.hh>
#include <click/straccum.hh>
CLICK_DECLS

int RED::configure(Vector<String> &conf, ErrorHandler *errh) {
    unsigned min = 0, max = 0, stability = 4;
    double p = 0;
    bool gentle = true;
    String queues;
    if (Args(conf, this, errh).read_mp("MIN_THRESH", min).read_mp("MAX_THRESH", max).read_mp("MAX_P", p).read("QUEUES", AnyArg(), queues)
            .read("STABILITY", stability).read("GENTLE", gentle).complete() < 0)
        return -1;
    if (min > max)
        return errh->error("MIN_THRESH must be <= MAX_THRESH");
    if (max > 1 << 24)
        return errh->error("MAX_THRESH too large");
    if (p < 0 || p > 1)
        return errh->error("MAX_P must be between 0 and 1");
    if (stability > 16)
        return errh->error("STABILITY must be between 0 and 16");
    Vector<String> words;
    Vector<Element *> elements;
    cp_spacevec(queues, words);
    bool ok = true;
    for (const String &w : words) {
        Element *e = router()->find(w, this, errh);
        if (e && !e->cast("Storage")) {
            errh->error("%<%s%> is not a Storage element", w.c_str());
            e = nullptr;
        }
        ok &= e != nullptr;
        elements.push_back(e);
    }
    if (!ok)
        return -1;
    _min = min, _max = max, _stability = stability, _gentle = gentle;
    _max_p = (uint64_t) (p * 65536 + 0.5);
    if (!words.empty()) {
        _queues = elements;
        _given = true;
        _storages.clear();
        for (Element *e : _queues) _storages.push_back((Storage *) e->cast("Storage"));
    }
    return 0;
}

/** The nearest queues that packets reach from here, or come from. */
bool RED::find_queues(bool downstream) {
    ElementCastTracker found(router(), "Storage");
    router()->visit(this, downstream, 0, &found);
    for (Element *e : found.elements()) {
        _queues.push_back(e);
        _storages.push_back((Storage *) e->cast("Storage"));
    }
    return !_queues.empty();
}

int RED::initialize(ErrorHandler *errh) { return _given || find_queues(input_is_push(0)) ? 0 : errh->error("no nearby Queues"); }

void RED::take_state(Element *old, ErrorHandler *) {
    if (RED *r = (RED *) old->cast("RED"))
        _average = r->_average, _since_drop = r->_since_drop;
}

int RED::length() const {
    int n = 0;
    for (const Storage *s : _storages) n += s->size();
    return n;
}

bool RED::should_drop() {
    _average += (((int64_t) length() << scale) - _average) / (1 << _stability);
    int64_t low = (int64_t) _min << scale, high = (int64_t) _max << scale;
    if (_average <= low) {
        _since_drop = -1;
        return false;
    }
    uint64_t p;          // of 2^16
    if (_average <= high && high > low)
        p = _max_p * (uint64_t) (_average - low) / (uint64_t) (high - low);
    else if (_gentle && _average < 2 * high)
        p = _max_p + (65536 - _max_p) * (uint64_t) (_average - high) / (uint64_t) high;
    else
        p = 65536;
    // Spread drops evenly: p / (1 - n p) after n packets that were not dropped.
    ++_since_drop;
    uint64_t used = p * (uint64_t) _since_drop;
    if (used + p >= 65536 || (uint64_t) (click_random() >> 16) * (65536 - used) < p * 65536) {
        _since_drop = 0;
        return true;
    }
    return false;
}

Packet *RED::pull(int) {
    Packet *p;
    while ((p = input(0).pull()) && !(p = simple_action(p))) {}
    return p;
}

enum { h_drops, h_queues, h_stats, h_average, h_max_p };

String RED::read(Element *e, void *data) {
    RED *r = static_cast<RED *>(e);
    StringAccum sa;
    switch ((uintptr_t) data) {
    case h_queues:
        for (Element *q : r->_queues) sa << q->name() << '\n';
        return sa.take_string();
    case h_stats:
        sa << r->length() << " current queue\n" << r->_average / (1 << scale) << " avg queue\n" << r->_drops << " drops\n";
        return sa.take_string();
    case h_average: return String(r->_average / (double) (1 << scale));
    default: sa.snprintf(32, "%.4g", r->_max_p / 65536.0); return sa.take_string();
    }
}

void RED::add_handlers() {
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("min_thresh", Handler::f_read, &_min);
    add_data_handlers("max_thresh", Handler::f_read, &_max);
    add_read_handler("max_p", read, h_max_p);
    add_write_handler("min_thresh", reconfigure_keyword_handler, "0 MIN_THRESH");
    add_write_handler("max_thresh", reconfigure_keyword_handler, "1 MAX_THRESH");
    add_write_handler("max_p", reconfigure_keyword_handler, "2 MAX_P");
    add_read_handler("avg_queue_size", read, h_average);
    add_read_handler("stats", read, h_stats);
    add_read_handler("queues", read, h_queues);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RED)
