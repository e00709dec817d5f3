#include <click/config.h>
#include "setipecn.hh"
#include <click/error.hh>
#include "elements/ip/ipnames.hh"
CLICK_DECLS

int SetIPECN::configure(Vector<String> &conf, ErrorHandler *errh) {
    static const IPName names[] = {{"no", 0}, {"ect1", 1}, {"ECT(1)", 1}, {"ect2", 2}, {"ECT(0)", 2}, {"ce", 3}, {"CE", 3}, {nullptr, 0}};
    String word;
    int ecn;
    if (Args(conf, this, errh).read_mp("ECN", AnyArg(), word).complete() < 0) return -1;
    if (!ip_name(names, word, &ecn) && (!cp_integer(word, &ecn) || ecn < 0 || ecn > 3)) return errh->error("bad ECN argument");
    _ecn = (uint8_t) ecn;
    return 0;
}

void SetIPECN::add_handlers() {
    add_read_handler("ecn", read_keyword_handler, "0 ECN");
    add_write_handler("ecn", reconfigure_keyword_handler, "0 ECN");
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetIPECN)
