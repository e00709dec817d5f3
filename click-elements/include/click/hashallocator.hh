// HashAllocator: blocks of one size, from chunks; freed blocks are reused, chunks are freed with the allocator.
#ifndef CLICK_HASHALLOCATOR_HH
#define CLICK_HASHALLOCATOR_HH
#include <click/glue.hh>
CLICK_DECLS
class HashAllocator { public:
    explicit HashAllocator(size_t size) : _size(size < sizeof(Link) ? sizeof(Link) : (size + 15) / 16 * 16) {}
    HashAllocator(const HashAllocator &) = delete;
    HashAllocator &operator=(const HashAllocator &) = delete;
    ~HashAllocator() { while (Link *c = _chunks) _chunks = c->next, free(c); }
    void increase_size(size_t size) { if (!_chunks && size > _size) _size = (size + 15) / 16 * 16; }
    void *allocate() {
        if (!_free) {
            char *c = (char *) malloc(16 + _size * per_chunk);
            if (!c) return nullptr;
            ((Link *) c)->next = _chunks, _chunks = (Link *) c;
            for (int i = 0; i < per_chunk; ++i) deallocate(c + 16 + i * _size);
        }
        Link *l = _free;
        _free = l->next;
        return l;
    }
    void deallocate(void *p) { if (p) ((Link *) p)->next = _free, _free = (Link *) p; }
    void swap(HashAllocator &x) { std::swap(_size, x._size), std::swap(_free, x._free), std::swap(_chunks, x._chunks); }
  private:
    struct Link { Link *next; };
    enum { per_chunk = 32 };
    size_t _size;
    Link *_free = nullptr, *_chunks = nullptr;
};
template <size_t size> class SizedHashAllocator : public HashAllocator { public: SizedHashAllocator() : HashAllocator(size) {} };
CLICK_ENDDECLS
#endif
