#ifndef CLICK_STRIDE_HH
#define CLICK_STRIDE_HH
#include <click/element.hh>
CLICK_DECLS

/** Shares out turns among ports by their tickets: a turn costs a port 2^16 / tickets, and who has paid least is next. */
class StrideTable { public:
    int configure(const Vector<String> &, Element *, bool outputs, ErrorHandler *);
    void add_handlers(Element *, StrideTable *(*of)(Element *));
    int size() const { return _ports.size(); }
    /** The port whose turn it is, -1 if none has tickets. Those in @a tried (may be null) are left out. */
    int next(const Vector<char> *tried = nullptr) const {
        int best = -1;
        for (int i = 0; i < _ports.size(); ++i)
            if (_ports[i].tickets && !(tried && (*tried)[i]) && (best < 0 || _ports[i].pass < _ports[best].pass)) best = i;
        return best;
    }
    void took_turn(int port) { _ports[port].pass += _ports[port].stride; }
    int tickets(int port) const { return _ports[port].tickets; }
    void set_tickets(int port, int n);
  private:
    enum { max_tickets = 1 << 15, stride1 = 1 << 16 };
    struct Port { int tickets = 0; uint64_t stride = 0, pass = 0; };
    Vector<Port> _ports;
};

CLICK_ENDDECLS
#endif
