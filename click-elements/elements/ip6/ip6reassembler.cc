#include <click/config.h>
#include "ip6reassembler.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <algorithm>
CLICK_DECLS

int IP6Reassembler::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read("HIMEM", BoundedIntArg(0, 1 << 30), _himem).complete();
}

int IP6Reassembler::initialize(ErrorHandler *) {
    // A fragment takes a buffer of 2 KiB at least, which bounds their number: all that is needed for them is made here.
    uint32_t n = std::min(_himem / 2048 + 2, (uint32_t) max_packets), buckets = 16;
    while (buckets < n) buckets *= 2;
    _all = new Pending[n]();
    _buckets = new Pending *[buckets]();
    _mask = buckets - 1;
    // What senders choose must not find the same bucket each time.
    for (uint64_t &s : _seed) s = (uint64_t) click_random() << 32 ^ (uint64_t) click_random() << 8 ^ click_random();
    for (uint32_t i = 0; i < n; ++i) _all[i].next = _free, _free = &_all[i];
    _timer.initialize(this);
    return 0;
}

/** The packets, the oldest first, with the times at which they began; the counts begin anew, as Counter's do. */
void IP6Reassembler::take_state(Element *old, ErrorHandler *) {
    IP6Reassembler *o = static_cast<IP6Reassembler *>(old->cast("IP6Reassembler"));
    if (!o) return;
    Packet *gone = nullptr;
    for (; Pending *d = o->_oldest; o->_oldest = d->newer) {
        Pending *mine = find_or_make(d->key, d->since, &gone);
        mine->fragments = d->fragments;
        d->fragments = IP6Fragments();
        _memory += mine->fragments.memory();
    }
    o->_newest = nullptr, o->_memory = o->_pending = 0;
    keep_within_memory(&gone);
    while (Packet *p = gone) {              // nothing can be sent before the router runs
        gone = p->next();
        p->set_next(nullptr);
        p->kill();
    }
    if (_oldest && !_timer.scheduled()) _timer.schedule_after_sec(1);
}

void IP6Reassembler::cleanup(CleanupStage) {
    for (; _oldest; _oldest = _oldest->newer) _oldest->fragments.clear();
    _newest = nullptr;
}

IP6Reassembler::~IP6Reassembler() {
    delete[] _all;
    delete[] _buckets;
}

/** Where the packet is linked, or would be. */
IP6Reassembler::Pending **IP6Reassembler::bucket(const Key &k) {
    uint64_t w[4], h = k.id;
    memcpy(w, &k.src, sizeof w);
    for (int i = 0; i < 4; ++i) {
        h = (h ^ w[i] ^ _seed[i]) * 0x9E3779B97F4A7C15U;
        h ^= h >> 32;
    }
    Pending **d = &_buckets[h & _mask];
    while (*d && !((*d)->key == k)) d = &(*d)->next;
    return d;
}

IP6Reassembler::Pending *IP6Reassembler::find_or_make(const Key &k, Timestamp since, Packet **gone) {
    if (Pending *d = *bucket(k)) return d;
    if (!_free) give_up_oldest(gone);
    Pending *d = _free, **where = bucket(k);
    _free = d->next;
    d->key = k, d->next = nullptr, d->since = since;
    *where = d;
    d->older = _newest, d->newer = nullptr;
    (_newest ? _newest->newer : _oldest) = d;
    _newest = d;
    ++_pending;
    return d;
}

void IP6Reassembler::forget(Pending *d) {
    _memory -= d->fragments.memory();
    d->fragments.clear();
    *bucket(d->key) = d->next;
    (d->older ? d->older->newer : _oldest) = d->newer;
    (d->newer ? d->newer->older : _newest) = d->older;
    d->next = _free, _free = d;
    --_pending;
}

/** Its first fragment, if output 1 wants it, is put in front of those @a gone before. */
void IP6Reassembler::give_up_oldest(Packet **gone) {
    Pending *d = _oldest;
    if (d->fragments.first()) ++_failed;    // of others, given up because of an overlap, only the memory was left
    _memory -= d->fragments.memory();
    if (Packet *p = d->fragments.take_first()) p->set_next(*gone), *gone = p;
    forget(d);
}

void IP6Reassembler::keep_within_memory(Packet **gone) {
    if (_memory > _himem)
        while (_oldest && _memory > _himem / 4 * 3) give_up_oldest(gone);
}

/** With the lock held: the whole packet, if this fragment made it so. */
Packet *IP6Reassembler::hold(Packet *p, const IP6FragmentView &v, Packet **gone) {
    const click_ip6 *ip = ip6_header_of(p);
    Pending *d = find_or_make(Key{ip->ip6_src, ip->ip6_dst, v.id}, Timestamp::recent_steady(), gone);
    const uint32_t before = d->fragments.memory();
    const IP6Fragments::Result r = d->fragments.add(p, v);
    _memory += d->fragments.memory();
    _memory -= before;
    if (r == IP6Fragments::overlap) ++_overlaps;
    else if (r == IP6Fragments::duplicate) ++_duplicates;
    WritablePacket *whole = nullptr;
    if (d->fragments.complete()) {
        _memory -= d->fragments.memory();
        whole = d->fragments.join();
        ++(whole ? _whole : _failed);
        forget(d);
    } else
        keep_within_memory(gone);
    if (_oldest && !_timer.scheduled()) _timer.schedule_after_sec(1);
    return whole;
}

/** Outside of the lock, because what is behind the output may lead here again. */
void IP6Reassembler::send_gone(Packet *gone) {
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

Packet *IP6Reassembler::simple_action(Packet *p) {
    const IP6FragmentView v(p);
    if (likely(v.kind == IP6FragmentView::none)) return p;
    Packet *gone = nullptr, *whole = nullptr;
    if (v.kind == IP6FragmentView::fragment)
        p->take(p->network_length() - (v.header + 8 + v.length));       // what is behind the packet
    _lock.acquire();
    ++_seen;
    if (v.kind == IP6FragmentView::bad) {
        ++_bad;
        p->kill();
    } else if (v.atomic()) {
        ++_whole;
        whole = ip6_without_fragment_header(p, v);
    } else
        whole = hold(p, v, &gone);
    _lock.release();
    if (gone) send_gone(gone);
    return whole;
}

void IP6Reassembler::run_timer(Timer *) {
    Packet *gone = nullptr;
    _lock.acquire();
    const Timestamp limit = Timestamp::recent_steady() - Timestamp::make_sec(patience_seconds);
    while (_oldest && _oldest->since <= limit) give_up_oldest(&gone);
    if (_oldest) _timer.schedule_after_sec(1);
    _lock.release();
    send_gone(gone);
}

void IP6Reassembler::add_handlers() {
    add_data_handlers("fragments", Handler::f_read, &_seen);
    add_data_handlers("reassembled", Handler::f_read, &_whole);
    add_data_handlers("failed", Handler::f_read, &_failed);
    add_data_handlers("bad", Handler::f_read, &_bad);
    add_data_handlers("overlaps", Handler::f_read, &_overlaps);
    add_data_handlers("duplicates", Handler::f_read, &_duplicates);
    add_data_handlers("memory", Handler::f_read, &_memory);
    add_data_handlers("pending", Handler::f_read, &_pending);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(IP6Reassembler)
