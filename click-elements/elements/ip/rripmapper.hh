#ifndef CLICK_RRIPMAPPER_HH
#define CLICK_RRIPMAPPER_HH
#include "elements/ip/iprwpattern.hh"
CLICK_DECLS

/*
=c
RoundRobinIPMapper(PATTERN1, ..., PATTERNn)
=s nat
gives flows patterns in turn
=d
For load balancing. A pattern is C<SADDR SPORT DADDR DPORT FOUTPUT ROUTPUT>, as IPRewriter has it, or the name of one and two outputs. Each new flow of an IPRewriter gets the next pattern, or the next of which a port is free.
=a IPRewriter, IPRewriterPatterns, SourceIPHashMapper
*/
class RoundRobinIPMapper : public Element, public IPMapper { public:
    const char *class_name() const override { return "RoundRobinIPMapper"; }
    void *cast(const char *name) override { return strcmp(name, "IPMapper") == 0 ? static_cast<IPMapper *>(this) : Element::cast(name); }
    int configure(Vector<String> &, ErrorHandler *) override;
    IPRWInput *map(const IPRWKey &, int attempt) override;
    int check(int noutputs, ErrorHandler *) override;

  private:
    Vector<IPRWInput> _patterns;
    uint32_t _next = 0;
};

CLICK_ENDDECLS
#endif
