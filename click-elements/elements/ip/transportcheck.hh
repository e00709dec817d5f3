#ifndef LCLICK_TRANSPORTCHECK_HH
#define LCLICK_TRANSPORTCHECK_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/straccum.hh>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/** What CheckTCPHeader, CheckUDPHeader and CheckICMPHeader share. T has `Reason check(const Packet *, const click_ip *, const IPPayload &)`. */
template <typename T> class TransportCheck : public SimpleElement<TransportCheck<T>> { public:
    enum Reason { ok = -1, not_it, bad_length, bad_checksum, nreasons };
    explicit TransportCheck(const char *name) : _name(name) {}
    const char *port_count() const override { return Element::PORTS_1_1X2; }
    const char *processing() const override { return Element::PROCESSING_A_AH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override {
        bool details;
        return Args(conf, this, errh).read("VERBOSE", _verbose).read("DETAILS", details).complete();
    }
    void add_handlers() override {
        this->add_data_handlers("count", Handler::f_read, &_count);
        this->add_read_handler("drops", read, 0);
        this->add_read_handler("drop_details", read, 1);
    }
    Packet *simple_action(Packet *p) {
        const click_ip *ip = ip_whole_header(p);
        Reason r = ip ? static_cast<T *>(this)->check(ip, IPPayload(p, ip)) : not_it;
        if (likely(r == ok)) return ++_count, p;
        ++_drops[r];
        if (_verbose || !_said) click_chatter("%s: %s header check failed: %s", this->declaration().c_str(), _name, reason(r).c_str());
        _said = true;
        this->checked_output_push(1, p);
        return nullptr;
    }

  private:
    const char *_name;
    bool _verbose = false, _said = false;
    uint64_t _count = 0, _drops[nreasons] = {};
    String reason(int r) const { return r == not_it ? String("not ") + _name : r == bad_length ? String("bad packet length") : String("bad ") + _name + " checksum"; }
    static String read(Element *e, void *details) {
        T *c = static_cast<T *>(e);
        StringAccum sa;
        uint64_t sum = 0;
        for (int i = 0; i < nreasons; ++i) {
            sum += c->_drops[i];
            sa << c->_drops[i] << '\t' << c->reason(i) << '\n';
        }
        return details ? sa.take_string() : String(sum);
    }
};

CLICK_ENDDECLS
#endif
