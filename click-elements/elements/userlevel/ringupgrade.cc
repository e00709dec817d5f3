#include <click/config.h>
#include "ringupgrade.hh"
#include <click/error.hh>
#include <linux/filter.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
CLICK_DECLS
namespace frameio {

void *RingUpgrade::run(void *arg) {
    RingUpgrade *u = static_cast<RingUpgrade *>(arg);
    u->_good = u->_ring->prepare(u->_options, ErrorHandler::silent_handler()) == 0;
    uint64_t one = 1;
    (void) !write(u->_event, &one, sizeof one);
    return nullptr;
}

bool RingUpgrade::begin() {
    _event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return _running = _event >= 0 && pthread_create(&_thread, nullptr, run, this) == 0;
}

RingUpgrade::~RingUpgrade() {
    if (_running) pthread_join(_thread, nullptr);
    if (_event >= 0) close(_event);
    delete _ring;
}

/** Nothing reaches the socket's queue from here on. */
static bool deafen(int fd) {
    struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
    struct sock_fprog filter = {1, &nothing};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

RingReceiver *RingUpgrade::finish(Receiver *old) {
    pthread_join(_thread, nullptr);
    _running = false;
    if (!_good || _ring->start(_options, ErrorHandler::silent_handler()) < 0 || !deafen(old->fd()))
        return nullptr;
    RingReceiver *r = _ring;
    _ring = nullptr;
    return r;
}

static void *close_it(void *fd) {
    close((int) (intptr_t) fd);
    return nullptr;
}

void RingUpgrade::close_later(int fd) {
    pthread_t t;
    if (pthread_create(&t, nullptr, close_it, (void *) (intptr_t) fd) == 0) pthread_detach(t);
    else close(fd);
}

uint64_t RingUpgrade::Twins::hash(const Packet *p) {
    uint64_t h = p->length();
    for (uint32_t i = 0, n = p->length() < 256 ? p->length() : 256; i < n; ++i)
        h = (h ^ p->data()[i]) * 0x100000001B3;
    return h;
}

bool RingUpgrade::Twins::take(const Packet *p) {
    uint64_t h = hash(p);
    unsigned first = _n > size ? _n - size : 0;
    for (unsigned i = first; i < _n; ++i)
        if (_seen[i % size] == h) {
            _seen[i % size] = 0;
            return true;
        }
    return false;
}

}
CLICK_ENDDECLS
