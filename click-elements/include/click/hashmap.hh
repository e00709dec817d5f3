// HashMap<K, V>: Click's older hash table: find() gives a value or the default, findp() a pointer or null.
#ifndef CLICK_HASHMAP_HH
#define CLICK_HASHMAP_HH
#include <click/hashtable.hh>
CLICK_DECLS

template <typename K, typename V> class HashMap { public:
    typedef K key_type;
    typedef V mapped_type;
    struct Pair { K key; V value; };
    template <typename I, typename T> class basic_iterator : public I { public:
        basic_iterator() {}
        basic_iterator(const I &i) : I(i) {}
        template <typename J, typename W> basic_iterator(const basic_iterator<J, W> &i) : I(static_cast<const J &>(i)) {}
        T &value() const { return (T &) I::operator->()->second; }
        void operator++(int) { ++*this; }
        void operator++() { I::operator++(); }
    };
    typedef basic_iterator<typename HashTable<K, V>::iterator, V> iterator;
    typedef basic_iterator<typename HashTable<K, V>::const_iterator, const V> const_iterator;

    HashMap() {}
    explicit HashMap(const V &dflt) : _t(dflt), _dflt(dflt) {}
    HashMap(const V &dflt, void *) : HashMap(dflt) {}
    size_t size() const { return _t.size(); }
    bool empty() const { return _t.empty(); }
    void clear() { _t.clear(); }
    const V &default_value() const { return _dflt; }
    void set_default_value(const V &v) { _dflt = v; _t.set_default(v); }
    const V &find(const K &k) const { const V *p = _t.get_pointer(k); return p ? *p : _dflt; }
    V *findp(const K &k) const { return const_cast<V *>(_t.get_pointer(k)); }
    const V &operator[](const K &k) const { return find(k); }
    V &find_force(const K &k) { return _t[k]; }
    V *findp_force(const K &k) { return &_t[k]; }
    bool insert(const K &k, const V &v) { return _t.set(k, v); }
    bool remove(const K &k) { return _t.erase(k); }
    bool erase(const K &k) { return _t.erase(k); }
    iterator begin() { return _t.begin(); }
    iterator end() { return _t.end(); }
    const_iterator begin() const { return _t.begin(); }
    const_iterator end() const { return _t.end(); }
    void swap(HashMap &x) { _t.swap(x._t); std::swap(_dflt, x._dflt); }
    void resize(size_t n) { _t.rehash(n); }
    bool dynamic_resizing() const { return true; }
    void set_dynamic_resizing(bool) {}
  private:
    HashTable<K, V> _t;
    V _dflt = V();
};
CLICK_ENDDECLS
#endif
