#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include "todevice.hh"
#include <click/standard/scheduleinfo.hh>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>
CLICK_DECLS

int ToDevice::configure(Vector<String> &conf, ErrorHandler *errh) {
    String method = "LINUX";
    bool debug = false;
    if (Args(conf, this, errh).read_mp("DEVNAME", _devname).read("BURST", BoundedIntArg(1, max_burst), _burst).read("METHOD", WordArg(), method)
            .read("DEBUG", debug).complete() < 0)
        return -1;
    if (method.upper() != "LINUX" && method.upper() != "DEFAULT")
        return errh->error("METHOD %s is not supported, only LINUX", method.c_str());
    return 0;
}

int ToDevice::initialize(ErrorHandler *errh) {
    _ifindex = if_nametoindex(_devname.c_str());
    if (!_ifindex)
        return errh->error("%s: no such device", _devname.c_str());
    // Protocol 0: this socket receives nothing.
    _fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (_fd < 0)
        return errh->error("%s: packet socket: %s", _devname.c_str(), strerror(errno));
    int on = 1, buffer = 4 << 20;
    setsockopt(_fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    if (setsockopt(_fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof buffer) < 0)
        setsockopt(_fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    struct sockaddr_ll sll = {};
    sll.sll_family = AF_PACKET, sll.sll_ifindex = _ifindex;
    if (bind(_fd, (struct sockaddr *) &sll, sizeof sll) < 0)
        return errh->error("%s: bind: %s", _devname.c_str(), strerror(errno));
    _alive = true;
    _timer.initialize(this);
    ScheduleInfo::initialize_task(this, &_task, errh);
    _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    return 0;
}

void ToDevice::cleanup(CleanupStage) {
    while (_nwaiting)
        _waiting[--_nwaiting]->kill();
    if (_fd >= 0)
        close(_fd);
    _fd = -1;
}

/** Send the first @a n waiting packets; returns how many are done with, sent or given up. */
int ToDevice::send(int n) {
    struct mmsghdr message[max_burst];
    struct iovec vector[max_burst];
    int done = 0;
    while (done < n) {
        for (int i = done; i < n; ++i) {
            vector[i] = {const_cast<unsigned char *>(_waiting[i]->data()), _waiting[i]->length()};
            message[i].msg_hdr = {};
            message[i].msg_hdr.msg_iov = &vector[i], message[i].msg_hdr.msg_iovlen = 1;
        }
        int sent = sendmmsg(_fd, message + done, n - done, MSG_DONTWAIT);
        if (sent > 0) {
            done += sent, _count += sent;
            continue;
        }
        if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR)
            return done;
        if (errno == ENXIO || errno == ENODEV || errno == ENETDOWN) {
            char name[IF_NAMESIZE];
            if (_alive && !if_indextoname(_ifindex, name)) {
                click_chatter("%s: %s: %s; packets for it will be dropped", declaration().c_str(), _devname.c_str(), strerror(errno));
                _alive = false;
            }
            _drops += n - done;
            return n;
        }
        ++_drops, ++done;        // this one can never be sent: too long, too short
    }
    return done;
}

bool ToDevice::run_task(Task *) {
    while (_nwaiting < _burst) {
        Packet *p = input(0).pull();
        if (!p)
            break;
        _waiting[_nwaiting++] = p;
    }
    int n = _nwaiting;
    if (n) {
        int done = send(n);
        for (int i = 0; i < done; ++i)
            _waiting[i]->kill();
        memmove(_waiting, _waiting + done, (n - done) * sizeof(Packet *));
        _nwaiting = n - done;
        if (_nwaiting) {
            // No room. With the queueing discipline bypassed the socket may be writable and the device full, so a
            // short wait serves better than POLLOUT.
            _timer.schedule_after(Timestamp::make_usec(200));
            return done > 0;
        }
    }
    if (n || _signal)
        _task.fast_reschedule();
    return n > 0;
}

int ToDevice::reset(const String &, Element *e, void *, ErrorHandler *) {
    ToDevice *td = static_cast<ToDevice *>(e);
    td->_count = td->_drops = 0;
    return 0;
}

void ToDevice::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("drops", Handler::f_read, &_drops);
    add_data_handlers("alive", Handler::f_read, &_alive);
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
    add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
EXPORT_ELEMENT(ToDevice)
