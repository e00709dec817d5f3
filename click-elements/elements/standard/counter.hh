#ifndef CLICK_COUNTER_HH
#define CLICK_COUNTER_HH
#include <click/batchelement.hh>
#include <click/handlercall.hh>
CLICK_DECLS

/*
=c
Counter([COUNT_CALL N HANDLER [VALUE], BYTE_COUNT_CALL N HANDLER [VALUE]])
=s counters
counts packets and bytes passing by
=d
COUNT_CALL writes HANDLER once when the count reaches N, BYTE_COUNT_CALL likewise for bytes. The rates are
averages since the last reading of a rate handler or reset (at most over the last second's worth of readings;
upstream keeps a moving average, which costs a clock reading a packet).
=h count read-only
=h byte_count read-only
=h rate read-only
Packets a second.
=h byte_rate read-only
=h bit_rate read-only
=h reset write-only
=h reset_counts write-only
=h count_call read/write
=h byte_count_call write-only
*/
class Counter : public BatchElement { public:
    const char *class_name() const override { return "Counter"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;
    PacketBatch *simple_action_batch(PacketBatch *) override;
    void push_batch(int, PacketBatch *) override;
    /** Packets that passed elsewhere (GTPFastPath) count as if it had been here. */
    void credit(uint64_t packets, uint64_t bytes) { _count += packets, _bytes += bytes, check_triggers(); }

  private:
    struct Trigger { uint64_t at = UINT64_MAX; HandlerCall call; String text; };
    uint64_t _count = 0, _bytes = 0;
    Trigger _on_count, _on_bytes;
    Timestamp _since;
    uint64_t _since_count = 0, _since_bytes = 0;
    double _rate = 0, _byte_rate = 0;

    void reset();
    void update_rates();
    int set_trigger(Trigger &, const String &, bool running, ErrorHandler *);
    static void fire(Trigger &);
    void check_triggers();
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
