#ifndef CLICK_IPTABLE_HH
#define CLICK_IPTABLE_HH
#include <click/ipaddress.hh>
#include <click/vector.hh>
CLICK_DECLS
/** Routes in a list; the longest mask wins. */
class IPTable { public:
    bool lookup(IPAddress dst, IPAddress &gw, int &index) const {
        const Entry *best = nullptr;
        for (const Entry &e : _v) if (dst.matches_prefix(e.dst, e.mask) && (!best || e.mask.mask_as_specific(best->mask))) best = &e;
        if (best) gw = best->gw, index = best->index;
        return best;
    }
    void add(IPAddress dst, IPAddress mask, IPAddress gw, int index) { del(dst, mask); _v.push_back(Entry{dst & mask, mask, gw, index}); }
    void del(IPAddress dst, IPAddress mask) { for (int i = _v.size() - 1; i >= 0; --i) if (_v[i].dst == (dst & mask) && _v[i].mask == mask) _v.erase(_v.begin() + i); }
    void clear() { _v.clear(); }
  private:
    struct Entry { IPAddress dst, mask, gw; int index; };
    Vector<Entry> _v;
};
CLICK_ENDDECLS
#endif
