// What is known of neighbours on an Ethernet: their addresses, and the packets that wait for them. For ARP and for IPv6's discovery.
#ifndef CLICK_NEIGHBOURTABLE_HH
#define CLICK_NEIGHBOURTABLE_HH
#include <click/args.hh>
#include <click/element.hh>
#include <click/etheraddress.hh>
#include <click/hashtable.hh>
#include <click/straccum.hh>
#include <click/sync.hh>
#include <click/timer.hh>
CLICK_DECLS

/** A is the kind of network address. */
template <typename A> class NeighbourTable { public:
    NeighbourTable() : _timeout(Timestamp::make_sec(300)), _timer(expire, this) {}
    ~NeighbourTable() { clear(); }
    NeighbourTable(const NeighbourTable &) = delete;

    /** Read the limits: CAPACITY and so on. Complete() is the caller's. */
    Args &read_limits(Args &args, unsigned entry_packet_capacity) {
        return args.read_or_set("CAPACITY", _capacity, 2048u).read_or_set("ENTRY_CAPACITY", _entry_capacity, 0u)
            .read_or_set("ENTRY_PACKET_CAPACITY", _entry_packet_capacity, entry_packet_capacity)
            .read_or_set("CAPACITY_SLIM_FACTOR", BoundedIntArg(1, INT_MAX), _slim_factor, 2u)
            .read_or_set("TIMEOUT", _timeout, Timestamp::make_sec(300));
    }
    /** Begin to forget what is old, on @a owner's thread. */
    void start(Element *owner) { _timer.initialize(owner); }

    enum Answer { known, known_ask, waiting, waiting_ask };
    /** What to do with @a p for @a to: known gives its @a mac; else the table has taken @a p. With _ask the caller is to send a query; @a asker
        and @a vlan (network order) come back from due(). Known answers older than @a poll are to be asked for again; 0 for none. */
    Answer resolve(const A &to, Packet *p, EtherAddress &mac, Timestamp poll, const void *asker, uint16_t vlan) {
        Hold hold(_lock);
        Timestamp now = Timestamp::recent_steady();
        Entry *e = _table.get_pointer(to);
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
            e = _table.get_pointer(to);
        }
        if (!e)
            e = make_entry(to);
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
    /** @a mac is the answer; returns the packets that waited, linked. Unless @a always, only for addresses that the table has. */
    Packet *learn(const A &from, const EtherAddress &mac, bool always = false) {
        Hold hold(_lock);
        Entry *e = _table.get_pointer(from);
        if (!e && always)
            e = make_entry(from);
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
    /** What is known of @a a is still so. */
    void confirm(const A &a) {
        Hold hold(_lock);
        Entry *e = _table.get_pointer(a);
        if (e && e->known) {
            _known.remove(e);
            e->since = Timestamp::recent_steady();
            _known.append(e);
        }
    }
    /** What @a asker is to ask for again, about once a second. */
    struct Due { A address; uint16_t vlan; };
    void due(const void *asker, Vector<Due> &list) {
        Hold hold(_lock);
        Timestamp now = Timestamp::recent_steady();
        for (Entry *e = _unknown.first; e; e = e->next)
            if ((e->asker == asker || !e->asker) && e->waiting && now - e->asked >= Timestamp::make_msec(ask_again_after * 1000 - 100)) {
                e->asked = now;
                list.push_back(Due{e->address, e->vlan});
            }
    }
    void erase(const A &a) {
        Hold hold(_lock);
        if (Entry *e = _table.get_pointer(a))
            forget(e);
    }
    void clear() {
        Hold hold(_lock);
        for (Entry *e = _unknown.first; e; e = e->next)
            drop_packets(e);
        _known = _unknown = List();
        _table.clear();
    }
    /** Take over all of @a o's, if we have nothing yet. */
    void take(NeighbourTable &o) {
        Hold mine(_lock), theirs(o._lock);
        if (_table.size())
            return;
        for (int known = 0; known < 2; ++known)
            for (Entry *from = (known ? o._known : o._unknown).first; from; from = from->next) {
                Entry *e = &_table[from->address];
                *e = *from;
                e->asker = nullptr;
                (known ? _known : _unknown).append(e);
                from->head = from->tail = nullptr, from->waiting = 0;
            }
        _waiting = o._waiting, _drops = o._drops, o._waiting = 0;
        schedule();
    }

    /** A line an entry: address, 1 if known or 0, Ethernet address, and with @a age the seconds since it was confirmed. */
    String unparse(const EtherAddress &unknown, bool age) {
        Hold hold(_lock);
        StringAccum sa;
        Timestamp now = Timestamp::recent_steady();
        for (int known = 1; known >= 0; --known)
            for (Entry *e = (known ? _known : _unknown).first; e; e = e->next) {
                sa << e->address << ' ' << known << ' ' << (known ? e->mac : unknown);
                if (age) sa << ' ' << (now - e->since);
                sa << '\n';
            }
        return sa.take_string();
    }
    unsigned count() const { return _table.size(); }
    unsigned length() const { return _waiting; }
    uint64_t drops() const { return _drops; }
    void count_drop() { ++_drops; }
    void reset_drops() { _drops = 0; }
    enum { give_up_after = 5, ask_again_after = 1, queries_a_second = 10 };

  private:
    struct Hold {
        Spinlock &lock;
        explicit Hold(Spinlock &l) : lock(l) { lock.acquire(); }
        ~Hold() { lock.release(); }
    };
    struct Entry {
        A address;
        EtherAddress mac;
        bool known = false;
        uint16_t vlan = 0;
        unsigned waiting = 0;
        Timestamp since, asked;              // known: confirmed; else: when the waiting began
        const void *asker = nullptr;
        Packet *head = nullptr, *tail = nullptr;
        Entry *next = nullptr, *prev = nullptr;
    };
    /** Entries by `since`, the oldest first. */
    struct List {
        Entry *first = nullptr, *last = nullptr;
        void append(Entry *e) {
            e->prev = last, e->next = nullptr;
            (last ? last->next : first) = e;
            last = e;
        }
        void remove(Entry *e) {
            (e->prev ? e->prev->next : first) = e->next;
            (e->next ? e->next->prev : last) = e->prev;
        }
    };
    HashTable<A, Entry> _table;
    List _known, _unknown;
    Timestamp _timeout;
    unsigned _capacity = 2048, _entry_capacity = 0, _entry_packet_capacity = 0, _slim_factor = 2;
    unsigned _waiting = 0;
    uint64_t _drops = 0;
    Timer _timer;
    Spinlock _lock;

    void schedule() {
        if (_table.size() && _timer.initialized() && !_timer.scheduled())
            _timer.schedule_after_sec(1);
    }
    Entry *make_entry(const A &a) {
        if (_entry_capacity)
            while ((unsigned) _table.size() >= _entry_capacity)
                forget(_known.first && (!_unknown.first || _known.first->since < _unknown.first->since) ? _known.first : _unknown.first);
        Entry *e = &_table[a];
        e->address = a;
        e->since = Timestamp::recent_steady();
        _unknown.append(e);
        schedule();
        return e;
    }
    void drop_packets(Entry *e) {
        _drops += e->waiting, _waiting -= e->waiting;
        while (Packet *p = e->head) {
            e->head = p->next();
            p->kill();
        }
        e->tail = nullptr, e->waiting = 0;
    }
    void forget(Entry *e) {
        drop_packets(e);
        (e->known ? _known : _unknown).remove(e);
        _table.erase(A(e->address));
    }
    /** Unknown addresses are as many as packets wait at most: one without packets is forgotten. */
    void slim() {
        unsigned goal = _waiting - (_waiting + _slim_factor - 1) / _slim_factor;
        while (_waiting > goal && _unknown.first)
            forget(_unknown.first);
    }
    /** Once a second while there are entries. */
    static void expire(Timer *, void *data) {
        NeighbourTable *t = static_cast<NeighbourTable *>(data);
        Hold hold(t->_lock);
        Timestamp now = Timestamp::recent_steady();
        while (t->_unknown.first && now - t->_unknown.first->since > Timestamp::make_sec(give_up_after))
            t->forget(t->_unknown.first);
        while (t->_timeout && t->_known.first && now - t->_known.first->since >= t->_timeout)
            t->forget(t->_known.first);
        t->schedule();
    }
};

CLICK_ENDDECLS
#endif
