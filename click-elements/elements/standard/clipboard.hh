#ifndef CLICK_CLIPBOARD_HH
#define CLICK_CLIPBOARD_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
Clipboard(OFFSET/LENGTH, ...)
=s basicmod
copies bytes from one packet to others
=d
Of each packet that passes from input 0 to output 0, the ranges are remembered; they are written into the packets that pass from input 1
to output 1. A range that a packet does not hold as a whole is left as it is.
=a StoreData
*/
class Clipboard : public BatchElement { public:
    const char *class_name() const override { return "Clipboard"; }
    const char *port_count() const override { return "2/2"; }
    const char *flow_code() const override { return "#/#"; }
    const char *flags() const override { return "S0"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void push(int port, Packet *p) override { if ((p = act(port, p))) output(port).push(p); }
    Packet *pull(int port) override { Packet *p = input(port).pull(); return p ? act(port, p) : nullptr; }
    void push_batch(int port, PacketBatch *b) override { if ((b = act(port, b))) output(port).push_batch(b); }
    PacketBatch *pull_batch(int port, unsigned max) override { PacketBatch *b = input(port).pull_batch(max); return b ? act(port, b) : nullptr; }

  private:
    struct Range { uint32_t offset, length; Vector<unsigned char> bytes; bool known; };
    Vector<Range> _ranges;
    Packet *act(int port, Packet *);
    PacketBatch *act(int port, PacketBatch *);
};

CLICK_ENDDECLS
#endif
