#ifndef CLICK_TIMERANGE_HH
#define CLICK_TIMERANGE_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
TimeRange([SIMPLE])
=s timestamps
remembers the first and the last time stamp of the packets that pass
=d
SIMPLE true says that time stamps rise.
=h first read-only
=h last read-only
=h range read-only
Both.
=h interval read-only
=h reset write-only
=a TimeFilter
*/
class TimeRange : public SimpleElement<TimeRange> { public:
    const char *class_name() const override { return "TimeRange"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override { bool simple = false; return Args(conf, this, errh).read("SIMPLE", simple).complete(); }
    void add_handlers() override;
    Packet *simple_action(Packet *p) override {
        const Timestamp &t = p->timestamp_anno();
        if (!_first || t < _first) _first = t;
        if (!_last || t > _last) _last = t;
        return p;
    }

  private:
    Timestamp _first, _last;
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
