#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include "ipfilter.hh"
CLICK_DECLS

int IPFilter::configure(Vector<String> &conf, ErrorHandler *errh) {
    IPFilterProgram program;
    bool ok = true;
    for (int i = 0; i < conf.size(); ++i) {
        String rule = cp_unquote(conf[i]), action = cp_shift_spacevec(rule), what = "rule " + String(i);
        int output = IPFilterProgram::drop;
        if (action == "allow")
            output = 0;
        else if (action != "deny" && action != "drop" && (!cp_integer(action, &output) || output < 0)) {
            ok = false;
            errh->error("%s: unknown action %<%s%>", what.c_str(), action.c_str());
            continue;
        }
        if (output >= noutputs()) {
            ok = false;
            errh->error("%s: there is no output %d", what.c_str(), output);
            continue;
        }
        ok &= program.add(rule, output, what, this, errh);
    }
    if (!ok)
        return -1;
    program.finish();
    _program.swap(program);
    return 0;
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPFilterProgram)
EXPORT_ELEMENT(IPFilter)
