// Routes for IPv6: a hash table for each length of prefix that there is.
#ifndef CLICK_IP6ROUTETABLE_HH
#define CLICK_IP6ROUTETABLE_HH
#include <click/batchelement.hh>
#include <click/hashtable.hh>
#include <click/ip6address.hh>
CLICK_DECLS

struct IP6Route {
    IP6Address address, gateway;
    int length = 0, port = -1;
    /** `ADDR/LENGTH [GATEWAY] PORT`; without @a whole, `ADDR/LENGTH` alone. */
    bool parse(const String &, bool whole, const Element *);
};

class IP6Routes { public:
    ~IP6Routes() { clear(); }
    /** The longest prefix that has @a a; null if there is none. */
    const IP6Route *lookup(const IP6Address &a) const {
        for (const Level *l : _levels)
            if (const IP6Route *r = l->routes.get_pointer(a & l->mask))
                return r;
        return nullptr;
    }
    void add(const IP6Route &);
    bool remove(const IP6Address &, int length);
    void clear();
    /** A line a route, in the order in which they came: prefix, gateway, port. */
    String unparse() const;

  private:
    struct Level { int length; IP6Address mask; HashTable<IP6Address, IP6Route> routes; };
    Vector<Level *> _levels;              // the longest first
    Vector<IP6Route> _order;
};

/** Elements with routes share their handlers: add, remove, ctrl, table. */
class IP6RouteTable : public BatchElement { public:
    void *cast(const char *) override;
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;

  protected:
    IP6Routes _routes;

  private:
    int change(const String &command, const String &rest, ErrorHandler *);
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
