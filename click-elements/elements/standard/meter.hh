#ifndef CLICK_METER_HH
#define CLICK_METER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Meter(RATE1, RATE2, ..., RATEn)
=s shaping
sends all packets to the output that the present rate decides
=d
The rate, in packets a second, is a moving average over some 16 ms. Packets leave on output 0 while it is below RATE1, on output
1 while it is below RATE2, and so on. All packets go the same way; RatedSplitter divides the stream instead. Rates must rise.
=h rate read-only
=h meters read-only
The rates, one a line.
=a BandwidthMeter, RatedSplitter, Shaper
*/
class Meter : public BatchElement { public:
    Meter() : Meter(false) {}
    const char *class_name() const override { return "Meter"; }
    const char *port_count() const override { return "1/2-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void push(int, Packet *p) override { output(choose(_bandwidth ? p->length() : 1)).push(p); }
    void push_batch(int, PacketBatch *) override;

  protected:
    explicit Meter(bool bandwidth) : _bandwidth(bandwidth) {}

  private:
    enum { shift = 4, scale = 10 };
    const bool _bandwidth;
    Vector<uint64_t> _meters;
    int64_t _ms = 0;                    // the millisecond that _current counts
    uint64_t _current = 0, _average = 0;   // _average: a millisecond, times 2^scale
    void update();
    int choose(uint64_t n);
    static String read(Element *, void *);
};

CLICK_ENDDECLS
#endif
