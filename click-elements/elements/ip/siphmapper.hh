#ifndef CLICK_SIPHMAPPER_HH
#define CLICK_SIPHMAPPER_HH
#include "elements/ip/iprwpattern.hh"
CLICK_DECLS

/*
=c
SourceIPHashMapper(NNODES SEED, PATTERN1, ..., PATTERNn)
=s nat
gives flows patterns by their source
=d
For load balancing. A pattern is C<SADDR SPORT DADDR DPORT FOUTPUT ROUTPUT>, as IPRewriter has it, or the name of one and two outputs.
Flows from one source address get one pattern, and while patterns come and go most sources keep theirs: each pattern has NNODES places on a ring, drawn with
SEED and its text, or its ID if a number follows it: C<- - 10.0.0.1 80 0 1 7>. (Click, whose page does not say so, always wants that number.)
=a IPRewriter, IPRewriterPatterns, RoundRobinIPMapper
*/
class SourceIPHashMapper : public Element, public IPMapper { public:
    const char *class_name() const override { return "SourceIPHashMapper"; }
    void *cast(const char *name) override { return strcmp(name, "IPMapper") == 0 ? static_cast<IPMapper *>(this) : Element::cast(name); }
    int configure(Vector<String> &, ErrorHandler *) override;
    IPRWInput *map(const IPRWKey &, int attempt) override;
    int check(int noutputs, ErrorHandler *) override;

  private:
    enum { named_words = 3, pattern_words = 6 };
    Vector<IPRWInput> _patterns;
    struct Place { uint32_t at; int pattern; };
    Vector<Place> _ring;                 // in order
};

CLICK_ENDDECLS
#endif
