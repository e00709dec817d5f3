#include <click/config.h>
#include <click/straccum.hh>
#include <click/timestamp.hh>
#include "iprwflows.hh"
#include <sys/mman.h>
CLICK_DECLS

String IPRWKey::unparse() const {
    StringAccum sa;
    sa << '(' << IPAddress(saddr) << ", " << (unsigned) ntohs(sport) << ", " << IPAddress(daddr) << ", " << (unsigned) ntohs(dport) << ')';
    return sa.take_string();
}

static void *map(size_t n) {
    void *p = mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? nullptr : p;
}

bool IPRWFlows::reserve(uint32_t capacity) {
    uint32_t n = 16;
    while (n < capacity * 2) n *= 2;
    release();
    _flows = (IPRWFlow *) map(_flow_bytes = ((size_t) capacity + 1) * sizeof(IPRWFlow));
    _buckets = (uint32_t *) map(_bucket_bytes = (size_t) n * sizeof(uint32_t));
    if (!_flows || !_buckets) return release(), false;
    _capacity = capacity, _mask = n - 1, _seed = click_random();
    return true;
}

void IPRWFlows::release() {
    if (_flows) munmap(_flows, _flow_bytes);
    if (_buckets) munmap(_buckets, _bucket_bytes);
    _flows = nullptr, _buckets = nullptr;
    _capacity = _size = _used = _free = 0;
    memset(_oldest, 0, sizeof _oldest), memset(_newest, 0, sizeof _newest);
}

void IPRWFlows::clear() {
    madvise(_flows, _flow_bytes, MADV_DONTNEED);
    madvise(_buckets, _bucket_bytes, MADV_DONTNEED);
    _size = _used = _free = 0;
    memset(_oldest, 0, sizeof _oldest), memset(_newest, 0, sizeof _newest);
}

void IPRWFlows::hash(IPRWFlow *f, int way) {
    uint32_t &b = _buckets[bucket(f->key[way])];
    f->chain[way] = b;
    b = (uint32_t) (f - _flows) << 1 | way;
}

void IPRWFlows::unhash(IPRWFlow *f, int way) {
    uint32_t me = (uint32_t) (f - _flows) << 1 | way, *p = &_buckets[bucket(f->key[way])];
    while (*p && *p != me) p = &_flows[*p >> 1].chain[*p & 1];
    if (*p) *p = f->chain[way];
}

void IPRWFlows::link(IPRWFlow *f) {
    uint32_t i = (uint32_t) (f - _flows), c = f->klass;
    f->newer = 0, f->older = _newest[c];
    (_newest[c] ? _flows[_newest[c]].newer : _oldest[c]) = i;
    _newest[c] = i;
}

void IPRWFlows::unlink(IPRWFlow *f) {
    (f->newer ? _flows[f->newer].older : _newest[f->klass]) = f->older;
    (f->older ? _flows[f->older].newer : _oldest[f->klass]) = f->newer;
}

IPRWFlow *IPRWFlows::victim(uint32_t t) const {
    IPRWFlow *best = nullptr;
    for (int c = 0; c < IPRWFlow::nclasses; ++c)
        if (uint32_t i = _oldest[c]) {
            uint32_t idle = t - _flows[i].used;
            if (idle >= guarantee[c >= IPRWFlow::udp] && (!best || idle > t - best->used)) best = &_flows[i];
        }
    return best;
}

IPRWFlow *IPRWFlows::insert(const IPRWKey &forward, const IPRWKey &back, uint8_t klass, uint32_t t) {
    if (full()) return nullptr;
    uint32_t i = _free;
    if (i) _free = _flows[i].newer;
    else i = ++_used;
    IPRWFlow *f = &_flows[i];
    memset((void *) f, 0, sizeof *f);
    f->key[0] = forward, f->key[1] = back;
    f->klass = klass, f->used = t;
    hash(f, 0);
    hash(f, 1);
    link(f);
    ++_size;
    return f;
}

void IPRWFlows::erase(IPRWFlow *f) {
    unhash(f, 0);
    unhash(f, 1);
    unlink(f);
    f->newer = _free, _free = (uint32_t) (f - _flows);
    --_size;
}

CLICK_ENDDECLS
