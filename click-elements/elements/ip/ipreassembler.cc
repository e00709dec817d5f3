#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include "ipreassembler.hh"
#include "elements/ip/ippacket.hh"
#include <algorithm>
CLICK_DECLS

int IPReassembler::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(conf, this, errh).read("HIMEM", BoundedIntArg(0, 1 << 30), _himem).read("MAX_MTU_ANNO", AnnoArg(2), _longest_anno)
            .read("TIMEOUT", SecondsArg(3), _timeout_ms).complete() < 0)
        return -1;
    return _timeout_ms ? 0 : errh->error("TIMEOUT must be longer than 0");
}

int IPReassembler::initialize(ErrorHandler *) {
    // A fragment takes a buffer of 2 KiB at least, which bounds their number: all that is needed for them is made here.
    uint32_t n = std::min(_himem / 2048 + 2, (uint32_t) max_datagrams), buckets = 16;
    while (buckets < n) buckets *= 2;
    _all = new Datagram[n]();
    _buckets = new Datagram *[buckets]();
    _mask = buckets - 1, _seed = click_random() | 1;
    for (uint32_t i = 0; i < n; ++i) _all[i].next = _free, _free = &_all[i];
    _timer.initialize(this);
    return 0;
}

/** The datagrams, the oldest first, with the times at which something new came; the counts begin anew, as Counter's do. */
void IPReassembler::take_state(Element *old, ErrorHandler *) {
    IPReassembler *o = static_cast<IPReassembler *>(old->cast("IPReassembler"));
    if (!o) return;
    Packet *gone = nullptr;
    for (; Datagram *d = o->_oldest; o->_oldest = d->newer) {
        Datagram *mine = find_or_make(d->key, d->since, &gone);
        mine->fragments = d->fragments;
        d->fragments = IPFragments();
        _memory += mine->fragments.memory();
    }
    o->_newest = nullptr, o->_memory = 0;
    if (_memory > _himem)
        while (_oldest && _memory > _himem / 4 * 3) give_up_oldest(&gone);
    while (Packet *p = gone) {              // nothing can be sent before the router runs
        gone = p->next();
        p->set_next(nullptr);
        p->kill();
    }
    if (_oldest && !_timer.scheduled()) look_later();
}

void IPReassembler::cleanup(CleanupStage) {
    for (; _oldest; _oldest = _oldest->newer) _oldest->fragments.clear();
    _newest = nullptr;
}

IPReassembler::~IPReassembler() {
    delete[] _all;
    delete[] _buckets;
}

/** Where the datagram is linked, or would be. */
IPReassembler::Datagram **IPReassembler::bucket(const Key &k) {
    uint64_t h = (uint64_t(k.src) ^ _seed) * 0x9E3779B97F4A7C15U;
    h = (h ^ h >> 29 ^ k.dst ^ uint64_t(k.id) << 32 ^ uint64_t(k.protocol) << 48) * 0xBF58476D1CE4E5B9U;
    Datagram **d = &_buckets[(h >> 32) & _mask];
    while (*d && !((*d)->key == k)) d = &(*d)->next;
    return d;
}

void IPReassembler::unlink_age(Datagram *d) {
    (d->older ? d->older->newer : _oldest) = d->newer;
    (d->newer ? d->newer->older : _newest) = d->older;
}

/** Something new came for it. */
void IPReassembler::touch(Datagram *d) {
    unlink_age(d);
    d->since = Timestamp::recent_steady();
    d->older = _newest, d->newer = nullptr;
    (_newest ? _newest->newer : _oldest) = d;
    _newest = d;
}

IPReassembler::Datagram *IPReassembler::find_or_make(const Key &k, Timestamp since, Packet **gone) {
    if (Datagram *d = *bucket(k)) return d;
    if (!_free) give_up_oldest(gone);
    Datagram *d = _free, **where = bucket(k);
    _free = d->next;
    d->key = k, d->next = nullptr;
    *where = d;
    d->since = since;
    d->older = _newest, d->newer = nullptr;
    (_newest ? _newest->newer : _oldest) = d;
    _newest = d;
    return d;
}

