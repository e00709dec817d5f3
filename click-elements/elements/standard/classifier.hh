#ifndef CLICK_CLASSIFIER_HH
#define CLICK_CLASSIFIER_HH
#include <click/batchelement.hh>
#include "elements/ip/decision.hh"
CLICK_DECLS

/*
=c
Classifier(PATTERN1, ..., PATTERNn)
=s classification
sends packets to the output of the first pattern that matches their bytes
=d
A pattern is a list of clauses, all of which must hold: C<OFFSET/VALUE> or C<OFFSET/VALUE%MASK>, in hex digits, with
C<?> for any digit and a leading C<!> to negate. C<-> matches everything. A packet too short for a clause does not
match it. Packets that match nothing are dropped.
=h config read/write
=h program read-only
What the patterns were compiled to.
=a IPClassifier
*/
class Classifier : public ClassifyElement<Classifier> { public:
    const char *class_name() const override { return "Classifier"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override { add_read_handler("program", read, 0); }
    int classify(Packet *p) { return _program.run(p->data(), p->length(), 0); }

  private:
    struct Clause { bool negate; uint32_t offset; Vector<uint8_t> value, mask; };
    typedef Vector<Clause> Pattern;
    DecisionProgram _program;
    static bool parse(const String &, Pattern &, int number, ErrorHandler *);
    static int compile(DecisionProgram &, const Clause &, int yes, int no);
    static String read(Element *e, void *) { return static_cast<Classifier *>(e)->_program.unparse(); }
};

CLICK_ENDDECLS
#endif
