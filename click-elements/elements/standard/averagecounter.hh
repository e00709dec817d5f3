#ifndef CLICK_AVERAGECOUNTER_HH
#define CLICK_AVERAGECOUNTER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
AverageCounter([IGNORE])
=s counters
counts packets and bytes, and their average rate from the first to the last
=d
The first IGNORE (0) seconds after the first packet do not count. The clock is that of the driver's rounds, so that it is not read for each packet.
=h count read-only
=h byte_count read-only
=h rate read-only
Packets a second between the first packet and the last.
=h byte_rate read-only
=h reset write-only
=a Counter
*/
class AverageCounter : public BatchElement { public:
    const char *class_name() const override { return "AverageCounter"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *p) override { count(1, p->length()); return p; }
    PacketBatch *simple_action_batch(PacketBatch *) override;

  private:
    uint64_t _count = 0, _bytes = 0;
    int64_t _ignore = 0, _first = 0, _last = 0;       // ns
    void count(uint64_t n, uint64_t bytes) {
        int64_t now = Timestamp::recent_steady().nsecval();
        if (unlikely(!_first)) _first = now;
        if (now - _first < _ignore) return;
        _last = now;
        _count += n, _bytes += bytes;
    }
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
