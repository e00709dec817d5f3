#ifndef CLICK_RANDOMSAMPLE_HH
#define CLICK_RANDOMSAMPLE_HH
#include <click/args.hh>
#include <click/batchelement.hh>
CLICK_DECLS

/*
=c
RandomSample([P, SAMPLE, DROP, ACTIVE])
=s classification
lets packets pass with some probability
=d
Each packet leaves on output 0 with probability P (or SAMPLE P, or DROP 1-P: one of the three), else on output 1, or is dropped if
there is none. With ACTIVE false, all leave on output 0.
=h sampling_prob read/write
=h drop_prob read/write
=h active read/write
=h drops read-only
Packets that did not pass.
=a RandomSwitch
*/
class RandomSample : public SimpleElement<RandomSample> { public:
    const char *class_name() const override { return "RandomSample"; }
    const char *port_count() const override { return PORTS_1_1X2; }
    const char *processing() const override { return PROCESSING_A_AH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool can_live_reconfigure() const override { return true; }
    void add_handlers() override;
    Packet *simple_action(Packet *p) override {
        if (!_active || click_random() < _pass) return p;
        ++_drops;
        checked_output_push(1, p);
        return nullptr;
    }

  private:
    uint64_t _pass = 0;          // of 2^32
    bool _active = true;
    uint64_t _drops = 0;
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

/** A probability, 0 to 1, as a part of 2^32. */
struct ProbabilityArg { static bool parse(const String &, uint64_t &result, const ArgContext & = blank_args); };
String unparse_probability(uint64_t);

CLICK_ENDDECLS
#endif
