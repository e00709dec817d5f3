#ifndef CLICK_IPPRINT_HH
#define CLICK_IPPRINT_HH
#include <click/batchelement.hh>
#include <click/straccum.hh>
#include <stdio.h>
#include "elements/ip/ippacket.hh"
CLICK_DECLS

/*
=c
IPPrint([LABEL, CONTENTS, PAYLOAD, MAXLENGTH, ID, TTL, TOS, LENGTH, TIMESTAMP, AGGREGATE, PAINT, SWAP, OUTFILE, ACTIVE])
=s ip
prints IP packets in a line each, as tcpdump does
=d
Expects the network header to be set; packets without a whole one pass unprinted. CONTENTS or PAYLOAD (C<NONE>, C<HEX>, C<ASCII>) print the
packet, or what follows its transport header, too, at most MAXLENGTH bytes of it (1500; -1 for all). ID, TTL, TOS, LENGTH, AGGREGATE and PAINT
(all false) and TIMESTAMP (true) say which fields come before the addresses. SWAP (true): ICMP identifiers are in network order. OUTFILE: print to
this file (C<-> is standard output) instead of standard error. ACTIVE (true).
=h active read/write
=a Print, CheckIPHeader
*/
class IPPrint : public SimpleElement<IPPrint> { public:
    const char *class_name() const override { return "IPPrint"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override { add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active); }
    Packet *simple_action(Packet *) override;

  private:
    enum Contents { c_none, c_hex, c_ascii };
    String _label, _outfile;
    FILE *_file = nullptr;
    Contents _contents = c_none;
    int _max = 1500;
    bool _payload = false, _id = false, _ttl = false, _tos = false, _length = false, _timestamp = true, _aggregate = false, _paint = false, _swap = true, _active = true;
    static bool contents(String, Contents &, ErrorHandler *);
    void bytes(StringAccum &, const unsigned char *, uint32_t) const;
    uint32_t transport(StringAccum &, const Packet *, const click_ip *, const IPPayload &) const;
    void icmp(StringAccum &, const IPPayload &) const;
};

CLICK_ENDDECLS
#endif
