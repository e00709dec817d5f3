#include <click/config.h>
#include "rripmapper.hh"
#include <click/error.hh>
CLICK_DECLS

int RoundRobinIPMapper::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (conf.empty()) return errh->error("no patterns given");
    if (conf.size() == 1) errh->warning("only one pattern given");
    _patterns.resize(conf.size());
    bool good = true;
    // The rewriter will say how many outputs there are.
    for (int i = 0; i < conf.size(); ++i) good = _patterns[i].parse("pattern " + conf[i], this, INT_MAX, "pattern " + String(i), errh) && good;
    return good ? 0 : -1;
}

int RoundRobinIPMapper::check(int noutputs, ErrorHandler *errh) {
    for (const IPRWInput &p : _patterns)
        if (p.foutput >= noutputs || p.routput >= noutputs) return errh->error("%s: output port out of range", name().c_str());
    return 0;
}

IPRWInput *RoundRobinIPMapper::map(const IPRWKey &, int attempt) {
    if (attempt >= _patterns.size()) return nullptr;
    uint32_t i = _next++;
    _next %= _patterns.size();
    return &_patterns[i];
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPRWPattern)
EXPORT_ELEMENT(RoundRobinIPMapper)
