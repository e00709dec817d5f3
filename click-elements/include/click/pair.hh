#ifndef CLICK_PAIR_HH
#define CLICK_PAIR_HH
#include <click/hashcode.hh>
CLICK_DECLS
template <typename T, typename U> struct Pair {
    typedef T first_type;
    typedef U second_type;
    typedef typename std::remove_const<T>::type key_type;
    typedef const T &key_const_reference;
    T first;
    U second;
    Pair() : first(), second() {}
    explicit Pair(const key_type &a) : first(a), second() {}
    Pair(const T &a, const U &b) : first(a), second(b) {}
    template <typename V, typename W> Pair(const Pair<V, W> &x) : first(x.first), second(x.second) {}
    template <typename V, typename W> Pair(V &&a, W &&b) : first(std::forward<V>(a)), second(std::forward<W>(b)) {}
    const T &hashkey() const { return first; }
    hashcode_t hashcode() const { return (::hashcode(first) << 12) ^ (::hashcode(first) >> 20) ^ ::hashcode(second); }
    template <typename V, typename W> Pair &operator=(const Pair<V, W> &x) { first = x.first, second = x.second; return *this; }
};
template <typename T, typename U> inline bool operator==(const Pair<T, U> &a, const Pair<T, U> &b) { return a.first == b.first && a.second == b.second; }
template <typename T, typename U> inline bool operator!=(const Pair<T, U> &a, const Pair<T, U> &b) { return !(a == b); }
template <typename T, typename U> inline bool operator<(const Pair<T, U> &a, const Pair<T, U> &b) { return a.first < b.first || (!(b.first < a.first) && a.second < b.second); }
template <typename T, typename U> inline Pair<T, U> make_pair(T a, U b) { return Pair<T, U>(a, b); }
CLICK_ENDDECLS
#endif
