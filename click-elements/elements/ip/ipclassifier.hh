#ifndef CLICK_IPCLASSIFIER_HH
#define CLICK_IPCLASSIFIER_HH
#include <click/batchelement.hh>
#include "elements/ip/ipfilterprogram.hh"
CLICK_DECLS

/*
=c
IPClassifier(PATTERN1, ..., PATTERNn)
=s ip
sends IP packets to the output of the first pattern that matches
=d
Expects the network header to be set; packets without one are dropped, as are those that nothing matches. Patterns are
in the language of IPFilter; C<-> matches everything.
=h config read/write
The patterns can be changed while packets flow; bad ones are refused and change nothing.
=h program read-only
What the patterns were compiled to.
=a IPFilter, Classifier
*/
class IPClassifier : public ClassifyElement<IPClassifier> { public:
    const char *class_name() const override { return "IPClassifier"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_read_handler("program", read, 0); }
    int classify(Packet *p) { return _program.run(p); }

  private:
    IPFilterProgram _program;
    static String read(Element *e, void *) { return static_cast<IPClassifier *>(e)->_program.unparse(); }
};

CLICK_ENDDECLS
#endif
