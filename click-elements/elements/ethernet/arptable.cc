#include <click/config.h>
#include "arptable.hh"
CLICK_DECLS

namespace {
struct Hold {
    Spinlock &lock;
    explicit Hold(Spinlock &l) : lock(l) { lock.acquire(); }
    ~Hold() { lock.release(); }
};
}

ARPTable::ARPTable() : _timeout(Timestamp::make_sec(300)), _timer(this) {}
ARPTable::~ARPTable() { clear(); }
void *ARPTable::cast(const char *name) { return strcmp(name, "ARPTable") == 0 ? this : Element::cast(name); }

Args &ARPTable::read_arguments(Args &args) {
    return args.read_or_set("CAPACITY", _capacity, 2048u).read_or_set("ENTRY_CAPACITY", _entry_capacity, 0u)
        .read_or_set("ENTRY_PACKET_CAPACITY", _entry_packet_capacity, 0u).read_or_set("CAPACITY_SLIM_FACTOR", BoundedIntArg(1, INT_MAX), _slim_factor, 2u)
        .read_or_set("TIMEOUT", _timeout, Timestamp::make_sec(300));
}
int ARPTable::configure(Vector<String> &conf, ErrorHandler *errh) {
    Args args(conf, this, errh);
    return read_arguments(args).complete();
}

void ARPTable::start(Element *owner) { _timer.initialize(owner); }
int ARPTable::initialize(ErrorHandler *) {
    start(this);
    return 0;
}
void ARPTable::cleanup(CleanupStage) { clear(); }

void ARPTable::take_state(Element *old, ErrorHandler *) {
    ARPTable *o = static_cast<ARPTable *>(old->cast("ARPTable"));
    if (!o || o == this)
        return;
    Hold mine(_lock), theirs(o->_lock);
    if (_table.size())
        return;
    for (auto it = o->_table.begin(); it.live(); ++it) {
        Entry &from = it.value();
        Entry &e = _table[it.key()];
        e.ip = from.ip, e.mac = from.mac, e.known = from.known, e.vlan = from.vlan, e.waiting = from.waiting;
        e.asked = from.asked, e.head = from.head, e.tail = from.tail;
        from.head = from.tail = nullptr, from.waiting = 0;
    }
    // The order is that of the old lists.
    for (int known = 0; known < 2; ++known)
        for (Entry *from = (known ? o->_known : o->_unknown).first; from; from = from->next) {
            Entry &e = _table[from->ip];
            e.since = from->since;
            (known ? _known : _unknown).append(&e);
        }
    _waiting = o->_waiting, _drops = o->_drops, o->_waiting = 0;
    if (_table.size() && _timer.initialized() && !_timer.scheduled())
        _timer.schedule_after_sec(1);
}

void ARPTable::List::append(Entry *e) {
    e->prev = last, e->next = nullptr;
    (last ? last->next : first) = e;
    last = e;
}
void ARPTable::List::remove(Entry *e) {
    (e->prev ? e->prev->next : first) = e->next;
    (e->next ? e->next->prev : last) = e->prev;
}

ARPTable::Entry *ARPTable::make_entry(IPAddress ip) {
    if (_entry_capacity)
        while ((unsigned) _table.size() >= _entry_capacity)
            forget(_known.first && (!_unknown.first || _known.first->since < _unknown.first->since) ? _known.first : _unknown.first);
    Entry *e = &_table[ip];
    e->ip = ip;
    e->since = Timestamp::recent_steady();
    _unknown.append(e);
    if (!_timer.scheduled() && _timer.initialized())
        _timer.schedule_after_sec(1);
    return e;
}

void ARPTable::drop_packets(Entry *e) {
    _drops += e->waiting, _waiting -= e->waiting;
    while (Packet *p = e->head) {
        e->head = p->next();
        p->kill();
    }
    e->tail = nullptr, e->waiting = 0;
}

void ARPTable::forget(Entry *e) {
    drop_packets(e);
    (e->known ? _known : _unknown).remove(e);
    _table.erase(IPAddress(e->ip));
}

/** Unknown addresses are as many as packets wait at most: one without packets is forgotten. */
void ARPTable::slim() {
    unsigned goal = _waiting - (_waiting + _slim_factor - 1) / _slim_factor;
    while (_waiting > goal && _unknown.first)
        forget(_unknown.first);
}

