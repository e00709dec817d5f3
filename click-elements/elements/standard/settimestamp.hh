#ifndef CLICK_SETTIMESTAMP_HH
#define CLICK_SETTIMESTAMP_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetTimestamp([TIMESTAMP, FIRST])
=s timestamps
sets packets' time stamp to TIMESTAMP, or to the present time
=d
With FIRST true, sets the first-timestamp annotation instead. The clock is read once a batch.
=a SetTimestampDelta, TimeRange, TimeFilter
*/
class SetTimestamp : public BatchElement { public:
    const char *class_name() const override { return "SetTimestamp"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *p) override { set(p, time()); return p; }
    PacketBatch *simple_action_batch(PacketBatch *) override;

  private:
    Timestamp _time;
    bool _fixed = false, _first = false;
    Timestamp time() const { return _fixed ? _time : Timestamp::now(); }
    void set(Packet *, const Timestamp &) const;
};

CLICK_ENDDECLS
#endif
