// Vector<T>: a growable array with Click's int sizes.
#ifndef CLICK_VECTOR_HH
#define CLICK_VECTOR_HH
#include <click/algorithm.hh>
#include <click/type_traits.hh>
#include <click/glue.hh>
CLICK_DECLS

template <typename T> class Vector { public:
    typedef T value_type;
    typedef T *iterator;
    typedef const T *const_iterator;
    typedef int size_type;
    typedef T &reference;
    typedef const T &const_reference;
    typedef const T &const_access_type;
    typedef T *pointer;
    typedef const T *const_pointer;
    typedef typename fast_argument<T>::type value_argument_type;
    enum { RESERVE_GROW = -1 };

    Vector() : _l(nullptr), _n(0), _cap(0) {}
    explicit Vector(int n) : Vector() { resize(n); }
    Vector(int n, const T &x) : Vector() { resize(n, x); }
    Vector(const Vector &x) : Vector() { *this = x; }
    Vector(Vector &&x) noexcept : Vector() { swap(x); }
    ~Vector() { clear(); free(_l); }
    Vector &operator=(const Vector &x) {
        if (&x != this) {
            clear();
            reserve(x._n);
            for (int i = 0; i < x._n; ++i)
                new (&_l[_n++]) T(x._l[i]);
        }
        return *this;
    }
    Vector &operator=(Vector &&x) noexcept { swap(x); return *this; }

    int size() const { return _n; }
    int capacity() const { return _cap; }
    bool empty() const { return !_n; }
    T &operator[](int i) { return _l[i]; }
    const T &operator[](int i) const { return _l[i]; }
    T &at(int i) { assert((unsigned) i < (unsigned) _n); return _l[i]; }
    const T &at(int i) const { assert((unsigned) i < (unsigned) _n); return _l[i]; }
    T &at_u(int i) { return _l[i]; }
    const T &at_u(int i) const { return _l[i]; }
    T &front() { return _l[0]; }
    const T &front() const { return _l[0]; }
    T &back() { return _l[_n - 1]; }
    const T &back() const { return _l[_n - 1]; }
    iterator begin() { return _l; }
    iterator end() { return _l + _n; }
    const_iterator begin() const { return _l; }
    const_iterator end() const { return _l + _n; }
    const_iterator cbegin() const { return _l; }
    const_iterator cend() const { return _l + _n; }
    T *data() { return _l; }
    const T *data() const { return _l; }
    T &unchecked_at(int i) { return _l[i]; }
    const T &unchecked_at(int i) const { return _l[i]; }

    void push_back(const T &x) {
        if (_n == _cap) { T copy(x); reserve(_cap ? _cap * 2 : 4); new (&_l[_n]) T(std::move(copy)); }
        else new (&_l[_n]) T(x);
        ++_n;
    }
    void push_back(T &&x) {
        if (_n == _cap) { T moved(std::move(x)); reserve(_cap ? _cap * 2 : 4); new (&_l[_n]) T(std::move(moved)); }
        else new (&_l[_n]) T(std::move(x));
        ++_n;
    }
    template <typename U = T, typename = typename std::enable_if<std::is_scalar<U>::value>::type> void push_back(const volatile U &x) { push_back(T(x)); }
    void push_front(const T &x) { insert(_l, x); }
    void pop_front() { erase(_l); }
    void pop_back() { _l[--_n].~T(); }
    void clear() { while (_n) pop_back(); }
    void resize(int n, const T &x = T()) {
        reserve(n);
        while (_n > n) pop_back();
        while (_n < n) new (&_l[_n++]) T(x);
    }
    Vector &assign(int n, const T &x = T()) { T copy(x); clear(); resize(n, copy); return *this; }
    bool reserve(int want) {
        if (want < 0) want = _cap ? _cap * 2 : 4;
        if (want > _cap) {
            T *l = (T *) malloc(sizeof(T) * want);
            if (!l) abort();
            for (int i = 0; i < _n; ++i) { new (&l[i]) T(std::move(_l[i])); _l[i].~T(); }
            free(_l);
            _l = l, _cap = want;
        }
        return true;
    }
    iterator insert(iterator it, const T &x) {
        int at = it - _l;
        push_back(x);
        for (int i = _n - 1; i > at; --i) std::swap(_l[i], _l[i - 1]);
        return _l + at;
    }
    iterator erase(iterator it) { return erase(it, it + 1); }
    iterator erase(iterator a, iterator b) {
        int at = a - _l, n = b - a;
        for (int i = at; i + n < _n; ++i) _l[i] = std::move(_l[i + n]);
        for (int i = 0; i < n; ++i) pop_back();
        return _l + at;
    }
    void swap(Vector &x) noexcept { std::swap(_l, x._l), std::swap(_n, x._n), std::swap(_cap, x._cap); }

  private:
    T *_l;
    int _n, _cap;
};

template <typename T> inline void click_swap(Vector<T> &a, Vector<T> &b) { a.swap(b); }
template <typename T> inline void assign_consume(Vector<T> &a, Vector<T> &b) { a.swap(b); }

CLICK_ENDDECLS
#endif