ARPTable::Answer ARPTable::resolve(IPAddress ip, Packet *p, EtherAddress &mac, Timestamp poll, const void *asker, uint16_t vlan) {
    Hold hold(_lock);
    Timestamp now = Timestamp::recent_steady();
    Entry *e = _table.get_pointer(ip);
    if (e && e->known && _timeout && now - e->since >= _timeout) {
        _known.remove(e);
        e->known = false, e->since = now;
        _unknown.append(e);
    }
    if (e && e->known) {
        mac = e->mac;
        if (!poll || now - e->since < poll || now - e->asked < Timestamp::make_sec(ask_again_after))
            return known;
        e->asked = now;
        return known_ask;
    }
    if (_capacity && _waiting >= _capacity) {
        slim();
        e = _table.get_pointer(ip);
    }
    if (!e)
        e = make_entry(ip);
    bool ask = !e->asked || now - e->asked >= Timestamp::make_msec(1000 / queries_a_second);
    if (_entry_packet_capacity && e->waiting >= _entry_packet_capacity) {
        ++_drops;
        p->kill();
    } else {
        p->set_next(nullptr);
        (e->tail ? e->tail->next() : e->head) = p;
        e->tail = p;
        ++e->waiting, ++_waiting;
    }
    e->asker = asker, e->vlan = vlan;
    if (ask)
        e->asked = now;
    return ask ? waiting_ask : waiting;
}

Packet *ARPTable::learn(IPAddress ip, const EtherAddress &mac, bool always) {
    Hold hold(_lock);
    Entry *e = _table.get_pointer(ip);
    if (!e && always)
        e = make_entry(ip);
    if (!e)
        return nullptr;
    (e->known ? _known : _unknown).remove(e);
    e->mac = mac, e->known = true, e->since = Timestamp::recent_steady();
    _known.append(e);
    Packet *list = e->head;
    _waiting -= e->waiting;
    e->head = e->tail = nullptr, e->waiting = 0;
    return list;
}

void ARPTable::due(const void *asker, Vector<Due> &list) {
    Hold hold(_lock);
    Timestamp now = Timestamp::recent_steady();
    for (Entry *e = _unknown.first; e; e = e->next)
        if ((e->asker == asker || !e->asker) && e->waiting && now - e->asked >= Timestamp::make_msec(ask_again_after * 1000 - 100)) {
            e->asked = now;
            list.push_back(Due{e->ip, e->vlan});
        }
}

void ARPTable::erase(IPAddress ip) {
    Hold hold(_lock);
    if (Entry *e = _table.get_pointer(ip))
        forget(e);
}

void ARPTable::clear() {
    Hold hold(_lock);
    for (Entry *e = _unknown.first; e; e = e->next)
        drop_packets(e);
    _known = _unknown = List();
    _table.clear();
}

/** Once a second while there are entries: forget what is old. */
void ARPTable::run_timer(Timer *) {
    Hold hold(_lock);
    Timestamp now = Timestamp::recent_steady();
    while (_unknown.first && now - _unknown.first->since > Timestamp::make_sec(give_up_after))
        forget(_unknown.first);
    while (_timeout && _known.first && now - _known.first->since >= _timeout)
        forget(_known.first);
    if (_table.size() && !_timer.scheduled())
        _timer.schedule_after_sec(1);
}

String ARPTable::unparse() {
    Hold hold(_lock);
    StringAccum sa;
    Timestamp now = Timestamp::recent_steady();
    for (int known = 1; known >= 0; --known)
        for (Entry *e = (known ? _known : _unknown).first; e; e = e->next)
            sa << e->ip << ' ' << known << ' ' << (known ? e->mac : EtherAddress::make_broadcast()) << ' ' << (now - e->since) << '\n';
    return sa.take_string();
}

int ARPTable::parse_entry(const String &s, IPAddress &ip, EtherAddress *mac, const Element *e, ErrorHandler *errh) {
    Args args(e, errh);
    args.push_back_words(cp_uncomment(s)).read_mp("IP", ip);
    if (mac)
        args.read_mp("ETH", *mac);
    return args.complete();
}

String ARPTable::read(Element *e, void *what) {
    ARPTable *t = static_cast<ARPTable *>(e);
    switch ((intptr_t) what) {
    case 0: return t->unparse();
    case 1: return String(t->count());
    case 2: return String(t->length());
    default: return String(t->drops());
    }
}

int ARPTable::write(const String &s, Element *e, void *what, ErrorHandler *errh) {
    ARPTable *t = static_cast<ARPTable *>(e);
    IPAddress ip;
    EtherAddress mac;
    if ((intptr_t) what == 2) {
        t->clear();
        return 0;
    }
    bool insert = what == nullptr;
    if (parse_entry(s, ip, insert ? &mac : nullptr, e, errh) < 0)
        return -EINVAL;
    if (!insert)
        t->erase(ip);
    else
        for (Packet *list = t->learn(ip, mac, true), *p; (p = list); p->kill())     // whom they came from is not known here
            list = p->next(), ++t->_drops;
    return 0;
}

void ARPTable::add_handlers() {
    static const char *const readable[] = {"table", "count", "length", "drops"}, *const writable[] = {"insert", "delete", "clear"};
    for (int i = 0; i < 4; ++i)
        add_read_handler(readable[i], read, i);
    for (int i = 0; i < 3; ++i)
        add_write_handler(writable[i], write, i, i == 2 ? Handler::f_button : 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPTable)
