#include <click/config.h>
#include "ratedsource.hh"
#include "elements/standard/sourcepacket.hh"
#include <click/error.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int RatedSource::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint32_t rate = 10;
    uint64_t bandwidth = 0;
    bool has_bandwidth;
    int unused = -1;
    _data = String();
    _data.append_fill(0, 64);
    if (Args(conf, this, errh).read_p("DATA", _data).read_p("RATE", rate).read_p("LIMIT", _limit).read_p("ACTIVE", _active)
            .read("LENGTH", BoundedIntArg(-1, 65535), _length).read("DATASIZE", BoundedIntArg(-1, 65535), unused)
            .read("BANDWIDTH", ByteRateArg(), bandwidth).read_status(has_bandwidth).read("STOP", _stop).complete() < 0)
        return -1;
    if (_length < 0)
        _length = unused;
    uint64_t length = _length >= 0 ? _length : _data.length();
    set_rate(!has_bandwidth ? rate : length ? bandwidth / length : 0);
    return 0;
}

int RatedSource::initialize(ErrorHandler *errh) {
    if (!replace_source_packet(_packet, _data, _length))
        return errh->error("out of memory");
    _timer.initialize(this);
    if (output_is_push(0)) {
        ScheduleInfo::initialize_task(this, &_task, _active, errh);
        _nonfull = Notifier::downstream_full_signal(this, 0, &_task);
    }
    return 0;
}

void RatedSource::cleanup(CleanupStage) {
    if (_packet)
        _packet->kill();
    _packet = nullptr;
}

PacketBatch *RatedSource::due(unsigned max) {
    if (!_active)
        return nullptr;
    if (done()) {
        if (_stop && !_stopped) {
            _stopped = true;
            router()->please_stop_driver();
        }
        return nullptr;
    }
    _bucket.fill(Timestamp::recent_steady());
    unsigned n = std::min(max, _bucket.tokens());
    if (_limit >= 0 && _limit - _count < n)
        n = (unsigned) (_limit - _count);
    PacketBatch *b = n ? BatchBuilder::clones(_packet, n) : nullptr;
    if (b) {
        _bucket.take(b->count());
        _count += b->count();
        Timestamp now = Timestamp::now();
        FOR_EACH_PACKET(b, p) p->timestamp_anno() = now;
    }
    return b;
}

bool RatedSource::run_task(Task *) {
    if (!_active || !_nonfull)
        return false;
    PacketBatch *b = due(BATCH_MAX_PULL);
    if (!done() && !_bucket.tokens())
        _timer.schedule_after(_bucket.until(true));
    else if (!done() || (_stop && !_stopped))
        _task.fast_reschedule();
    if (b)
        output(0).push_batch(b);
    return b;
}

enum { h_data, h_length, h_rate, h_limit, h_active, h_reset };

String RatedSource::read(Element *e, void *data) {
    RatedSource *r = static_cast<RatedSource *>(e);
    switch ((uintptr_t) data) {
    case h_data: return r->_data;
    case h_length: return String(r->_length);
    default: return String(r->_bucket.rate());
    }
}

int RatedSource::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    RatedSource *r = static_cast<RatedSource *>(e);
    String s = cp_uncomment(text);
    uint32_t rate;
    switch ((uintptr_t) data) {
    case h_data: r->_data = text; break;
    case h_length: if (!BoundedIntArg(-1, 65535).parse(s, r->_length, ArgContext(e, errh))) return errh->error("invalid length"); break;
    case h_rate:
        if (!IntArg().parse(s, rate)) return errh->error("syntax error");
        r->set_rate(rate);
        break;
    case h_limit: if (!IntArg().parse(s, r->_limit)) return errh->error("syntax error"); break;
    case h_active: if (!cp_bool(s, &r->_active)) return errh->error("syntax error"); break;
    default: r->_count = 0; break;
    }
    if ((uintptr_t) data <= h_length && !replace_source_packet(r->_packet, r->_data, r->_length))
        return errh->error("out of memory");
    r->_stopped = false;
    if (r->output_is_push(0) && r->_active && !r->done())
        r->_task.reschedule();
    return 0;
}

void RatedSource::add_handlers() {
    add_read_handler("data", read, h_data, Handler::f_calm);
    add_write_handler("data", write, h_data, Handler::f_raw);
    add_read_handler("rate", read, h_rate);
    add_write_handler("rate", write, h_rate);
    add_data_handlers("limit", Handler::f_read | Handler::f_calm, &_limit);
    add_write_handler("limit", write, h_limit);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write, h_active);
    add_data_handlers("count", Handler::f_read, &_count);
    add_write_handler("reset", write, h_reset, Handler::f_button);
    add_read_handler("length", read, h_length);
    add_write_handler("length", write, h_length);
    add_read_handler("datasize", read, h_length, Handler::f_deprecated);
    add_write_handler("datasize", write, h_length, Handler::f_deprecated);
    if (output_is_push(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RatedSource)
