#ifndef CLICK_IPFRAGMENTER_HH
#define CLICK_IPFRAGMENTER_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
IPFragmenter(MTU [, HONOR_DF, VERBOSE, HEADROOM, LINK])
=s ip
cuts large IP packets to fragments
=d
Packets of up to MTU bytes pass. Longer ones become fragments (RFC 791 §3.2), in order, with the packet's annotations; only options that say so are
copied to the later ones. Packets with Don't Fragment, unless HONOR_DF is false, and those for whose header and eight bytes MTU has no room leave on output
1, or are dropped; the first five, and with VERBOSE all, are printed. HEADROOM (28) is that of the fragments. What is before the IP header is dropped; with LINK
true each fragment has a copy, so that whole frames go in and out. (LINK is not in Click.)
=h drops read-only
=h fragments read-only
=a IPReassembler, ICMPError, CheckLength
*/
class IPFragmenter : public BatchElement { public:
    const char *class_name() const override { return "IPFragmenter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;

  private:
    uint32_t _mtu = 0, _headroom = Packet::default_headroom;
    bool _honor_df = true, _verbose = false, _link = false;
    int _said = 0;
    uint64_t _drops = 0, _fragments = 0;
    void fragment(Packet *);
    void refuse(Packet *);
};

CLICK_ENDDECLS
#endif
