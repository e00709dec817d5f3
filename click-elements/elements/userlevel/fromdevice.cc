#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <clicknet/ether.h>
#include <click/glue.hh>
#include "fromdevice.hh"
#include <click/master.hh>
#include "bpf.hh"
#include "opener.hh"
#include <click/packet_anno.hh>
#include <click/router.hh>
#include <initializer_list>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
CLICK_DECLS

int FromDevice::configure(Vector<String> &conf, ErrorHandler *errh) {
    String filter, encap;
    if (Args(conf, this, errh).read_mp("DEVNAME", _options.device).read_p("PROMISC", _options.promisc).read_p("SNAPLEN", BoundedIntArg(0, 65536), _snaplen)
            .read("SNIFFER", _sniffer).read("FORCE_IP", _force_ip).read("METHOD", frameio::MethodArg(), _method)
            .read("OUTBOUND", _options.outbound).read("BURST", BoundedIntArg(1, frameio::max_burst), _burst)
            .read("HEADROOM", BoundedIntArg(0, frameio::max_headroom), _options.headroom).read("PROTOCOL", BoundedIntArg(0, 65535), _options.protocol)
            .read("ACTIVE", _active).read("TIMESTAMP", _timestamp).read("COALESCE", BoundedIntArg(0, 1000), _coalesce).read("BPF_FILTER", filter).read("ENCAP", WordArg(), encap).complete() < 0)
        return -1;
    if (filter && _method == frameio::linux_socket)
        errh->warning("BPF_FILTER is ignored with METHOD LINUX");
    else if (filter)
        return errh->error("BPF_FILTER is not supported; put an IPClassifier or Classifier behind");
    if (!_force_ip && noutputs() > 1)
        return errh->error("output 1 is for what FORCE_IP true leaves out");
    _options.router = router();
    return 0;
}

int FromDevice::initialize(ErrorHandler *errh) {
    _task.initialize(this, false);
    _timer.initialize(this);
    if (frameio::find_device(_options, errh) < 0)
        return -1;
    frameio::Opener::note(_options.device, !_sniffer || _method == frameio::xdp);
    _promised = hotswap_element();
    return _promised ? 0 : open(errh);
}

int FromDevice::open(ErrorHandler *errh) {
    if (frameio::find_device(_options, errh) < 0)
        return -1;
    _receiver = frameio::make_receiver(_method, _tally);
    if (_receiver->open(_options, errh) < 0 || (!_sniffer && _method != frameio::xdp && keep_from_kernel(errh) < 0)) {
        close();
        return -1;
    }
    struct ifreq ifr = {};
    memcpy(ifr.ifr_name, _options.device.data(), _options.device.length());
    int s = frameio::question_socket();
    if (s >= 0 && ioctl(s, SIOCGIFHWADDR, &ifr) == 0)
        memcpy(_address, ifr.ifr_hwaddr.sa_data, 6);
    if (s >= 0)
        ::close(s);
    _may_upgrade = _method == frameio::pcap;
    watch(true);
    return 0;
}

void FromDevice::watch(bool on) {
    for (int fd : {_receiver->fd(), _receiver->watch_fd()})
        if (fd >= 0)
            on ? add_select(fd, SELECT_READ) : remove_select(fd, SELECT_READ);
}

void FromDevice::close() {
    _pausing = false;
    end_upgrade();
    if (_receiver) {
        _drops += _receiver->kernel_drops();
        watch(false);
        delete _receiver;
        _receiver = nullptr;
    }
    if (_steal >= 0)
        ::close(_steal);
    _steal = -1;
}

bool FromDevice::apply_program() {
    return !_receiver || frameio::set_program(_receiver->fd(), _options.program) || _options.program < 0;       // there may have been none
}

bool FromDevice::decide(int program) {
    _options.program = program;
    return takes_decisions() && apply_program();
}

/** Packet sockets are served before the hook that this is at. */
int FromDevice::keep_from_kernel(ErrorHandler *errh) {
    _steal = frameio::Opener::in_charge() ? frameio::Opener::drop_ingress(_options.device) : bpf::drop_ingress(_options.ifindex);
    return _steal < 0 ? errh->error("%s: SNIFFER false: %s (it needs Linux 6.6 and the rights to load a program)", _options.device.c_str(), strerror(-_steal)) : 0;
}

void FromDevice::cleanup(CleanupStage) { close(); }

bool FromDevice::is_there(bool *up) const {
    struct ifreq ifr = {};
    int s = frameio::question_socket();
    ifr.ifr_ifindex = _options.ifindex;
    bool there = s >= 0 && ioctl(s, SIOCGIFNAME, &ifr) == 0;
    if (there && up)
        *up = ioctl(s, SIOCGIFFLAGS, &ifr) == 0 && (ifr.ifr_flags & IFF_UP);
    if (s >= 0)
        ::close(s);
    return there;
}

void FromDevice::run_timer(Timer *) {
    bool up = false;
    if (_pausing) {
        _pausing = false;
        add_select(_receiver->fd(), SELECT_READ);
        uint64_t before = _count;
        if (receive())
            _task.reschedule();
        else if (_count == before)
            _dense = false, _dense_since = Timestamp();
        else if (_receiver)
            pause();
        return;
    }
    if (!_receiver) {
        if (open(ErrorHandler::silent_handler()) < 0)
            _timer.schedule_after_msec(gone_poll_ms);
        else
            click_chatter("%s: %s: it is back", declaration().c_str(), _options.device.c_str());
    } else if (!is_there(&up))
        device_gone(ENODEV);
    else if (!up)
        _timer.schedule_after_msec(down_poll_ms);
}

