// List<T, &T::link>: a doubly linked list whose links are members of what it holds; it owns nothing.
#ifndef CLICK_LIST_HH
#define CLICK_LIST_HH
#include <click/glue.hh>
CLICK_DECLS

template <typename T> class List_member { public:
    List_member() : _next(nullptr), _prev(nullptr) {}
    List_member(const List_member &) : List_member() {}
    List_member &operator=(const List_member &) { return *this; }
    T *next() { return _next; }
    const T *next() const { return _next; }
    T *prev() { return _prev; }
    const T *prev() const { return _prev; }
  private:
    T *_next, *_prev;
    template <typename U, List_member<U> U::*M> friend class List;
};

template <typename T, List_member<T> T::*M> class List { public:
    typedef T value_type;
    typedef T *pointer;
    typedef T &reference;
    typedef size_t size_type;
    template <typename U> class basic_iterator { public:
        basic_iterator() : _x(nullptr), _l(nullptr) {}
        basic_iterator(U *x, const List *l) : _x(x), _l(l) {}
        operator basic_iterator<const T>() const { return basic_iterator<const T>(_x, _l); }
        U *get() const { return _x; }
        U *operator->() const { return _x; }
        U &operator*() const { return *_x; }
        bool live() const { return _x; }
        explicit operator bool() const { return _x; }
        basic_iterator &operator++() { _x = (_x->*M).next(); return *this; }
        basic_iterator operator++(int) { basic_iterator i = *this; ++*this; return i; }
        basic_iterator &operator--() { _x = _x ? (_x->*M).prev() : const_cast<T *>(_l->back()); return *this; }
        basic_iterator operator--(int) { basic_iterator i = *this; --*this; return i; }
        bool operator==(const basic_iterator &x) const { return _x == x._x; }
        bool operator!=(const basic_iterator &x) const { return _x != x._x; }
      private:
        friend class List;
        U *_x;
        const List *_l;
    };
    typedef basic_iterator<T> iterator;
    typedef basic_iterator<const T> const_iterator;

    List() {}
    List(const List &) = delete;
    List &operator=(const List &) = delete;
    bool empty() const { return !_head; }
    size_t size() const { size_t n = 0; for (const T *x = _head; x; x = (x->*M)._next) ++n; return n; }
    T *front() { return _head; }
    const T *front() const { return _head; }
    T *back() { return _tail; }
    const T *back() const { return _tail; }
    iterator begin() { return iterator(_head, this); }
    iterator end() { return iterator(nullptr, this); }
    const_iterator begin() const { return const_iterator(_head, this); }
    const_iterator end() const { return const_iterator(nullptr, this); }
    /** In no list, or alone in one. */
    static bool isolated(const T *x) { return !(x->*M)._next && !(x->*M)._prev; }
    bool contains(const T *x) const { for (const T *y = _head; y; y = (y->*M)._next) if (y == x) return true; return false; }

    void push_front(T *x) { insert(_head, x); }
    void push_back(T *x) { insert((T *) nullptr, x); }
    void pop_front() { erase(_head); }
    void pop_back() { erase(_tail); }
    /** Before @a at; at the end if that is null. */
    T *insert(T *at, T *x) {
        T *before = at ? (at->*M)._prev : _tail;
        (x->*M)._next = at, (x->*M)._prev = before;
        (before ? (before->*M)._next : _head) = x;
        (at ? (at->*M)._prev : _tail) = x;
        return x;
    }
    iterator insert(iterator it, T *x) { insert(it.get(), x); return iterator(x, this); }
    T *erase(T *x) {
        T *next = (x->*M)._next, *prev = (x->*M)._prev;
        (prev ? (prev->*M)._next : _head) = next;
        (next ? (next->*M)._prev : _tail) = prev;
        (x->*M)._next = (x->*M)._prev = nullptr;
        return next;
    }
    iterator erase(iterator it) { return iterator(erase(it.get()), this); }
    iterator erase(iterator a, iterator b) { while (a != b) a = erase(a); return b; }
    void clear() { while (_head) erase(_head); }
    /** Forget the members without unlinking them. */
    void __clear() { _head = _tail = nullptr; }
    void swap(List &x) { std::swap(_head, x._head), std::swap(_tail, x._tail); }

  private:
    T *_head = nullptr, *_tail = nullptr;
};
CLICK_ENDDECLS
#endif
