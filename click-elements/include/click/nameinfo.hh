// NameInfo: names for numbers and addresses. A name is looked up in the databases of its kind: those of the compound that the
// asking element stands in, then of the outer ones, then those that hold for every router.
#ifndef CLICK_NAMEINFO_HH
#define CLICK_NAMEINFO_HH
#include <click/args.hh>
#include <click/straccum.hh>
CLICK_DECLS
class Element;
class Router;
class NameInfo;

class NameDB { public:
    NameDB(uint32_t type, const String &context, size_t value_size) : _type(type), _context(context), _size(value_size) {}
    virtual ~NameDB() {}
    uint32_t type() const { return _type; }
    /** The compound's name and a slash; empty at the outermost level. */
    const String &context() const { return _context; }
    size_t value_size() const { return _size; }
    virtual bool query(const String &name, void *value, size_t size) = 0;
    virtual String revquery(const void *, size_t) { return String(); }
    virtual bool define(const String &, const void *, size_t) { return false; }
    bool define_int(const String &name, int32_t value) { return define(name, &value, sizeof value); }
  private:
    uint32_t _type;
    String _context;
    size_t _size;
};

/** A table that the program carries, sorted by name in the order of strcmp(). */
class StaticNameDB : public NameDB { public:
    struct Entry { const char *name; uint32_t value; };
    StaticNameDB(uint32_t type, const String &context, const Entry *entries, size_t n) : NameDB(type, context, sizeof entries->value), _entries(entries), _n(n) {}
    bool query(const String &name, void *value, size_t size) override;
    String revquery(const void *value, size_t size) override;
  private:
    const Entry *_entries;
    size_t _n;
};

class DynamicNameDB : public NameDB { public:
    DynamicNameDB(uint32_t type, const String &context, size_t value_size) : NameDB(type, context, value_size) {}
    bool query(const String &name, void *value, size_t size) override;
    String revquery(const void *value, size_t size) override;
    bool define(const String &name, const void *value, size_t size) override;
  private:
    struct Name { String name, value; };
    Vector<Name> _names;       // sorted by name
    int find(const String &name, bool &there) const;
};

class NameInfo { public:
    enum DBType {
        T_NONE = 0, T_SCHEDULEINFO = 1, T_ANNOTATION = 2, T_SCRIPT_INSN = 3, T_SIGNO = 4, T_SPINLOCK = 5, T_ETHERNET_ADDR = 0x01000001,
        T_IP_ADDR = 0x04000001, T_IP_PREFIX, T_IP_PROTO, T_IPFILTER_TYPE, T_TCP_OPT, T_IPREWRITER_PATTERN,
        T_ICMP_TYPE = 0x04010000, T_ICMP_CODE = 0x04010100,         // plus the type
        T_IP_PORT = 0x04020000, T_TCP_PORT = 0x04020006, T_UDP_PORT = 0x04020011,
        T_IP_FIELDNAME = 0x04030000, T_ICMP_FIELDNAME = 0x04030001, T_TCP_FIELDNAME = 0x04030006, T_UDP_FIELDNAME = 0x04030011,
        T_IP6_ADDR = 0x06000001, T_IP6_PREFIX
    };
    NameInfo();
    ~NameInfo();
    /** The names that hold for every router: protocols, ICMP types and codes, TCP options, annotations. */
    static void static_initialize();
    static void static_cleanup() {}

    /** The innermost database for @a context; made if @a create. */
    static NameDB *getdb(uint32_t type, const Element *context, size_t value_size, bool create);
    /** For @a context's router, or for every router if that is null; the caller keeps the database and takes it back with uninstalldb(). */
    static void installdb(NameDB *, const Element *context);
    static void uninstalldb(NameDB *);
    static bool query(uint32_t type, const Element *context, const String &name, void *value, size_t size);
    /** In the databases of that very scope of @a context's router. */
    static bool query_scope(uint32_t type, const Element *context, const String &scope, const String &name, void *value, size_t size);
    /** As query(), but plain numbers stand for themselves. */
    static bool query_int(uint32_t type, const Element *context, const String &name, int32_t *value);
    static bool query_int(uint32_t type, const Element *context, const String &name, uint32_t *value);
    static String revquery(uint32_t type, const Element *context, const void *value, size_t size);
    static String revquery_int(uint32_t type, const Element *context, int32_t value) { return revquery(type, context, &value, sizeof value); }
    static bool define(uint32_t type, const Element *context, const String &name, const void *value, size_t size) {
        NameDB *db = getdb(type, context, size, true);
        return db && db->define(name, value, size);
    }
    static bool define_int(uint32_t type, const Element *context, const String &name, int32_t value) { return define(type, context, name, &value, sizeof value); }

  private:
    Vector<NameDB *> _dbs, _owned;
    NameDB *find(uint32_t type, const String &context, size_t size) const;
    template <typename F> static bool each(uint32_t type, const Element *, size_t size, F);
};

struct NamedIntArg {
    uint32_t type;
    explicit NamedIntArg(uint32_t t) : type(t) {}
    template <typename T> bool parse(const String &s, T &value, const ArgContext &args = blank_args) const {
        int32_t x;
        if (NameInfo::query(type, args.context(), s, &x, sizeof x)) { value = (T) x; return true; }
        return IntArg().parse(s, value, args);
    }
};

CLICK_ENDDECLS
#endif
