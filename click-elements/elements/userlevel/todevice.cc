#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include "todevice.hh"
#include <click/master.hh>
#include "fromdevice.hh"
#include "ringupgrade.hh"
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int ToDevice::configure(Vector<String> &conf, ErrorHandler *errh) {
    bool debug = false;
    return Args(conf, this, errh).read_mp("DEVNAME", _options.device).read("BURST", BoundedIntArg(1, frameio::max_burst), _burst)
        .read("METHOD", frameio::MethodArg(), _method).read("GSO", frameio::GsoArg(), _gso).read("DEBUG", debug).complete();
}

int ToDevice::initialize(ErrorHandler *errh) {
    // A device has one AF_XDP socket for both ways; the rings of packet sockets are worth their memory only where asked for.
    if (_method == frameio::pcap)
        _method = frameio::automatic;
    for (int i = 0; _method == frameio::automatic && i < router()->nelements(); ++i)
        if (void *e = router()->element(i)->cast("FromDevice")) {
            const FromDevice *f = static_cast<FromDevice *>(e);
            if (f->device() == _options.device && f->method() == frameio::xdp)
                _method = frameio::xdp;
        }
    if (frameio::find_device(_options, errh) < 0)
        return -1;
    _promised = hotswap_element();
    if (!_promised && open(errh) < 0)
        return -1;
    _wait.initialize(this);
    _look.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    return 0;
}

int ToDevice::open(ErrorHandler *errh) {
    if (frameio::find_device(_options, errh) < 0)
        return -1;
    _sender = frameio::make_sender(_method);
    _may_upgrade = _method == frameio::automatic;
    _upgraded = false;
    if (_gso)
        _together = new frameio::GsoSender;
    if (_sender->open(_options, errh) == 0 && (!_gso || _together->open(_options, _gso, errh) == 0))
        return 0;
    close();
    return -1;
}

void ToDevice::close() {
    delete _sender;
    delete _together;
    _sender = nullptr, _together = nullptr;
}

/** As FromDevice does it. */
Element *ToDevice::hotswap_element() const {
    const Router *old = router()->hotswap_router();
    ToDevice *found = nullptr;
    for (int i = 0; old && i < old->nelements(); ++i)
        if (ToDevice *t = static_cast<ToDevice *>(old->element(i)->cast("ToDevice")))
            if ((t->_sender || _promised) && t->_method == _method && t->_gso == _gso && t->_options.ifindex == _options.ifindex) {
                found = t;
                if (t->_sender)
                    break;
            }
    return found;
}

void ToDevice::take_state(Element *e, ErrorHandler *errh) {
    ToDevice *old = static_cast<ToDevice *>(e);
    if (_sender)
        return;
    _sender = old->_sender, _together = old->_together, _may_upgrade = old->_may_upgrade, _upgraded = old->_upgraded;
    old->_sender = nullptr, old->_together = nullptr;
    if (_together)
        _together->frames = _together->packets = 0;
    // What there was no room for goes on waiting: it was counted as pulled, and nobody else has it.
    _nwaiting = old->_nwaiting;
    memcpy(_waiting, old->_waiting, _nwaiting * sizeof *_waiting);
    old->_nwaiting = 0;
    if (!_sender && open(errh) < 0)
        _look.schedule_after_msec(gone_poll_ms);
}

void ToDevice::cleanup(CleanupStage) {
    while (_nwaiting)
        _waiting[--_nwaiting]->kill();
    close();
}

/** The first @a n waiting packets are done with: sent (0) or not (1). */
void ToDevice::done(int n, int port) {
    BatchBuilder b;
    for (int i = 0; i < n; ++i)
        b.append(_waiting[i]);
    _nwaiting -= n;
    memmove(_waiting, _waiting + n, _nwaiting * sizeof(Packet *));
    (port ? _drops : _count) += n;
    if (n)
        checked_output_push_batch(port, b.finish());
}

void ToDevice::look_at_load() {
    Timestamp now = Timestamp::recent_steady();
    bool busy = _busy_since && now - _busy_since < Timestamp::make_msec(busy_ms);
    _busy_from = singles(), _busy_since = now;
    if (!busy)
        return;
    _may_upgrade = false;
    if (frameio::may_open(this))
        change_sender(frameio::xdp);
}