void FromDevice::device_gone(int error) {
    bool sealed = !frameio::may_open(this);
    click_chatter("%s: %s: %s; no packets will be read%s", declaration().c_str(), _options.device.c_str(), strerror(error), sealed ? "" : " until it is back");
    close();
    if (!sealed)
        _timer.schedule_after_msec(gone_poll_ms);
}

/** The kernel reports a device going down once. It may come up again under the same index, or be on its way out: that comes in
    two steps, and the second one is not reported. */
void FromDevice::trouble(int error) {
    bool device = frameio::device_trouble(error);
    if (device && is_there())
        _timer.schedule_after_msec(down_poll_ms);
    else
        device_gone(device ? ENODEV : error);
}

void FromDevice::selected(int fd, int) {
    if (_upgrade && fd == _upgrade->fd())
        upgrade();
    else if (fd == _receiver->watch_fd()) {
        if (int error = frameio::pending_error(fd))
            trouble(-error);
    } else if (receive())
        _task.reschedule();     // a full burst: there is more, but others have their turn first
    else if (_receiver)
        pause();
}

bool FromDevice::run_task(Task *) {
    bool more = receive();
    if (more)
        _task.fast_reschedule();
    return more;
}

/** One batch. True if it was a full one. */
bool FromDevice::receive() {
    BatchBuilder gathered;
    int got = _last_batch = _receiver ? _receiver->receive(_burst, gathered) : 0;
    if (got < 0) {
        trouble(-got);
        return false;
    }
    if (PacketBatch *batch = gathered.finish())
        handle(batch);
    return got >= _burst;
}

void FromDevice::handle(PacketBatch *batch) {
    _count += batch->count();
    if (unlikely(_may_upgrade) && _count - _busy_from >= busy_packets)
        look_at_load();
    if (!_active) {
        batch->kill();
        return;
    }
    Timestamp now = _timestamp ? Timestamp::recent() : Timestamp();
    FOR_EACH_PACKET(batch, p) {
        const unsigned char *d = p->data();
        p->set_timestamp_anno(now);
        p->set_mac_header(d, 14);
        p->set_packet_type_anno(_options.outbound && memcmp(d + 6, _address, 6) == 0 ? Packet::OUTGOING
            : d[0] & 1 ? (EtherAddress(d).is_broadcast() ? Packet::BROADCAST : Packet::MULTICAST)
            : memcmp(d, _address, 6) == 0 ? Packet::HOST : Packet::OTHERHOST);
        if (_snaplen && p->length() > (uint32_t) _snaplen) {
            SET_EXTRA_LENGTH_ANNO(p, p->length() - _snaplen);
            p->take(p->length() - _snaplen);
        }
    }
    if (!_force_ip || (batch = only_ip(batch)))
        output(0).push_batch(batch);
}

/** The IP packets, marked; the others are passed to output 1. */
PacketBatch *FromDevice::only_ip(PacketBatch *batch) {
    BatchBuilder ip, rest;
    FOR_EACH_PACKET_SAFE(batch, p) {
        const unsigned char *d = p->data(), *end = p->end_data();
        uint32_t at = 14;
        if (end - d >= 18 && (d[12] << 8 | d[13]) == ETHERTYPE_8021Q)
            at += 4;
        int type = end - d >= at ? d[at - 2] << 8 | d[at - 1] : 0;
        d += at;
        uint32_t length = (uint32_t) (end - d), header = 0;
        if (type == ETHERTYPE_IP && length >= 20 && d[0] >> 4 == 4 && (d[0] & 15) >= 5 && length >= (d[0] & 15u) * 4)
            header = (d[0] & 15) * 4;
        else if (type == ETHERTYPE_IP6 && length >= 40 && d[0] >> 4 == 6)
            header = 40;
        if (header) {
            p->set_network_header(d, header);
            ip.append(p);
        } else
            rest.append(p);
    }
    if (PacketBatch *b = rest.finish())
        checked_output_push_batch(1, b);
    return ip.finish();
}

String FromDevice::read(Element *e, void *data) {
    FromDevice *fd = static_cast<FromDevice *>(e);
    switch ((uintptr_t) data) {
    case 0: return String(fd->_count);
    case 1: case 2:
        if (fd->_receiver)
            fd->_drops += fd->_receiver->kernel_drops();        // since the last question
        return String(fd->_drops);
    case 3: return String(fd->_tally.oversize);
    case 4: return String(fd->_tally.gso);
    case 5: return "ETHER";
    case 6: return fd->_receiver ? fd->_receiver->describe() : String(frameio::name_of(fd->_method));
    default: return String(fd->_receiver != nullptr);
    }
}

int FromDevice::reset(const String &, Element *e, void *, ErrorHandler *) {
    FromDevice *fd = static_cast<FromDevice *>(e);
    read(e, (void *) 1);
    fd->_count = fd->_drops = fd->_tally.oversize = fd->_tally.gso = 0;
    return 0;
}

void FromDevice::add_handlers() {
    static const char *const names[] = {"count", "drops", "kernel_drops", "oversize", "gso_frames", "encap", "method", "alive"};
    for (int i = 0; i < 8; ++i)
        add_read_handler(names[i], read, i);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
    add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(FromDevice)
