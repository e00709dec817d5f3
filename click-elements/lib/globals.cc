// The global handlers: those of the router as a whole.
#include <click/config.h>
#include <click/elementtypes.hh>
#include <click/globals.hh>
#include <click/router.hh>
CLICK_DECLS

namespace {
enum { h_version, h_driver, h_config, h_flatconfig, h_requirements, h_handlers, h_list, h_classes, h_packages };

String read_global(Element *root, void *data) {
    Router *r = root->router();
    StringAccum sa;
    switch ((uintptr_t) data) {
    case h_version: return CLICK_VERSION;
    case h_driver: return "userlevel";
    case h_config: return r->configuration_string();
    case h_flatconfig: return r->flat_configuration();
    case h_requirements:
        for (String s : r->requirements()) {
            cp_shift_spacevec(s);
            sa << s << '\n';
        }
        return sa.take_string();
    case h_handlers:
        for (const Handler *h : r->handlers(root))
            sa << h->name() << '\t' << h->unparse_flags() << '\n';
        return sa.take_string();
    case h_list:
        sa << r->nelements() << '\n';
        for (int i = 0; i < r->nelements(); ++i)
            sa << r->ename(i) << '\n';
        return sa.take_string();
    case h_classes:
        for (int i = 0; i < click_nelement_types; ++i)
            sa << click_element_types[i].name << '\n';
        return sa.take_string();
    default:
        return String();    // packages: none can be loaded
    }
}

int stop(const String &, Element *root, void *, ErrorHandler *) {
    root->router()->please_stop_driver();
    return 0;
}
}

void click_add_global_handlers(Router *r) {
    static const struct { const char *name; int which; } names[] = {
        {"version", h_version}, {"driver", h_driver}, {"config", h_config}, {"flatconfig", h_flatconfig},
        {"requirements", h_requirements}, {"handlers", h_handlers}, {"list", h_list}};
    Element *root = r->root_element();
    for (const auto &n : names)
        root->add_read_handler(n.name, read_global, n.which);
    root->add_write_handler("stop", stop, 0);
    root->add_read_handler("classes", read_global, h_classes);
    root->add_read_handler("packages", read_global, h_packages);
}

CLICK_ENDDECLS
