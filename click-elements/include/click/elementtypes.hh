// The element classes that this binary carries; the table is written by cmake/elements.cmake.
#ifndef CLICK_ELEMENTTYPES_HH
#define CLICK_ELEMENTTYPES_HH
#include <click/vector.hh>
CLICK_DECLS
class Element;
struct ElementType { const char *name; Element *(*make)(); };
extern const ElementType click_element_types[];
extern const int click_nelement_types;
/** Null if there is no such class. */
const ElementType *click_find_element_type(const String &name);
CLICK_ENDDECLS
#endif
