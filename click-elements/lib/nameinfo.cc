// Names for numbers and addresses: see nameinfo.hh.
#include <click/config.h>
#include <click/nameinfo.hh>
#include <click/packet.hh>
#include <click/packet_anno.hh>
#include <click/router.hh>
CLICK_DECLS

namespace {
NameInfo *everywhere;           // made at the first use
NameInfo &global_names() {
    if (!everywhere) NameInfo::static_initialize();
    return *everywhere;
}
/** The scope that @a e stands in: its compound's name with a slash. */
String scope_of(const Element *e) { return e ? e->name().substring(0, e->name().find_right('/') + 1) : String(); }
String outer_scope(const String &s) { return s.substring(0, s.find_right('/', s.length() - 2) + 1); }
}

bool StaticNameDB::query(const String &name, void *value, size_t size) {
    size_t l = 0, r = _n;
    while (l < r && size == value_size()) {
        size_t m = l + (r - l) / 2;
        int c = name.compare(_entries[m].name, (int) strlen(_entries[m].name));
        if (c == 0) { memcpy(value, &_entries[m].value, size); return true; }
        if (c < 0) r = m; else l = m + 1;
    }
    return false;
}
String StaticNameDB::revquery(const void *value, size_t size) {
    for (size_t i = 0; i < _n && size == value_size(); ++i)
        if (memcmp(&_entries[i].value, value, size) == 0) return String::make_stable(_entries[i].name);
    return String();
}

int DynamicNameDB::find(const String &name, bool &there) const {
    int l = 0, r = _names.size();
    there = false;
    while (l < r) {
        int m = l + (r - l) / 2, c = name.compare(_names[m].name);
        if (c == 0) { there = true; return m; }
        if (c < 0) r = m; else l = m + 1;
    }
    return l;
}
bool DynamicNameDB::query(const String &name, void *value, size_t size) {
    bool there;
    int i = find(name, there);
    if (there && size == value_size()) memcpy(value, _names[i].value.data(), size);
    return there && size == value_size();
}
String DynamicNameDB::revquery(const void *value, size_t size) {
    for (const Name &n : _names)
        if (n.value.equals((const char *) value, (int) size)) return n.name;
    return String();
}
bool DynamicNameDB::define(const String &name, const void *value, size_t size) {
    if (size != value_size()) return false;
    bool there;
    int i = find(name, there);
    String v((const char *) value, (int) size);
    if (there) _names[i].value = v;
    else _names.insert(_names.begin() + i, Name{name, v});
    return true;
}

NameInfo::NameInfo() {}
NameInfo::~NameInfo() { for (NameDB *db : _owned) delete db; }

NameDB *NameInfo::find(uint32_t type, const String &context, size_t size) const {
    for (int i = _dbs.size() - 1; i >= 0; --i)
        if (_dbs[i]->type() == type && _dbs[i]->context() == context && (!size || _dbs[i]->value_size() == size)) return _dbs[i];
    return nullptr;
}

NameDB *NameInfo::getdb(uint32_t type, const Element *e, size_t size, bool create) {
    NameInfo *ni = e && e->router() ? e->router()->force_name_info() : &global_names();
    String scope = e && e->router() ? scope_of(e) : String();
    NameDB *db = ni->find(type, scope, size);
    if (!db && create && !ni->find(type, scope, 0)) {
        db = new DynamicNameDB(type, scope, size);
        ni->_dbs.push_back(db), ni->_owned.push_back(db);
    }
    return db;
}
void NameInfo::installdb(NameDB *db, const Element *e) { (e && e->router() ? e->router()->force_name_info() : &global_names())->_dbs.push_back(db); }
void NameInfo::uninstalldb(NameDB *db) {
    auto drop = [db](NameInfo *ni) {
        for (int i = ni->_dbs.size() - 1; i >= 0; --i)
            if (ni->_dbs[i] == db) ni->_dbs.erase(ni->_dbs.begin() + i);
    };
    drop(&global_names());
    Router::each_router([&](Router *r) { if (r->name_info()) drop(r->name_info()); });
}

