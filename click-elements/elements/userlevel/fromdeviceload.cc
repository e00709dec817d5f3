// FromDevice under load: letting packets gather, going over to a ring, and keeping the socket in a hot swap.
#include <click/config.h>
#include "fromdevice.hh"
#include <click/master.hh>
#include <click/router.hh>
CLICK_DECLS

/** After less than a burst: if packets come fast, let some gather before the next look. */
void FromDevice::pause() {
    if (_count - _dense_from >= dense_packets)
        look_at_density();
    if (!_dense || _pausing || _timer.scheduled() || _last_batch * 2 >= _burst)
        return;
    _pausing = true;
    remove_select(_receiver->fd(), SELECT_READ);
    _timer.schedule_after(Timestamp::make_usec(_coalesce));
}

void FromDevice::look_at_density() {
    Timestamp now = Timestamp::recent_steady();
    _dense = _coalesce && _dense_since && now - _dense_since < Timestamp::make_msec((int64_t) (dense_ms * (_count - _dense_from) / dense_packets));
    _dense_from = _count, _dense_since = now;
}

void FromDevice::look_at_load() {
    Timestamp now = Timestamp::recent_steady();
    bool busy = _busy_since && now - _busy_since < Timestamp::make_msec(busy_ms);
    _busy_from = _count, _busy_since = now;
    if (!busy)
        return;
    _may_upgrade = false;
    if (!frameio::may_open(this))
        return;
    _upgrade = new frameio::RingUpgrade(_options, _tally);
    if (_upgrade->begin())
        add_select(_upgrade->fd(), SELECT_READ);
    else
        end_upgrade();
}

void FromDevice::end_upgrade() {
    if (_upgrade && _upgrade->fd() >= 0)
        remove_select(_upgrade->fd(), SELECT_READ);
    delete _upgrade;
    _upgrade = nullptr;
}

/** Hand on a burst of the ring's but for what the socket had, too. True if there was such a frame: there may be more. */
bool FromDevice::without_twins() {
    BatchBuilder gathered, fresh;
    _receiver->receive(_burst, gathered);
    PacketBatch *batch = gathered.finish();
    if (!batch)
        return false;
    const unsigned all = batch->count();
    FOR_EACH_PACKET_SAFE(batch, p)
        if (_upgrade->twins.take(p)) p->kill();
        else fresh.append(p);
    const bool some = fresh.count() < all;
    if ((batch = fresh.finish()))
        handle(batch);
    return some && _upgrade && _receiver;
}

/** The ring is ready. What the socket has is read to its end before what the ring has. */
void FromDevice::upgrade() {
    for (int i = 0; i < 1024 && receive(); ++i) {}
    if (!_upgrade)
        return;                 // there was trouble
    frameio::Receiver *old = _receiver, *ring = _upgrade->finish(old);
    for (int got = 1; ring && got > 0; ) {
        BatchBuilder gathered;
        got = old->receive(_burst, gathered);
        if (PacketBatch *batch = gathered.finish()) {
            FOR_EACH_PACKET(batch, p)
                _upgrade->twins.add(p);
            handle(batch);
        }
    }
    if (ring) {
        watch(false);
        _drops += old->kernel_drops();
        frameio::RingUpgrade::close_later(old->give_fd());
        delete old;
        _receiver = ring;
        if (_options.program >= 0)
            apply_program();            // it may have come since the ring was begun
        watch(true);
        while (without_twins()) {}
        _task.reschedule();
    }
    end_upgrade();
}

/** In a hot swap, the element that reads the same frames in the router before, whatever its name. */
Element *FromDevice::hotswap_element() const {
    const Router *old = router()->hotswap_router();
    FromDevice *found = nullptr;
    for (int i = 0; old && i < old->nelements(); ++i)
        if (FromDevice *f = static_cast<FromDevice *>(old->element(i)->cast("FromDevice")))
            if ((f->_receiver || _promised) && f->_method == _method && f->_sniffer == _sniffer && f->_options.same_frames(_options)) {
                found = f;
                if (f->_receiver)
                    break;
            }
    return found;
}

/** Its socket is taken, with what has come and was not read. To open one costs little, but what it had received by now would
    have been processed already, and to close the old one would halt everything for a grace period. */
void FromDevice::take_state(Element *e, ErrorHandler *errh) {
    FromDevice *old = static_cast<FromDevice *>(e);
    if (_receiver)
        return;
    if (!old->_receiver) {      // somebody else of ours has it
        if (open(errh) < 0)
            _timer.schedule_after_msec(gone_poll_ms);
        return;
    }
    old->watch(false);
    _receiver = old->_receiver, _steal = old->_steal;
    old->_receiver = nullptr, old->_steal = -1;
    old->end_upgrade();
    _may_upgrade = old->_may_upgrade;
    memcpy(_address, old->_address, 6);
    _receiver->kernel_drops();
    _receiver->move_to(router(), _tally);
    if (_options.program >= 0 || old->_options.program >= 0)
        apply_program();
    watch(true);
    _task.reschedule();
}

CLICK_ENDDECLS
