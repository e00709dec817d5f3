#include <click/config.h>
#include <click/error.hh>
#include "gtpbearerprint.hh"
#include <click/args.hh>
CLICK_DECLS

int GTPBearerPrint::configure(Vector<String> &conf, ErrorHandler *errh) {
    _label = name();
    if (Args(conf, this, errh).read_p("LABEL", _label).read("ACTIVE", _active).read("KEEP", BoundedIntArg(0, 4096), _keep).complete() < 0) return -1;
    _events.assign((int) _keep, GTPBearerEvent());
    return 0;
}

const char *GTPBearerPrint::kind_name(GTPBearerEvent::Kind kind) {
    static const char *const names[] = {"setup", "modify", "suspend", "release"};
    return names[kind];
}

static void unparse_end(StringAccum &sa, const char *name, const GTPEndpoint &end) {
    sa << ' ' << name << ' ';
    if (end) {
        sa << end.address.unparse();
        sa.snprintf(16, "/0x%x", end.teid);
    } else
        sa << '-';
}

void GTPBearerPrint::unparse(StringAccum &sa, const GTPBearerEvent &e) {
    sa << kind_name(e.kind) << ' ' << e.protocol << " ebi " << (int) e.ebi;
    unparse_end(sa, "uplink", e.uplink);
    unparse_end(sa, "downlink", e.downlink);
    sa << " ue";
    if (e.ue4) sa << ' ' << e.ue4.unparse();
    if (e.ue6) sa << ' ' << e.ue6.unparse() << '/' << (int) e.ue6_prefix_length;
    if (!e.ue4 && !e.ue6) sa << " -";
}

void GTPBearerPrint::bearer_event(const GTPBearerEvent &e) {
    if (_keep) _events[(int) (_count % _keep)] = e;
    ++_count;
    if (!_active) return;
    StringAccum sa;
    if (_label) sa << _label << ": ";
    unparse(sa, e);
    click_chatter("%s", sa.c_str());
}

String GTPBearerPrint::read(Element *e, void *) {
    GTPBearerPrint *p = static_cast<GTPBearerPrint *>(e);
    StringAccum sa;
    for (uint64_t i = p->_count > p->_keep ? p->_count - p->_keep : 0; i < p->_count; ++i) {
        unparse(sa, p->_events[(int) (i % p->_keep)]);
        sa << '\n';
    }
    return sa.take_string();
}

int GTPBearerPrint::clear(const String &, Element *e, void *, ErrorHandler *) {
    static_cast<GTPBearerPrint *>(e)->_count = 0;
    return 0;
}

void GTPBearerPrint::add_handlers() {
    add_read_handler("events", read, 0);
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("active", Handler::f_read | Handler::f_write | Handler::f_checkbox, &_active);
    add_write_handler("clear", clear, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(GTPAddress)
EXPORT_ELEMENT(GTPBearerPrint)