/** Call @a f with the databases that hold for @a e, the innermost first, until it says true. */
template <typename F> bool NameInfo::each(uint32_t type, const Element *e, size_t size, F f) {
    auto try_one = [&](NameInfo *ni, const String &scope) {
        for (int i = ni->_dbs.size() - 1; i >= 0; --i) {
            NameDB *db = ni->_dbs[i];
            if (db->type() == type && db->context() == scope && db->value_size() == size && f(db)) return true;
        }
        return false;
    };
    if (e && e->router() && e->router()->name_info())
        for (String scope = scope_of(e);; scope = outer_scope(scope)) {
            if (try_one(e->router()->name_info(), scope)) return true;
            if (!scope) break;
        }
    return try_one(&global_names(), String());
}

bool NameInfo::query(uint32_t type, const Element *e, const String &name, void *value, size_t size) {
    return each(type, e, size, [&](NameDB *db) { return db->query(name, value, size); });
}
bool NameInfo::query_scope(uint32_t type, const Element *e, const String &scope, const String &name, void *value, size_t size) {
    NameInfo *ni = e->router() ? e->router()->name_info() : nullptr;
    NameDB *db = ni ? ni->find(type, scope, size) : nullptr;
    return db && db->query(name, value, size);
}
bool NameInfo::query_int(uint32_t type, const Element *e, const String &name, int32_t *value) {
    return query(type, e, name, value, sizeof *value) || cp_integer(name, value);
}
bool NameInfo::query_int(uint32_t type, const Element *e, const String &name, uint32_t *value) {
    return query(type, e, name, value, sizeof *value) || cp_integer(name, value);
}
String NameInfo::revquery(uint32_t type, const Element *e, const void *value, size_t size) {
    String name;
    each(type, e, size, [&](NameDB *db) { return (name = db->revquery(value, size)).length() > 0; });
    return name;
}

void NameInfo::static_initialize() {
    if (everywhere) return;
    everywhere = new NameInfo;
    struct Table { uint32_t type; const char *names; };
    // name=value, separated by spaces; numbers from the RFCs and IANA's lists
    static const Table tables[] = {
        {T_ANNOTATION, "AGGREGATE=262164 DST_IP=262144 DST_IP6=1048576 EXTRA_LENGTH=262172 EXTRA_PACKETS=262168 FIRST_TIMESTAMP=524320 FIX_IP_SRC=65555 "
            "FWD_RATE=262164 ICMP_PARAMPROB=65553 IPSEC_SPI=262176 MISC_IP=262164 PACKET_NUMBER=262176 PAINT=65552 PERFCTR=524328 REV_RATE=262168 "
            "SEQUENCE_NUMBER=262180 VLAN=131092 VLAN_TCI=131092 WIFI_EXTRA=1572880"},
        {T_IP_PROTO, "dccp=33 gre=47 icmp=1 icmp6=58 igmp=2 ipip=4 payload=259 sctp=132 tcp=6 tcpudp=256 transp=258 udp=17 udplite=136"},
        {T_ICMP_TYPE, "echo=8 echo-reply=0 inforeq=15 inforeq-reply=16 maskreq=17 maskreq-reply=18 parameterproblem=12 redirect=5 routeradvert=9 "
            "routersolicit=10 sourcequench=4 timeexceeded=11 timestamp=13 timestamp-reply=14 unreachable=3"},
        {T_ICMP_CODE + ICMP_UNREACH, "filterprohibited=13 host=1 hostprecedence=14 hostprohibited=10 hosttos=12 hostunknown=7 needfrag=4 net=0 netprohibited=9 "
            "nettos=11 netunknown=6 port=3 precedencecutoff=15 protocol=2 srcroutefail=5"},
        {T_ICMP_CODE + ICMP_REDIRECT, "host=1 hosttos=3 net=0 nettos=2"},
        {T_ICMP_CODE + ICMP_TIMXCEED, "reassembly=1 transit=0"},
        {T_ICMP_CODE + ICMP_PARAMPROB, "erroratptr=0 length=2 missingopt=1"},
        {T_TCP_OPT, "eol=0 mss=2 nop=1 sack=5 sackok=4 timestamp=8 wscale=3"},
    };
    for (const Table &t : tables) {
        NameDB *db = new DynamicNameDB(t.type, String(), 4);
        everywhere->_dbs.push_back(db), everywhere->_owned.push_back(db);
        String rest(t.names), word;
        while ((word = cp_shift_spacevec(rest))) {
            int eq = word.find_left('='), value;
            cp_integer(word.substring(eq + 1), &value);
            db->define_int(word.substring(0, eq), value);
        }
    }
}

CLICK_ENDDECLS
