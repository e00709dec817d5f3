#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include "ipclassifier.hh"
CLICK_DECLS

int IPClassifier::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (conf.size() != noutputs())
        return errh->error("need %d arguments, one per output port", noutputs());
    IPFilterProgram program;
    bool ok = true;
    for (int i = 0; i < conf.size(); ++i)
        ok &= program.add(cp_unquote(conf[i]), i, "pattern " + String(i), this, errh);
    if (!ok)
        return -1;
    program.finish();
    for (int i = 0; i < conf.size(); ++i)
        if (program.useless(i)) errh->warning("output %d matches no packets", i);
    _program.swap(program);
    return 0;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPFilterProgram)
EXPORT_ELEMENT(IPClassifier)
