#ifndef CLICK_RANDOMBITERRORS_HH
#define CLICK_RANDOMBITERRORS_HH
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
RandomBitErrors(P [, KIND, ACTIVE])
=s basicmod
changes bits at random
=d
Each bit of each packet is changed with probability P: inverted (KIND C<flip>, the default), set to 1 (C<set>) or to 0 (C<clear>).
=h p_bit_error read/write
=h error_kind read/write
=h active read/write
=a RandomSample
*/
class RandomBitErrors : public SimpleElement<RandomBitErrors> { public:
    const char *class_name() const override { return "RandomBitErrors"; }
    const char *port_count() const override { return PORTS_1_1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    Packet *simple_action(Packet *) override;

  private:
    enum Kind { k_flip, k_set, k_clear };
    double _p = 0, _log = 0;          // _log: ln(1 - P)
    Kind _kind = k_flip;
    bool _active = true;
    int set_p(double p, ErrorHandler *);
    int set_kind(const String &, ErrorHandler *);
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
