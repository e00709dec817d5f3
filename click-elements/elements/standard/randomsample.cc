#include <click/config.h>
#include "randomsample.hh"
#include <click/error.hh>
#include <click/straccum.hh>
CLICK_DECLS

bool ProbabilityArg::parse(const String &s, uint64_t &result, const ArgContext &args) {
    double d;
    if (!cp_double(s, &d))
        return false;
    if (d < 0 || d > 1) {
        args.error("must be between 0 and 1");
        return false;
    }
    result = (uint64_t) (d * 4294967296.0 + 0.5);
    return true;
}

String unparse_probability(uint64_t p) {
    StringAccum sa;
    sa.snprintf(32, "%.9g", p / 4294967296.0);
    return sa.take_string();
}

int RandomSample::configure(Vector<String> &conf, ErrorHandler *errh) {
    uint64_t p = 0, sample = 0, drop = 0;
    bool active = true, has_p, has_sample, has_drop;
    if (Args(conf, this, errh).read_p("P", ProbabilityArg(), p).read_status(has_p).read("SAMPLE", ProbabilityArg(), sample).read_status(has_sample)
            .read("DROP", ProbabilityArg(), drop).read_status(has_drop).read("ACTIVE", active).complete() < 0)
        return -1;
    if (has_p + has_sample + has_drop != 1)
        return errh->error(has_p + has_sample + has_drop ? "give one of P, SAMPLE and DROP" : "no sampling probability specified");
    _pass = has_p ? p : has_sample ? sample : (uint64_t(1) << 32) - drop;
    _active = active;
    return 0;
}

String RandomSample::read(Element *e, void *data) {
    uint64_t p = static_cast<RandomSample *>(e)->_pass;
    return unparse_probability(data ? (uint64_t(1) << 32) - p : p);
}

int RandomSample::write(const String &s, Element *e, void *data, ErrorHandler *errh) {
    uint64_t p;
    if (!ProbabilityArg().parse(cp_uncomment(s), p, ArgContext(e, errh)))
        return errh->error("expected probability");
    static_cast<RandomSample *>(e)->_pass = data ? (uint64_t(1) << 32) - p : p;
    return 0;
}

void RandomSample::add_handlers() {
    add_read_handler("sampling_prob", read, 0);
    add_write_handler("sampling_prob", write, 0);
    add_read_handler("drop_prob", read, 1);
    add_write_handler("drop_prob", write, 1);
    add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active);
    add_data_handlers("drops", Handler::f_read, &_drops);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(RandomSample)
