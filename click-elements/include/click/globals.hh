#ifndef CLICK_GLOBALS_HH
#define CLICK_GLOBALS_HH
CLICK_DECLS
class Router;
void click_add_global_handlers(Router *);
CLICK_ENDDECLS
#endif
