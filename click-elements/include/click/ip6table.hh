#ifndef CLICK_IP6TABLE_HH
#define CLICK_IP6TABLE_HH
#include <click/ip6address.hh>
CLICK_DECLS
/** Routes in a list; the longest mask wins. */
class IP6Table { public:
    bool lookup(const IP6Address &dst, IP6Address &gw, int &index) const {
        const Entry *best = nullptr;
        for (const Entry &e : _v) if (dst.matches_prefix(e.dst, e.mask) && (!best || e.mask.mask_as_specific(best->mask))) best = &e;
        if (best) gw = best->gw, index = best->index;
        return best;
    }
    void add(const IP6Address &dst, const IP6Address &mask, const IP6Address &gw, int index) { del(dst, mask); _v.push_back(Entry{dst & mask, mask, gw, index}); }
    void del(const IP6Address &dst, const IP6Address &mask) { for (int i = _v.size() - 1; i >= 0; --i) if (_v[i].dst == (dst & mask) && _v[i].mask == mask) _v.erase(_v.begin() + i); }
    void clear() { _v.clear(); }
    String dump() const {
        StringAccum sa;
        for (const Entry &e : _v) sa << e.dst << '/' << e.mask.mask_to_prefix_len() << '\t' << e.gw << '\t' << e.index << '\n';
        return sa.take_string();
    }
  private:
    struct Entry { IP6Address dst, mask, gw; int index; };
    Vector<Entry> _v;
};
CLICK_ENDDECLS
#endif
