#ifndef CLICK_ICMPREWRITER_HH
#define CLICK_ICMPREWRITER_HH
#include <click/batchelement.hh>
#include "elements/ip/iprewriterbase.hh"
CLICK_DECLS

/*
=c
ICMPRewriter(MAPS [, DST_ANNO])
=s nat
turns back ICMP errors about packets that rewriters have changed
=d
MAPS is a space-separated list of IPRewriter-like elements. An ICMP error (unreachable, time exceeded, parameter problem, source quench, redirect) that
quotes a packet as one of them sent it is made to quote the packet as it was, and goes to its sender, by output 0. Its own source becomes the packet's old
destination if it was the new one. Other packets leave on output 1, or are dropped. DST_ANNO (true): set the destination annotation.
=a IPRewriter, ICMPPingRewriter
*/
class ICMPRewriter : public SimpleElement<ICMPRewriter> { public:
    const char *class_name() const override { return "ICMPRewriter"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    Packet *simple_action(Packet *) override;

  private:
    Vector<IPRewriterBase *> _maps;
    bool _dst_anno = true;
    static bool quoted_key(const unsigned char *, uint32_t, IPRWKey &);
    bool find(const IPRWKey &, IPRWKey &) const;
};

CLICK_ENDDECLS
#endif
