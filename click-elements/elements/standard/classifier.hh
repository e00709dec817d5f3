#ifndef CLICK_CLASSIFIER_HH
#define CLICK_CLASSIFIER_HH
#include <click/batchelement.hh>
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
=a IPClassifier
*/
class Classifier : public ClassifyElement<Classifier> { public:
    const char *class_name() const override { return "Classifier"; }
    const char *port_count() const override { return "1/-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    int classify(Packet *);

  private:
    struct Clause { bool negate; uint32_t offset; Vector<uint8_t> value, mask; };
    typedef Vector<Clause> Pattern;
    Vector<Pattern> _patterns;
    static bool parse(const String &, Pattern &, int number, ErrorHandler *);
    static bool matches(const Clause &, const Packet *);
};

CLICK_ENDDECLS
#endif
