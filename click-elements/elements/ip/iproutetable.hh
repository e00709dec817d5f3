#ifndef LCLICK_IPROUTETABLE_HH
#define LCLICK_IPROUTETABLE_HH
#include <click/batchelement.hh>
#include <click/hashtable.hh>
#include "elements/ip/iptrie.hh"
CLICK_DECLS

struct IPRoute {
    IPAddress addr, mask, gw;
    int port = -1;               // below 0: no route
    bool same_prefix(const IPRoute &r) const { return addr == r.addr && mask == r.mask; }
    String unparse(const char *separator = " ") const;
};

/** What the routing tables share: routes and their text, handlers, and how packets leave. Each says how it finds a route: by its
    trie, or without one by looking at every route. */
class IPRouteTable : public ClassifyElement<IPRouteTable> { public:
    /** @a bits: the trie's levels (see IPTrie), null for none; @a changeable: there are handlers that change routes. */
    explicit IPRouteTable(const uint8_t *bits, bool changeable = true) : _trie(bits ? new IPTrie(bits) : nullptr), _changeable(changeable) {}
    ~IPRouteTable() { delete _trie; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    void *cast(const char *name) override { return strcmp(name, "IPRouteTable") == 0 ? this : Element::cast(name); }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    int classify(Packet *p) {
        uint32_t i = find(p->dst_ip_anno());
        if (unlikely(!i)) return -1;
        const IPRoute &r = _routes[i];
        if (r.gw) p->set_dst_ip_anno(r.gw);
        return r.port;
    }
    /** The output for @a a, or -1; its gateway, if it has one. */
    int lookup_route(IPAddress a, IPAddress &gw) const;

  protected:
    uint32_t find(IPAddress a) const { return _trie ? _trie->lookup(ntohl(a.addr())) : search(a); }

  private:
    IPTrie *_trie;
    bool _changeable;
    Vector<IPRoute> _routes;                     // from 1
    Vector<uint32_t> _unused;
    HashTable<uint64_t, uint32_t> _index;   // by prefix

    uint32_t search(IPAddress) const;
    bool parse(const String &, IPRoute &, bool remove, const char *what, ErrorHandler *);
    static uint64_t key(IPAddress a, IPAddress m) { return (uint64_t) a.addr() << 32 | m.addr(); }
    uint32_t shorter(uint32_t addr, int len) const;
    int add(const IPRoute &, bool set, IPRoute *old, ErrorHandler *);
    int remove(const IPRoute &, IPRoute *old, ErrorHandler *);
    void clear();
    static String read_table(Element *, void *);
    static int lookup(int, String &, Element *, const Handler *, ErrorHandler *);
    static int write(const String &, Element *, void *, ErrorHandler *);
    int control(const String &, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
