// The textual side of configuration strings: comments, quotes, splitting, numbers.
#ifndef CLICK_CONFPARSE_HH
#define CLICK_CONFPARSE_HH
#include <click/vector.hh>
CLICK_DECLS
class IPAddress;
class EtherAddress;
class Element;

const char *cp_skip_space(const char *begin, const char *end);
/** Past one comment starting at @a begin, which is at a slash-slash or slash-star. */
const char *cp_skip_comment(const char *begin, const char *end);
bool cp_is_space(const String &);
bool cp_is_word(const String &);
bool cp_is_click_id(const String &);
/** Comments become one space, outer space is removed, quoted text is left alone. */
String cp_uncomment(const String &);
/** Comments and quotes removed, escapes expanded: the value that a string argument stands for. */
String cp_unquote(const String &);
/** The reverse: @a s such that cp_unquote() gives it back. */
String cp_quote(const String &s, bool allow_newlines = false);
/** Split at top-level commas; a trailing empty argument is dropped. */
void cp_argvec(const String &, Vector<String> &);
String cp_unargvec(const Vector<String> &);
void cp_spacevec(const String &, Vector<String> &);
String cp_unspacevec(const Vector<String> &);
/** Remove and return the first space-separated word. */
String cp_shift_spacevec(String &);
String cp_shift_spacevec(String &, bool unquote);

bool cp_integer(const String &, int base, int64_t *result);
bool cp_integer(const String &, int *result);
bool cp_integer(const String &, unsigned *result);
bool cp_integer(const String &, int64_t *result);
bool cp_integer(const String &, uint64_t *result);
bool cp_bool(const String &, bool *result);
bool cp_double(const String &, double *result);
bool cp_string(const String &, String *result, String *rest = nullptr);
bool cp_word(const String &, String *result, String *rest = nullptr);
bool cp_keyword(const String &, String *result, String *rest = nullptr);
bool cp_ip_address(const String &, IPAddress *result, const Element *context = nullptr);
bool cp_ip_prefix(const String &, IPAddress *addr, IPAddress *mask, bool allow_bare_address = false, const Element *context = nullptr);
bool cp_ethernet_address(const String &, EtherAddress *result, const Element *context = nullptr);
/** Seconds with an optional unit (s, ms, us, ns, min, h), as nanoseconds. */
bool cp_time(const String &, int64_t *ns);

CLICK_ENDDECLS
#endif
