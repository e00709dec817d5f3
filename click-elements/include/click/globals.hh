#ifndef CLICK_GLOBALS_HH
#define CLICK_GLOBALS_HH
#include <click/lexer.hh>
CLICK_DECLS

/** What the driver was told at its start and needs again for each new configuration. */
struct DriverOptions {
    Vector<Definition> definitions, control_sockets;
    bool hotswap = false;        // may the configuration be replaced (-R)?
};

/** The global handlers, and `hotconfig` if @a options allow it; @a options must outlive the router. */
void click_add_global_handlers(Router *, const DriverOptions *options = nullptr);

CLICK_ENDDECLS
#endif
