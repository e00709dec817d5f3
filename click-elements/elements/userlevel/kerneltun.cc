#include <click/config.h>
#include "kerneltun.hh"
#include <click/error.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int KernelTun::configure(Vector<String> &conf, ErrorHandler *errh) {
    TunDevice::Settings &s = _settings;
    s.tap = strcmp(class_name(), "KernelTap") == 0;
    struct Prefix { IPAddress address, mask; } net;
    struct PrefixArg { static bool parse(const String &t, Prefix &p, const ArgContext &a) { return IPPrefixArg().parse(t, p.address, p.mask, a); } };
    if (Args(conf, this, errh).read_mp("ADDR", PrefixArg(), net).read_p("GATEWAY", s.gateway).read("HEADROOM", s.headroom).read("ETHER", s.ether)
            .read("MTU", s.mtu).read("BURST", BoundedIntArg(1, max_burst), _burst).read("IGNORE_QUEUE_OVERFLOWS", _ignore_overflows)
            .read("DEVNAME", s.name).read("DEV_NAME", s.name).complete() < 0)
        return -1;
    s.address = net.address, s.mask = net.mask;
    if (s.gateway && (s.gateway.addr() ^ s.address.addr()) & s.mask.addr())
        return errh->error("bad GATEWAY");
    if (s.mtu <= 20 || s.mtu > 65521)
        return errh->error("MTU must be greater than 20%s", s.mtu > 20 ? ", and at most 65521" : "");
    if (s.headroom < 0 || s.headroom > 512)
        return errh->error("HEADROOM too big");
    return 0;
}

int KernelTun::initialize(ErrorHandler *errh) {
    _read_more.initialize(this, false);
    _promised = hotswap_element();
    if (!_promised && open(errh) < 0)
        return -1;
    if (input_is_pull(0)) {
        ScheduleInfo::initialize_task(this, &_task, errh);
        _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    }
    return 0;
}

int KernelTun::open(ErrorHandler *errh) { return _device.open(_settings, errh) < 0 ? -1 : add_select(_device.fd(), SELECT_READ); }

/** The element of the router before that has the interface wanted here. */
Element *KernelTun::hotswap_element() const {
    const Router *old = router()->hotswap_router();
    KernelTun *found = nullptr;
    for (int i = 0; old && i < old->nelements(); ++i) {
        KernelTun *k = static_cast<KernelTun *>(old->element(i)->cast(class_name()));
        if (k && (k->_device.fd() >= 0 || _promised) && k->_settings == _settings && (!found || found->_device.fd() < 0))
            found = k;
    }
    return found;
}

void KernelTun::take_state(Element *e, ErrorHandler *errh) {
    KernelTun *old = static_cast<KernelTun *>(e);
    if (_device.fd() >= 0)
        return;
    if (old->_device.fd() < 0) {
        open(errh);
        return;
    }
    old->remove_select(old->_device.fd(), SELECT_READ);
    _device.take(old->_device);
    add_select(_device.fd(), SELECT_READ);
    _read_more.reschedule();
}

void KernelTun::cleanup(CleanupStage) {
    if (_device.fd() >= 0)
        remove_select(_device.fd(), SELECT_READ);
    _device.close();
}

void KernelTun::selected(int, int) {
    ++_selected;
    if (receive())
        _read_more.reschedule();
}

bool KernelTun::again(Task *t, void *e) {
    bool more = static_cast<KernelTun *>(e)->receive();
    if (more)
        t->fast_reschedule();
    return more;
}

/** One batch. True if it was a full one. */
bool KernelTun::receive() {
    BatchBuilder all, ip, rest;
    int got = _device.fd() >= 0 ? _device.receive(_burst, all) : 0;
    if (got < 0) {
        click_chatter("%s: %s: %s; no packets will be read", declaration().c_str(), _device.name().c_str(), strerror(-got));
        remove_select(_device.fd(), SELECT_READ);
        return false;
    }
    PacketBatch *batch = all.finish();
    if (!batch)
        return false;
    _packets += got;
    Timestamp now = Timestamp::recent();
    FOR_EACH_PACKET_SAFE(batch, p) {
        p->set_timestamp_anno(now);
        bool good = _settings.tap ? p->length() >= 14 : TunDevice::mark_ip(p);
        if (good && _settings.tap)
            p->set_mac_header(p->data(), 14);
        (good ? ip : rest).append(p);
    }
    if (PacketBatch *b = ip.finish())
        output(0).push_batch(b);
    if (PacketBatch *b = rest.finish())
        checked_output_push_batch(1, b);
    return got >= _burst;
}

void KernelTun::send(Packet *p) {
    int error = p->length() > (uint32_t) _settings.mtu + (_settings.tap ? 18 : 0) ? -EMSGSIZE : _device.fd() < 0 ? -ENODEV : _device.send(p);
    if (error < 0) {
        ++_drops;
        bool overflow = error == -ENOBUFS || error == -EAGAIN;
        if (!overflow || !_ignore_overflows || !_told_overflow)
            click_chatter("%s: %s: packet of %u bytes: %s", declaration().c_str(), _device.name().c_str(), p->length(), strerror(-error));
        _told_overflow |= overflow;
    }
}

void KernelTun::push(int, Packet *p) {
    send(p);
    p->kill();
}

void KernelTun::push_batch(int, PacketBatch *batch) {
    FOR_EACH_PACKET(batch, p)
        send(p);
    batch->kill();
}

bool KernelTun::run_task(Task *) {
    PacketBatch *b = input(0).pull_batch((unsigned) _burst);
    if (b || _signal)
        _task.fast_reschedule();
    if (b)
        push_batch(0, b);
    return b;
}

String KernelTun::read_name(Element *e, void *) { return static_cast<KernelTun *>(e)->_device.name(); }

void KernelTun::add_handlers() {
    add_read_handler("dev_name", read_name, 0);
    add_data_handlers("packets", Handler::f_read, &_packets);
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("selected_calls", Handler::f_read, &_selected);
    if (input_is_pull(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(KernelTun)
