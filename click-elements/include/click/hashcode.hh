#ifndef CLICK_HASHCODE_HH
#define CLICK_HASHCODE_HH
#include <click/glue.hh>
#include <click/type_traits.hh>
CLICK_DECLS
/** What T is found by in hash tables of whole T: its hashkey(), and of what type that is. */
template <typename T> inline auto hashkey(const T &x) -> decltype(x.hashkey()) { return x.hashkey(); }
inline int hashkey(int x) { return x; }
inline unsigned hashkey(unsigned x) { return x; }
inline const String &hashkey(const String &x) { return x; }
CLICK_ENDDECLS
#endif
