// RouterVisitor: told of ports by Router::visit(). ElementTracker and its kind remember elements.
#ifndef CLICK_ROUTERVISITOR_HH
#define CLICK_ROUTERVISITOR_HH
#include <click/bitvector.hh>
#include <click/element.hh>
#include <click/elemfilter.hh>
#include <click/router.hh>
CLICK_DECLS

class RouterVisitor { public:
    RouterVisitor() {}
    virtual ~RouterVisitor() {}
    /** Port @a port of @a e was reached from @a from_port of @a from, @a distance connections away from the start. True: go on from the
        ports of @a e that its flow code joins to this one. */
    virtual bool visit(Element *e, bool isoutput, int port, Element *from, int from_port, int distance) { (void) e, (void) isoutput, (void) port, (void) from, (void) from_port, (void) distance; return true; }
};

class ElementTracker : public RouterVisitor { public:
    explicit ElementTracker(Router *r) : _reached(r->nelements(), false) {}
    typedef Vector<Element *>::const_iterator const_iterator;
    const Vector<Element *> &elements() const { return _elements; }
    int size() const { return _elements.size(); }
    Element *operator[](int i) const { return _elements[i]; }
    const_iterator begin() const { return _elements.begin(); }
    const_iterator end() const { return _elements.end(); }
    bool contains(const Element *e) const { return e->eindex() >= 0 && e->eindex() < _reached.size() && _reached[e->eindex()]; }
    void insert(Element *e) { if (!contains(e)) { _reached.force_bit(e->eindex()) = true; _elements.push_back(e); } }
    void clear() { _reached.clear(); _elements.clear(); }
  private:
    Bitvector _reached;
    Vector<Element *> _elements;
};

/** Elements that cast to a name; what lies behind one is not looked at. */
class ElementCastTracker : public ElementTracker { public:
    ElementCastTracker(Router *r, const String &name) : ElementTracker(r), _name(name) {}
    bool visit(Element *e, bool, int, Element *, int, int) override { if (!e->cast(_name.c_str())) return true; insert(e); return false; }
  private:
    String _name;
};

class ElementNeighborhoodTracker : public ElementTracker { public:
    explicit ElementNeighborhoodTracker(Router *r, int diameter = 1) : ElementTracker(r), _diameter(diameter) {}
    bool visit(Element *e, bool, int, Element *, int, int distance) override { insert(e); return distance < _diameter; }
  private:
    int _diameter;
};

CLICK_ENDDECLS
#endif
