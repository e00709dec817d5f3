#ifndef CLICK_SETTIMESTAMPDELTA_HH
#define CLICK_SETTIMESTAMPDELTA_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
SetTimestampDelta([TYPE RANGE | NOW | FIRST])
=s timestamps
replaces time stamps by differences
=d
RANGE (the default): since the first time stamp seen. NOW: until now. FIRST: since the packet's first-timestamp annotation. Packets without
time stamp are left alone.
=h first read-only
=h reset write-only
Forgets the first time stamp.
=a SetTimestamp, TimeFilter
*/
class SetTimestampDelta : public SimpleElement<SetTimestampDelta> { public:
    const char *class_name() const override { return "SetTimestampDelta"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    enum Type { t_range, t_now, t_first } _type = t_range;
    Timestamp _first;
    static int reset(const String &, Element *e, void *, ErrorHandler *) { static_cast<SetTimestampDelta *>(e)->_first = Timestamp(); return 0; }
};

CLICK_ENDDECLS
#endif
