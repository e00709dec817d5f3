// Packages: elements in shared objects. The first part is for whoever loads them (lib/package.cc), the second is what they call
// and give when they are loaded; tools/lclick-buildtool writes it.
#ifndef CLICK_PACKAGE_HH
#define CLICK_PACKAGE_HH
#include <click/string.hh>
#include <click/vector.hh>
CLICK_DECLS
class Element;
/** Make sure that package @a name is there, from a file of the path if need be; if not, @a why says why. @a landmark is FILE:LINE of
    who asks: a program that cannot load packages begins again as one that can (lclick-dynamic), as long as nothing has been started. */
bool click_require_package(const String &name, const String &landmark, String &why);
/** Load the package in @a file; put in place by programs that can. */
extern bool (*click_package_loader)(const String &name, const String &file, String &why);
/** May require(package) begin the process again as lclick-dynamic? Said by the command lclick only. */
extern bool click_may_become_dynamic;
/** Begin the process again as lclick-dpdk, which is to stand beside this program. Returns only if that cannot be, and says why. */
String click_become_dpdk();
CLICK_ENDDECLS

/** Changes whenever packages built before no longer fit; the sizes catch what nobody thought of. */
#define CLICK_PACKAGE_ABI "lclick-2"
struct click_package_stamp { const char *abi; unsigned sizes[8]; };
#define CLICK_PACKAGE_STAMP {CLICK_PACKAGE_ABI, {sizeof(Packet), sizeof(Element), sizeof(Router), sizeof(Task), sizeof(Timer), sizeof(Args), sizeof(NotifierSignal), sizeof(ErrorHandler)}}

extern "C" {
/** Say that a feature is there, for require(package NAME). */
void click_provide(const char *name);
void click_unprovide(const char *name);
bool click_has_provision(const char *name);
/** The packages loaded. */
void click_public_packages(Vector<String> &names);
/** Returns a number for click_remove_element_type(), or <0. @a name must stay where it is for the stable form. */
int click_add_element_type(const char *name, Element *(*factory)(uintptr_t thunk), uintptr_t thunk);
int click_add_element_type_stable(const char *name, Element *(*factory)(uintptr_t thunk), uintptr_t thunk);
void click_remove_element_type(int);
}
#endif
