#include <click/config.h>
#include "fromhost.hh"
#include <click/error.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int FromHost::configure(Vector<String> &conf, ErrorHandler *errh) {
    TunDevice::Settings &s = _settings, six;
    struct Prefix { IPAddress address, mask; } net;
    struct PrefixArg { static bool parse(const String &t, Prefix &p, const ArgContext &a) { return IPPrefixArg().parse(t, p.address, p.mask, a); } };
    s.tap = true;
    if (Args(conf, this, errh).read_mp("DEVNAME", s.name).read_p("DST", PrefixArg(), net).read("GATEWAY", s.gateway).read("HEADROOM", BoundedIntArg(0, 512), s.headroom)
            .read("ETHER", s.ether).read("MTU", BoundedIntArg(21, 65521), s.mtu).read("DST6", TunPrefix6Arg(), six).complete() < 0)
        return -1;
    s.address = net.address, s.mask = net.mask;
    memcpy(s.address6, six.address6, 16);
    s.prefix6 = six.prefix6;
    if (s.gateway && (s.gateway.addr() ^ s.address.addr()) & s.mask.addr())
        return errh->error("bad GATEWAY");
    return 0;
}

int FromHost::initialize(ErrorHandler *errh) {
    if (!hotswap_element() && open(errh) < 0)
        return -1;
    ScheduleInfo::initialize_task(this, &_task, false, errh);
    _nonfull = Notifier::downstream_full_signal(this, 0, &_task);
    return 0;
}

int FromHost::open(ErrorHandler *errh) { return _device.open(_settings, errh) < 0 ? -1 : add_select(_device.fd(), SELECT_READ); }

Element *FromHost::hotswap_element() const {
    const Router *old = router()->hotswap_router();
    for (int i = 0; old && i < old->nelements(); ++i)
        if (FromHost *f = static_cast<FromHost *>(old->element(i)->cast("FromHost")))
            if (f->_settings == _settings && f->_device.fd() >= 0)
                return f;
    return nullptr;
}

void FromHost::take_state(Element *e, ErrorHandler *) {
    FromHost *old = static_cast<FromHost *>(e);
    if (_device.fd() >= 0)
        return;
    old->remove_select(old->_device.fd(), SELECT_READ);
    _device.take(old->_device);
    add_select(_device.fd(), SELECT_READ);
}

void FromHost::cleanup(CleanupStage) {
    if (_device.fd() >= 0)
        remove_select(_device.fd(), SELECT_READ);
    _device.close();
}

void FromHost::selected(int fd, int) {
    if (!_nonfull) {            // the signal schedules the task, which looks again
        remove_select(fd, SELECT_READ);
        return;
    }
    // One by one, since each may be the one that fills the queue.
    Timestamp now = Timestamp::recent();
    for (int i = 0; i < burst && _nonfull; ++i) {
        BatchBuilder b;
        int got = _device.receive(1, b);
        if (got < 0) {
            click_chatter("%s: %s: %s; no packets will be read", declaration().c_str(), _device.name().c_str(), strerror(-got));
            remove_select(fd, SELECT_READ);
        }
        Packet *p = b.finish();
        if (!p)
            break;
        p->set_timestamp_anno(now);
        p->set_mac_header(p->data(), 14);
        output(0).push(p);
    }
}

bool FromHost::run_task(Task *) {
    if (_nonfull && _device.fd() >= 0)
        add_select(_device.fd(), SELECT_READ);
    return true;
}

String FromHost::read(Element *e, void *data) {
    FromHost *f = static_cast<FromHost *>(e);
    return data ? String((bool) f->_nonfull) : f->_device.name();
}

void FromHost::add_handlers() {
    add_read_handler("dev_name", read, 0);
    add_read_handler("signal", read, 1);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(FromHost)
