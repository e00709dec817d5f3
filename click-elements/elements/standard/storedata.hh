#ifndef CLICK_STOREDATA_HH
#define CLICK_STOREDATA_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
StoreData(OFFSET, DATA)
=s basicmod
writes DATA over the packet's bytes from OFFSET on
=d
The packet keeps its length: what does not fit is left out.
=a Clipboard, Strip
*/
class StoreData : public SimpleElement<StoreData> { public:
    const char *class_name() const override { return "StoreData"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    Packet *simple_action(Packet *) override;

  private:
    uint32_t _offset = 0;
    String _data;
};

CLICK_ENDDECLS
#endif
