#ifndef CLICK_ALGORITHM_HH
#define CLICK_ALGORITHM_HH
#include <click/glue.hh>
CLICK_DECLS
template <typename I, typename T> inline I find(I begin, I end, const T &x) { while (begin < end && !(*begin == x)) ++begin; return begin; }
template <typename I, typename O> inline O copy(I begin, I end, O to) { for (; begin < end; ++begin, ++to) *to = *begin; return to; }
template <typename I, typename T> inline void fill(I begin, I end, const T &x) { for (; begin < end; ++begin) *begin = x; }
template <typename I> inline void reverse(I begin, I end) { while (begin < end && begin < --end) { click_swap(*begin, *end); ++begin; } }
/** Exchange with, or take from, something that is not needed any more. */
template <typename T> inline void clear_by_swap(T &x) { T empty; x.swap(empty); }
template <typename T> inline void assign_consume(T &to, T &from) { to = std::move(from); }
CLICK_ENDDECLS
#endif
