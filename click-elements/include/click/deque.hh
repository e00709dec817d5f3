// Deque<T>: a ring that grows at both ends.
#ifndef CLICK_DEQUE_HH
#define CLICK_DEQUE_HH
#include <click/vector.hh>
CLICK_DECLS

template <typename T> class Deque { public:
    typedef T value_type;
    typedef T &reference;
    typedef const T &const_reference;
    typedef T *pointer;
    typedef int size_type;
    template <typename D, typename R> class basic_iterator { public:
        basic_iterator() : _d(nullptr), _i(0) {}
        basic_iterator(D *d, int i) : _d(d), _i(i) {}
        operator basic_iterator<const Deque, const T>() const { return basic_iterator<const Deque, const T>(_d, _i); }
        R &operator*() const { return (*_d)[_i]; }
        R *operator->() const { return &(*_d)[_i]; }
        R &operator[](int i) const { return (*_d)[_i + i]; }
        basic_iterator &operator++() { ++_i; return *this; }
        basic_iterator operator++(int) { basic_iterator x = *this; ++_i; return x; }
        basic_iterator &operator--() { --_i; return *this; }
        basic_iterator operator--(int) { basic_iterator x = *this; --_i; return x; }
        basic_iterator &operator+=(int n) { _i += n; return *this; }
        basic_iterator &operator-=(int n) { _i -= n; return *this; }
        basic_iterator operator+(int n) const { return basic_iterator(_d, _i + n); }
        basic_iterator operator-(int n) const { return basic_iterator(_d, _i - n); }
        int operator-(const basic_iterator &x) const { return _i - x._i; }
        bool operator==(const basic_iterator &x) const { return _i == x._i; }
        bool operator!=(const basic_iterator &x) const { return _i != x._i; }
        bool operator<(const basic_iterator &x) const { return _i < x._i; }
        bool operator>(const basic_iterator &x) const { return _i > x._i; }
        bool operator<=(const basic_iterator &x) const { return _i <= x._i; }
        bool operator>=(const basic_iterator &x) const { return _i >= x._i; }
      private:
        friend class Deque;
        D *_d;
        int _i;
    };
    typedef basic_iterator<Deque, T> iterator;
    typedef basic_iterator<const Deque, const T> const_iterator;
    enum { RESERVE_GROW = -1 };

    Deque() {}
    explicit Deque(int n, const T &x = T()) { resize(n, x); }
    Deque(const Deque &x) { *this = x; }
    Deque(Deque &&x) noexcept { swap(x); }
    ~Deque() { clear(); free(_l); }
    Deque &operator=(const Deque &x) { if (&x != this) { clear(); reserve(x._n); for (int i = 0; i < x._n; ++i) push_back(x[i]); } return *this; }
    Deque &operator=(Deque &&x) noexcept { swap(x); return *this; }

    int size() const { return _n; }
    int capacity() const { return _cap; }
    bool empty() const { return !_n; }
    T &operator[](int i) { return _l[slot(i)]; }
    const T &operator[](int i) const { return _l[slot(i)]; }
    T &at(int i) { assert((unsigned) i < (unsigned) _n); return _l[slot(i)]; }
    const T &at(int i) const { assert((unsigned) i < (unsigned) _n); return _l[slot(i)]; }
    T &unchecked_at(int i) { return _l[slot(i)]; }
    const T &unchecked_at(int i) const { return _l[slot(i)]; }
    T &at_u(int i) { return _l[slot(i)]; }
    const T &at_u(int i) const { return _l[slot(i)]; }
    T &front() { return (*this)[0]; }
    const T &front() const { return (*this)[0]; }
    T &back() { return (*this)[_n - 1]; }
    const T &back() const { return (*this)[_n - 1]; }
    iterator begin() { return iterator(this, 0); }
    iterator end() { return iterator(this, _n); }
    const_iterator begin() const { return const_iterator(this, 0); }
    const_iterator end() const { return const_iterator(this, _n); }

    void push_back(const T &x) { T copy(x); room(); new (&_l[slot(_n)]) T(std::move(copy)); ++_n; }
    void push_front(const T &x) { T copy(x); room(); _head = _head ? _head - 1 : _cap - 1; new (&_l[_head]) T(std::move(copy)); ++_n; }
    void pop_back() { back().~T(); --_n; }
    void pop_front() { front().~T(); _head = slot(1); --_n; }
    void clear() { while (_n) pop_back(); }
    void resize(int n, const T &x = T()) { reserve(n); while (_n > n) pop_back(); while (_n < n) push_back(x); }
    void assign(int n, const T &x = T()) { clear(); resize(n, x); }
    iterator insert(iterator it, const T &x) {
        push_back(x);
        for (int i = _n - 1; i > it._i; --i) std::swap((*this)[i], (*this)[i - 1]);
        return it;
    }
    iterator erase(iterator it) { return erase(it, it + 1); }
    iterator erase(iterator a, iterator b) {
        int n = b._i - a._i;
        for (int i = a._i; i + n < _n; ++i) (*this)[i] = std::move((*this)[i + n]);
        while (n-- > 0) pop_back();
        return a;
    }
    bool reserve(int want) {
        if (want < 0) want = _cap ? _cap * 2 : 4;
        if (want > _cap) {
            T *l = (T *) malloc(sizeof(T) * want);
            if (!l) abort();
            for (int i = 0; i < _n; ++i) { new (&l[i]) T(std::move((*this)[i])); (*this)[i].~T(); }
            free(_l);
            _l = l, _cap = want, _head = 0;
        }
        return true;
    }
    void swap(Deque &x) noexcept { std::swap(_l, x._l), std::swap(_n, x._n), std::swap(_cap, x._cap), std::swap(_head, x._head); }

  private:
    T *_l = nullptr;
    int _n = 0, _cap = 0, _head = 0;
    int slot(int i) const { int s = _head + i; return s >= _cap ? s - _cap : s; }
    void room() { if (_n == _cap) reserve(-1); }
};
CLICK_ENDDECLS
#endif
