// The Click language: text in, Router out. See lib/lexer.cc (text to syntax tree) and lib/flatten.cc (tree to router).
#ifndef CLICK_LEXER_HH
#define CLICK_LEXER_HH
#include <click/router.hh>
CLICK_DECLS

/** NAME=VALUE from the command line. */
struct Definition { String name, value; };

/** Parse @a text, add a ControlSocket for each of @a control_sockets (element name = arguments), and build a router; null, with complaints, if it cannot be. Not yet initialised. */
Router *click_read_router(const String &text, const String &filename, const Vector<Definition> &defs,
                          const Vector<Definition> &control_sockets, Master *, ErrorHandler *);

CLICK_ENDDECLS
#endif
