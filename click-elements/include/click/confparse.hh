// The textual side of configuration strings: comments, quotes, splitting, numbers.
#ifndef CLICK_CONFPARSE_HH
#define CLICK_CONFPARSE_HH
#include <click/string.hh>
#include <click/vector.hh>
CLICK_DECLS
class IPAddress;
class EtherAddress;
class Element;
class ErrorHandler;
class Handler;
class IP6Address;
struct in6_addr;
struct in_addr;
class StringAccum;
class Timestamp;

const char *cp_skip_space(const char *begin, const char *end);
/** Past one comment starting at @a begin, which is at a slash-slash or slash-star. */
const char *cp_skip_comment(const char *begin, const char *end);
const char *cp_skip_comment_space(const char *begin, const char *end);
/** Past the quoted text at @a begin. */
const char *cp_skip_double_quote(const char *begin, const char *end);
/** Remove leading space; was there any? */
bool cp_eat_space(String &);
/** Append what the escape at @a begin stands for; returns where it ends. */
const char *cp_process_backslash(const char *begin, const char *end, StringAccum &);
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
String cp_unspacevec(const String *begin, const String *end);
/** Remove and return the first space-separated word. */
String cp_shift_spacevec(String &);
String cp_shift_spacevec(String &, bool unquote);

// Each of these says whether all of its text is such a thing, and stores nothing if not.
bool cp_integer(const String &, int base, int64_t *result);
bool cp_integer(const String &, int base, uint64_t *result);
template <typename T> inline bool cp_integer(const String &s, int base, T *result) {
    typename std::conditional<std::is_signed<T>::value, int64_t, uint64_t>::type x;
    if (!cp_integer(s, base, &x) || x != (T) x) return false;
    *result = (T) x;
    return true;
}
template <typename T> inline bool cp_integer(const String &s, T *result) { return cp_integer(s, 0, result); }
/** As much of [begin, end) as is a number; returns where it ends, begin if there is none. What does not fit is cut to the largest value. */
const char *cp_integer(const char *begin, const char *end, int base, int64_t *result);
const char *cp_integer(const char *begin, const char *end, int base, uint64_t *result);
const char *cp_integer(const char *begin, const char *end, int base, int *result);
const char *cp_integer(const char *begin, const char *end, int base, unsigned *result);
// The one of `long` and `long long` that int64_t is not
#if __SIZEOF_LONG__ == 4
inline const char *cp_integer(const char *begin, const char *end, int base, long *result) { return cp_integer(begin, end, base, (int *) result); }
inline const char *cp_integer(const char *begin, const char *end, int base, unsigned long *result) { return cp_integer(begin, end, base, (unsigned *) result); }
#else
inline const char *cp_integer(const char *begin, const char *end, int base, long long *result) { return cp_integer(begin, end, base, (int64_t *) result); }
inline const char *cp_integer(const char *begin, const char *end, int base, unsigned long long *result) { return cp_integer(begin, end, base, (uint64_t *) result); }
#endif
template <typename T> inline const unsigned char *cp_integer(const unsigned char *begin, const unsigned char *end, int base, T *result) {
    return (const unsigned char *) cp_integer((const char *) begin, (const char *) end, base, result);
}
bool cp_bool(const String &, bool *result);
bool cp_double(const String &, double *result);
bool cp_string(const String &, String *result, String *rest = nullptr);
bool cp_word(const String &, String *result, String *rest = nullptr);
bool cp_keyword(const String &, String *result, String *rest = nullptr);
bool cp_filename(const String &, String *result);
bool cp_file_offset(const String &, off_t *result);
bool cp_ip_address(const String &, IPAddress *result, const Element *context = nullptr);
bool cp_ip_address(const String &, struct in_addr *result, const Element *context = nullptr);
bool cp_ip_address(const String &, unsigned char *result, const Element *context = nullptr);
bool cp_ip_address_list(const String &, Vector<IPAddress> *result, const Element *context = nullptr);
bool cp_ip_prefix(const String &, IPAddress *addr, IPAddress *mask, bool allow_bare_address = false, const Element *context = nullptr);
bool cp_ip_prefix(const String &, unsigned char *addr, unsigned char *mask, bool allow_bare_address = false, const Element *context = nullptr);
bool cp_ip6_address(const String &, IP6Address *result, const Element *context = nullptr);
bool cp_ip6_address(const String &, struct in6_addr *result, const Element *context = nullptr);
bool cp_ip6_address(const String &, unsigned char *result, const Element *context = nullptr);
bool cp_ip6_prefix(const String &, IP6Address *addr, int *prefix_len, bool allow_bare_address = false, const Element *context = nullptr);
bool cp_ip6_prefix(const String &, IP6Address *addr, IP6Address *mask, bool allow_bare_address = false, const Element *context = nullptr);
bool cp_ip6_prefix(const String &, unsigned char *addr, unsigned char *mask, bool allow_bare_address = false, const Element *context = nullptr);
bool cp_ethernet_address(const String &, EtherAddress *result, const Element *context = nullptr);
bool cp_ethernet_address(const String &, unsigned char *result, const Element *context = nullptr);
bool cp_tcpudp_port(const String &, int proto, uint16_t *result, const Element *context = nullptr);
Element *cp_element(const String &, const Element *context, ErrorHandler *errh = nullptr, const char *argname = nullptr);
bool cp_handler_name(const String &, Element **, String *hname, const Element *context, ErrorHandler *errh = nullptr);
bool cp_handler(const String &, int flags, Element **, const Handler **, const Element *context, ErrorHandler *errh = nullptr);
bool cp_anno(const String &, int size, int *result, const Element *context = nullptr);
/** Binary and decimal fractions, times 2^bits or 10^digits, rounded. */
bool cp_real2(const String &, int frac_bits, int32_t *result);
bool cp_real2(const String &, int frac_bits, uint32_t *result);
bool cp_real10(const String &, int frac_digits, int32_t *result);
bool cp_real10(const String &, int frac_digits, uint32_t *result);
bool cp_seconds_as(const String &, int frac_digits, uint32_t *result);
inline bool cp_seconds_as_milli(const String &s, uint32_t *result) { return cp_seconds_as(s, 3, result); }
inline bool cp_seconds_as_micro(const String &s, uint32_t *result) { return cp_seconds_as(s, 6, result); }
bool cp_seconds(const String &, double *result);
bool cp_time(const String &, Timestamp *result, bool allow_negative = false);
bool cp_time(const String &, struct timeval *result);
/** Bytes a second: a number with an optional unit, such as `10kbps`, `2 MBps`; without one, bytes. */
bool cp_bandwidth(const String &, uint32_t *result);
String cp_unparse_bool(bool);
String cp_unparse_real2(int64_t value, int frac_bits);
String cp_unparse_real2(uint64_t value, int frac_bits);
inline String cp_unparse_real2(int32_t value, int frac_bits) { return cp_unparse_real2((int64_t) value, frac_bits); }
inline String cp_unparse_real2(uint32_t value, int frac_bits) { return cp_unparse_real2((uint64_t) value, frac_bits); }
String cp_unparse_real10(int32_t value, int frac_digits);
String cp_unparse_real10(uint32_t value, int frac_digits);
String cp_unparse_milliseconds(uint32_t);
String cp_unparse_microseconds(uint32_t);
String cp_unparse_interval(const Timestamp &);
String cp_unparse_bandwidth(uint32_t);
/** Deal arguments out to the parameters named, by keyword or place; `__REST__` takes what is left. <0: it cannot be done. */
int cp_assign_arguments(const Vector<String> &args, const String *first_param, const String *last_param, Vector<String> *values = nullptr);
/** Seconds with an optional unit (s, ms, us, ns, min, h), as nanoseconds. */
bool cp_time(const String &, int64_t *ns);

CLICK_ENDDECLS
#endif
