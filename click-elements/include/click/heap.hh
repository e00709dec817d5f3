// Heaps in arrays, smallest first. PLACE is told of each element that moves: place(begin, its new position).
#ifndef CLICK_HEAP_HH
#define CLICK_HEAP_HH
#include <click/glue.hh>
CLICK_DECLS

struct no_place { template <typename I> void operator()(I, I) const {} };

/** Restore the heap after the element at @a at changed. */
template <int A, typename I, typename C, typename P> inline void change_heap(I begin, I end, I at, C less, P place) {
    long i = at - begin, n = end - begin;
    auto x = std::move(begin[i]);
    while (i > 0 && less(x, begin[(i - 1) / A])) {
        begin[i] = std::move(begin[(i - 1) / A]);
        place(begin, begin + i);
        i = (i - 1) / A;
    }
    for (long first; (first = i * A + 1) < n; ) {
        long least = first;
        for (long c = first + 1; c < n && c < first + A; ++c)
            if (less(begin[c], begin[least])) least = c;
        if (!less(begin[least], x)) break;
        begin[i] = std::move(begin[least]);
        place(begin, begin + i);
        i = least;
    }
    begin[i] = std::move(x);
    place(begin, begin + i);
}
template <typename I, typename C, typename P> inline void change_heap(I begin, I end, I at, C less, P place) { change_heap<2>(begin, end, at, less, place); }
template <typename I, typename C> inline void change_heap(I begin, I end, I at, C less) { change_heap<2>(begin, end, at, less, no_place()); }
/** The last element is new. */
template <int A, typename I, typename C, typename P> inline void push_heap(I begin, I end, C less, P place) { change_heap<A>(begin, end, end - 1, less, place); }
template <typename I, typename C, typename P> inline void push_heap(I begin, I end, C less, P place) { push_heap<2>(begin, end, less, place); }
template <typename I, typename C> inline void push_heap(I begin, I end, C less) { push_heap<2>(begin, end, less, no_place()); }
/** Take the element at @a at out of the heap: it is at end - 1 afterwards. */
template <int A, typename I, typename C, typename P> inline void remove_heap(I begin, I end, I at, C less, P place) {
    --end;
    if (at == end) return;
    std::swap(*at, *end);
    change_heap<A>(begin, end, at, less, place);
}
template <typename I, typename C, typename P> inline void remove_heap(I begin, I end, I at, C less, P place) { remove_heap<2>(begin, end, at, less, place); }
template <typename I, typename C> inline void remove_heap(I begin, I end, I at, C less) { remove_heap<2>(begin, end, at, less, no_place()); }
template <int A, typename I, typename C, typename P> inline void pop_heap(I begin, I end, C less, P place) { if (begin < end) remove_heap<A>(begin, end, begin, less, place); }
template <typename I, typename C, typename P> inline void pop_heap(I begin, I end, C less, P place) { pop_heap<2>(begin, end, less, place); }
template <typename I, typename C> inline void pop_heap(I begin, I end, C less) { pop_heap<2>(begin, end, less, no_place()); }

CLICK_ENDDECLS
#endif
