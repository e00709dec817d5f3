#include <click/config.h>
#include "etherswitch.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include <clicknet/ether.h>
CLICK_DECLS

int EtherSwitch::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read("TIMEOUT", SecondsArg(), _timeout).read("CAPACITY", BoundedIntArg(0, 1 << 24), _capacity).complete();
}

void EtherSwitch::sweep(Timestamp now) {
    _swept = now;
    for (auto it = _table.begin(); it.live(); )
        if (now - it.value().seen > Timestamp::make_sec(_timeout))
            it = _table.erase(it);
        else
            ++it;
}

void EtherSwitch::learn(int port, const EtherAddress &source, Timestamp now) {
    Place *place = _table.get_pointer(source);
    if (!place) {
        // Old ones make room, but nobody can have us look for them all the time.
        if ((unsigned) _table.size() >= _capacity && now - _swept >= Timestamp::make_sec(1))
            sweep(now);
        if ((unsigned) _table.size() >= _capacity)
            return;
        place = &_table[source];
    }
    place->port = port, place->seen = now;
}

int EtherSwitch::decide(int port, const Packet *p) {
    if (unlikely(p->length() < sizeof(click_ether)))
        return nowhere;
    EtherAddress dst(p->data()), src(p->data() + 6);
    if (!_timeout)
        return flood;
    Timestamp now = Timestamp::recent_steady();
    _lock.acquire();
    if (likely(!src.is_group()))
        learn(port, src, now);
    int to = flood;
    if (!dst.is_group())
        if (const Place *place = _table.get_pointer(dst)) {
            if (now - place->seen > Timestamp::make_sec(_timeout))
                _table.erase(dst);
            else
                to = place->port == port ? (int) nowhere : place->port;
        }
    _lock.release();
    return to;
}

void EtherSwitch::flood_to_others(int port, Packet *p) {
    int last = ninputs() - 1 - (port == ninputs() - 1);
    for (int i = 0; i < last; ++i)
        if (i != port)
            if (Packet *q = p->clone())
                output(i).push(q);
    output(last).push(p);
}

void EtherSwitch::push(int port, Packet *p) {
    // The listener, if there is one, is behind the outputs that have an input.
    if (noutputs() > ninputs())
        if (Packet *q = p->clone())
            output(noutputs() - 1).push(q);
    int to = decide(port, p);
    if (to == nowhere || (ninputs() == 1 && to == flood))
        p->kill();
    else if (to == flood)
        flood_to_others(port, p);
    else
        output(to).push(p);
}

void EtherSwitch::push_batch(int port, PacketBatch *batch) {
    GatherScope gather(this);
    FOR_EACH_PACKET_SAFE(batch, p) push(port, p);
}

String EtherSwitch::read_table(Element *e, void *) {
    EtherSwitch *s = static_cast<EtherSwitch *>(e);
    StringAccum sa;
    s->_lock.acquire();
    for (auto it = s->_table.begin(); it.live(); ++it)
        sa << it.key() << ' ' << it.value().port << '\n';
    s->_lock.release();
    return sa.take_string();
}

int EtherSwitch::write_timeout(const String &s, Element *e, void *, ErrorHandler *errh) {
    unsigned timeout;
    if (!SecondsArg().parse(cp_uncomment(s), timeout, ArgContext(e)))
        return errh->error("expected timeout (integer)");
    static_cast<EtherSwitch *>(e)->_timeout = timeout;
    return 0;
}

void EtherSwitch::add_handlers() {
    add_read_handler("table", read_table, 0);
    add_data_handlers("timeout", Handler::f_read, &_timeout);
    add_write_handler("timeout", write_timeout, 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(EtherSwitch)
