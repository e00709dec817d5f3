#ifndef CLICK_IPRWPATTERNS_HH
#define CLICK_IPRWPATTERNS_HH
#include "elements/ip/iprwpattern.hh"
CLICK_DECLS

/*
=c
IPRewriterPatterns(NAME SADDR SPORT DADDR DPORT, ...)
=s nat
names patterns that rewriters share
=d
Ranges of ports are shared too. A name may stand for one pattern in the whole configuration.
=a IPRewriter
*/
class IPRewriterPatterns : public Element { public:
    const char *class_name() const override { return "IPRewriterPatterns"; }
    void *cast(const char *name) override { return strcmp(name, "IPRewriterPatterns") == 0 ? this : Element::cast(name); }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    int configure(Vector<String> &, ErrorHandler *) override;
    static IPRWPattern *find(Router *, const String &name);

  private:
    Vector<String> _names;
    Vector<IPRWPattern> _patterns;
};

CLICK_ENDDECLS
#endif
