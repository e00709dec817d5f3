// Free packets, and the memory of packets: a thread's own lists, and the store in which chunks go from one thread to another. Only packet.cc
// includes it, so that what it has is inlined where packets are made and killed.
#ifndef LCLICK_PACKETPOOL_HH
#define LCLICK_PACKETPOOL_HH
#include <click/packetbatch.hh>
#include <click/sync.hh>
#include <stdlib.h>
CLICK_DECLS

enum : uint32_t { pool_buffer = 2176, header_room = (sizeof(Packet) + 63) / 64 * 64, chunk = 64, list_limit = 2048, idle_keep = 128, store_limit = 64 };
enum : uint8_t { in_block, in_heap, elsewhere, lent };

/** Free packets of one kind, linked by _next: the calling thread's, and those on their way from one thread to another. */
struct PacketPool {
    struct Store {
        SimpleSpinlock lock;
        Packet *chunks[store_limit];
        int count = 0;
    };
    static void release(Packet *p) {
        while (p) {
            Packet *next = p->_next;
            free(p);
            p = next;
        }
    }
    struct List {
        Packet *head;
        uint32_t count;
        Packet *get(size_t size, Store &store) {
            if (unlikely(!head) && !refill(size, store)) return nullptr;
            Packet *p = head;
            head = p->_next;
            --count;
            return p;
        }
        void put(Packet *p, Store &store) { put(p, p, 1, store); }
        /** @a n packets, linked already. */
        void put(Packet *first, Packet *last, uint32_t n, Store &store) {
            last->_next = head;
            head = first;
            count += n;
            while (unlikely(count >= list_limit)) shrink(store);
        }
        bool refill(size_t size, Store &store);
        void trim() {
            Packet *last = head;
            for (uint32_t i = 1; i < idle_keep; ++i) last = last->_next;
            release(last->_next);
            last->_next = nullptr, count = idle_keep;
        }
        void shrink(Store &store);
        void drain(Store &store);
    };
    List blocks, headers;
    // Counted where packets are made and killed; only the sums over the threads mean anything.
    int64_t live, from_system;
};
static __thread PacketPool pool;
static PacketPool::Store block_store, header_store;
static std::atomic<int64_t> live_of_ended_threads{0}, from_system_of_ended_threads{0};

bool PacketPool::List::refill(size_t size, Store &store) {
    if (click_multithreaded) {
        store.lock.acquire();
        if (store.count) head = store.chunks[--store.count], count = chunk;
        store.lock.release();
    }
    if (!head && (head = (Packet *) aligned_alloc(64, size))) {
        head->_next = nullptr;
        count = 1;
        ++pool.from_system;
    }
    return head;
}

void PacketPool::List::shrink(Store &store) {
    Packet *first = head, *last = head;
    for (uint32_t i = 1; i < chunk; ++i) last = last->_next;
    head = last->_next, count -= chunk;
    last->_next = nullptr;
    bool kept = false;
    if (click_multithreaded) {
        store.lock.acquire();
        if ((kept = store.count < (int) store_limit)) store.chunks[store.count++] = first;
        store.lock.release();
    }
    if (!kept) release(first);
}

void PacketPool::List::drain(Store &store) {
    release(head);
    head = nullptr, count = 0;
    while (store.count) release(store.chunks[--store.count]);
}

CLICK_ENDDECLS
#endif
