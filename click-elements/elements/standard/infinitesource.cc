#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include "infinitesource.hh"
#include "elements/standard/sourcepacket.hh"
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int InfiniteSource::configure(Vector<String> &conf, ErrorHandler *errh) {
    _data = String();
    _data.append_fill(0, 64);
    return Args(conf, this, errh).read_p("DATA", _data).read_p("LIMIT", _limit).read_p("BURST", BoundedIntArg(1, (int) most_burst), _burst).read_p("ACTIVE", _active)
        .read("LENGTH", BoundedIntArg(0, 65535), _length).read("STOP", _stop).read("TIMESTAMP", _timestamp).complete();
}

void *InfiniteSource::port_cast(bool isoutput, int port, const char *name) {
    return isoutput && port == 0 && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0 ? static_cast<Notifier *>(&_nonempty) : Element::port_cast(isoutput, port, name);
}

int InfiniteSource::initialize(ErrorHandler *errh) {
    if (!replace_source_packet(_packet, _data, _length))
        return errh->error("out of memory");
    if (output_is_push(0)) {
        ScheduleInfo::initialize_task(this, &_task, _active, errh);
        _nonfull = Notifier::downstream_full_signal(this, 0, &_task);
    }
    return 0;
}

void InfiniteSource::cleanup(CleanupStage) {
    if (_packet)
        _packet->kill();
    _packet = nullptr;
}

Packet *InfiniteSource::next() {
    Packet *p = _packet->clone();
    if (p && _timestamp)
        p->timestamp_anno() = Timestamp::now();
    ++_count;
    return p;
}

bool InfiniteSource::run_task(Task *) {
    if (!_active)
        return false;
    int n = 0;
    if (_burst == 1) {
        if (!done() && _nonfull && ++n)
            if (Packet *p = next())
                output(0).push(p);
    } else if (_nonfull) {
        n = (int) within_limit((unsigned) _burst);
        if (PacketBatch *b = n > 0 ? next_batch((unsigned) n) : nullptr)
            output(0).push_batch(b);
    }
    if (!done()) {
        if (n || _nonfull)
            _task.fast_reschedule();
    } else if (_stop)
        router()->please_stop_driver();
    return n;
}

/** @a n packets, fewer if memory is out. */
PacketBatch *InfiniteSource::next_batch(unsigned n) {
    PacketBatch *b = BatchBuilder::clones(_packet, n);
    _count += n;
    if (b && _timestamp)
        FOR_EACH_PACKET(b, p) p->timestamp_anno() = Timestamp::now();
    return b;
}

PacketBatch *InfiniteSource::pull_batch(int port, unsigned max) {
    if (!_active || done())
        return PacketBatch::make_from_packet(pull(port));       // none, and it is said
    return next_batch(within_limit(max));
}

Packet *InfiniteSource::pull(int) {
    if (!_active || done()) {
        _nonempty.sleep();
        if (_active && _stop && !_stopped) {      // once: each request is a step of a driver script
            _stopped = true;
            router()->please_stop_driver();
        }
        return nullptr;
    }
    return next();
}

int InfiniteSource::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    InfiniteSource *is = static_cast<InfiniteSource *>(e);
    String word = cp_uncomment(s);
    int n;
    switch ((uintptr_t) data) {
    case h_reset: is->_count = 0; break;
    case h_active:
        if (!cp_bool(word, &is->_active)) return errh->error("active parameter must be boolean");
        break;
    case h_data: is->_data = s; break;
    case h_length:
        if (!cp_integer(word, &n) || n < -1 || n > 65535) return errh->error("length must be integer");
        is->_length = n;
        break;
    case h_limit:
        if (!cp_integer(word, &is->_limit)) return errh->error("limit parameter must be integer");
        break;
    default:
        if (!cp_integer(word, &n) || n < 1 || n > most_burst) return errh->error("burstsize parameter must be integer >= 1");
        is->_burst = n;
    }
    if (((uintptr_t) data == h_data || (uintptr_t) data == h_length) && !replace_source_packet(is->_packet, is->_data, is->_length))
        return errh->error("out of memory");
    is->_stopped = false;
    if (!is->_active || is->done())
        return 0;
    if (is->output_is_push(0))
        is->_task.reschedule();
    else
        is->_nonempty.wake();
    return 0;
}

String InfiniteSource::read_data_text(Element *e, void *) { return static_cast<InfiniteSource *>(e)->_data; }

void InfiniteSource::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_data_handlers("length", Handler::f_read, &_length);
    add_data_handlers("limit", Handler::f_read, &_limit);
    add_data_handlers("burst", Handler::f_read, &_burst);
    add_read_handler("data", read_data_text, 0, Handler::f_raw);
    add_write_handler("active", write, h_active);
    add_write_handler("reset", write, h_reset, Handler::f_button);
    add_write_handler("data", write, h_data, Handler::f_raw);
    add_write_handler("length", write, h_length);
    add_write_handler("limit", write, h_limit);
    add_write_handler("burst", write, h_burst);
    if (output_is_push(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(InfiniteSource)