/** To another way of sending, if it can be had. */
void ToDevice::change_sender(frameio::Method method) {
    frameio::Options o = _options;
    frameio::Sender *next = frameio::make_sender(method);
    o.send_only = true;
    if (next->open(o, ErrorHandler::silent_handler()) < 0) {
        delete next;
        return;
    }
    frameio::RingUpgrade::close_later(_sender->give_fd());
    delete _sender;
    _sender = next;
    _upgraded = method == frameio::xdp;
}

void ToDevice::trouble(int error) {
    if (error == E2BIG && _upgraded) {          // somebody has raised the MTU: LINUX takes what the device takes
        change_sender(frameio::linux_socket);
        if (!_upgraded)
            return;
    }
    if (!frameio::device_trouble(error)) {
        done(1, 1);             // this one can never be sent: too long, too short
        return;
    }
    char name[IF_NAMESIZE];
    if (_sender && !if_indextoname(_options.ifindex, name)) {
        const bool may_open = frameio::may_open(this);
        close();
        if (may_open && open(ErrorHandler::silent_handler()) == 0) {
            click_chatter("%s: %s: it was made anew", declaration().c_str(), _options.device.c_str());
            return;
        }
        click_chatter("%s: %s: %s; packets for it will be dropped%s", declaration().c_str(), _options.device.c_str(), strerror(ENODEV), may_open ? " until it is back" : "");
        if (may_open)
            _look.schedule_after_msec(gone_poll_ms);
    }
    done(_nwaiting, 1);
}

void ToDevice::run_timer(Timer *) {
    if (open(ErrorHandler::silent_handler()) < 0)
        _look.schedule_after_msec(gone_poll_ms);
    else
        click_chatter("%s: %s: it is back", declaration().c_str(), _options.device.c_str());
}

int ToDevice::send() {
    return !_sender ? -ENODEV : _together ? _together->send(*_sender, _waiting, _nwaiting) : _sender->send(_waiting, _nwaiting);
}

void ToDevice::flush() {
    while (_nwaiting) {
        int n = send();
        if (n < 0)
            trouble(-n);
        else if (n) {
            done(n, 0);
            if (unlikely(_may_upgrade) && singles() - _busy_from >= busy_packets)
                look_at_load();
        }
        else
            return;
    }
}

bool ToDevice::run_task(Task *) {
    if (_nwaiting < _burst) {
        ++_pulls;
        const int before = _nwaiting;
        if (PacketBatch *b = input(0).pull_batch((unsigned) (_burst - _nwaiting)))
            FOR_EACH_PACKET_SAFE(b, p)
                _waiting[_nwaiting++] = p;
        if (_together)
            _together->gather(_waiting + before, _nwaiting - before);
    }
    bool any = _nwaiting;
    if (any) {
        flush();
        if (_nwaiting) {
            // No room. With the queueing discipline bypassed the socket may be writable and the device full, so a
            // short wait serves better than POLLOUT.
            _wait.schedule_after(Timestamp::make_usec(200));
            return true;
        }
    }
    if (any || _signal)
        _task.fast_reschedule();
    return any;
}

String ToDevice::read(Element *e, void *data) {
    ToDevice *td = static_cast<ToDevice *>(e);
    switch ((uintptr_t) data) {
    case 0: return String(td->_sender != nullptr);
    case 1: return td->_sender ? td->_sender->describe() : String(frameio::name_of(td->_method));
    case 2: return String(td->_nwaiting > 0);
    case 3: return String(td->_together ? td->_together->frames : 0);
    case 4: return String(td->_together ? td->_together->packets : 0);
    default: return String((bool) td->_signal);
    }
}

int ToDevice::reset(const String &, Element *e, void *, ErrorHandler *) {
    ToDevice *td = static_cast<ToDevice *>(e);
    td->_count = td->_drops = td->_pulls = td->_busy_from = 0;
    if (td->_together)
        td->_together->frames = td->_together->packets = 0;
    return 0;
}

void ToDevice::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("pulls", Handler::f_read, &_pulls);
    static const char *const names[] = {"alive", "method", "q", "gso_frames", "gso_packets", "signal"};
    for (int i = 0; i < 6; ++i)
        add_read_handler(names[i], read, i);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(ToDevice)
