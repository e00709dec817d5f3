// The element classes that this binary carries; the table is written by cmake/elements.cmake.
#ifndef CLICK_ELEMENTTYPES_HH
#define CLICK_ELEMENTTYPES_HH
#include <click/vector.hh>
CLICK_DECLS
class Element;
struct ElementType {
    const char *name;
    Element *(*factory)(uintptr_t);
    uintptr_t thunk;
    Element *make() const { return factory(thunk); }
};
extern const ElementType click_element_types[];
extern const int click_nelement_types;
/** Those of lclick-dpdk, which are there once DPDK runs; in the other programs only their names. */
extern const ElementType click_dpdk_element_types[];
extern const int click_ndpdk_element_types;
extern const char *const click_dpdk_element_names[];
/** Null if there is no such class. Classes of packages come first. */
const ElementType *click_find_element_type(const String &name);
/** Why there is no class of this name, as far as that is known: text to put behind the complaint. */
String click_why_no_element_type(const String &name);
/** The names of all classes, those of packages too. */
void click_element_type_names(Vector<String> &);
CLICK_ENDDECLS
#endif