/** What has come of a datagram, as one packet; null if that cannot be. It is forgotten. */
WritablePacket *IPReassembler::finish(Datagram *d) {
    _memory -= d->fragments.memory();
    uint16_t longest = d->fragments.longest();
    WritablePacket *q = d->fragments.first() ? d->fragments.join() : nullptr;
    if (q && _longest_anno >= 0) q->set_anno_u16(ANNOTATIONINFO_OFFSET(_longest_anno), longest);
    d->fragments.clear();
    *bucket(d->key) = d->next;
    unlink_age(d);
    d->next = _free, _free = d;
    return q;
}

/** The packet, if output 1 wants it, is put in front of those @a gone before. */
void IPReassembler::give_up_oldest(Packet **gone) {
    Datagram *d = _oldest;
    ++_failed;
    if (noutputs() < 2) {
        _memory -= d->fragments.memory();
        d->fragments.clear();
    }
    if (Packet *q = finish(d)) q->set_next(*gone), *gone = q;
}

/** With the lock held: the whole datagram, if this packet made it so. */
Packet *IPReassembler::hold(Packet *p, const click_ip *ip, Packet **gone) {
    ++_seen;
    Datagram *d = find_or_make(Key{ip->ip_src.s_addr, ip->ip_dst.s_addr, ip->ip_id, ip->ip_p}, Timestamp::recent_steady(), gone);
    const uint32_t before = d->fragments.memory();
    IPFragments::Result r = d->fragments.add(p, ip);
    _memory += d->fragments.memory() - before;
    if (r == IPFragments::bad) ++_bad, p->kill();
    if (!d->fragments.first()) {        // not even this one is there
        finish(d);
        return nullptr;
    }
    if (d->fragments.complete()) {
        WritablePacket *whole = finish(d);
        ++(whole ? _good : _failed);
        return whole;
    }
    if (r == IPFragments::added) touch(d);
    if (_memory > _himem)
        while (_oldest && _memory > _himem / 4 * 3) give_up_oldest(gone);
    if (_oldest && !_timer.scheduled()) look_later();
    return nullptr;
}

/** Outside of the lock, because what is behind the output may lead here again. */
void IPReassembler::send_gone(Packet *gone) {
    Packet *in_order = nullptr;
    while (Packet *p = gone) {
        gone = p->next();
        p->set_next(in_order), in_order = p;
    }
    while (Packet *p = in_order) {
        in_order = p->next();
        p->set_next(nullptr);
        checked_output_push(1, p);
    }
}

Packet *IPReassembler::simple_action(Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    if (!ip || !IP_ISFRAG(ip)) return p;
    const uint32_t total = ntohs(ip->ip_len), there = p->network_length();
    if (ip->ip_v != 4 || total < ip->ip_hl * 4U || total > there || p->network_header_offset() < 0) {
        _lock.acquire();
        ++_seen, ++_bad;
        _lock.release();
        p->kill();
        return nullptr;
    }
    p->take(there - total);
    Packet *gone = nullptr;
    _lock.acquire();
    Packet *whole = hold(p, ip, &gone);
    _lock.release();
    if (gone) send_gone(gone);
    return whole;
}

void IPReassembler::run_timer(Timer *) {
    Packet *gone = nullptr;
    _lock.acquire();
    Timestamp limit = Timestamp::recent_steady() - Timestamp::make_msec(_timeout_ms);
    while (_oldest && _oldest->since <= limit) give_up_oldest(&gone);
    if (_oldest) look_later();
    _lock.release();
    send_gone(gone);
}

String IPReassembler::read_dump(Element *e, void *) {
    IPReassembler *r = static_cast<IPReassembler *>(e);
    StringAccum sa;
    r->_lock.acquire();
    sa << "frags seen total:    " << r->_seen << "\ngood reassemblies:   " << r->_good << "\nfailed reassemblies: " << r->_failed
       << "\nbad fragments seen:  " << r->_bad << "\nmemory:              " << r->_memory << "\ncached chunk data:\n";
    for (const Datagram *d = r->_oldest; d; d = d->newer) {
        sa << " (" << IPAddress(d->key.src) << ", " << IPAddress(d->key.dst) << ", " << int(d->key.protocol) << ") " << ntohs(d->key.id);
        for (const Packet *p = d->fragments.first(); p; p = p->next()) sa << " (" << IPFragments::start(p) << "," << IPFragments::stop(p) << ")";
        sa << "\n";
    }
    r->_lock.release();
    return sa.take_string();
}

void IPReassembler::add_handlers() { add_read_handler("dump", read_dump, 0); }

CLICK_ENDDECLS
EXPORT_ELEMENT(IPReassembler)
