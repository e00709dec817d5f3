#ifndef CLICK_ELEMFILTER_HH
#define CLICK_ELEMFILTER_HH
#include <click/element.hh>
CLICK_DECLS
/** Says which elements are wanted. */
class ElementFilter { public:
    ElementFilter() {}
    virtual ~ElementFilter() {}
    virtual bool check_match(Element *e, bool isoutput, int port) { (void) e, (void) isoutput, (void) port; return false; }
    bool match(Element *e, int port) { return check_match(e, false, port); }
    /** Leave those in @a list that match. */
    void filter(Vector<Element *> &list) {
        Vector<Element *> kept;
        for (Element *e : list)
            if (check_match(e, false, -1)) kept.push_back(e);
        list.swap(kept);
    }
};
class CastElementFilter : public ElementFilter { public:
    explicit CastElementFilter(const String &name) : _name(name) {}
    bool check_match(Element *e, bool isoutput, int port) override { return port >= 0 ? e->port_cast(isoutput, port, _name.c_str()) : e->cast(_name.c_str()); }
  private:
    String _name;
};
CLICK_ENDDECLS
#endif
