// What memory alone costs a packet of one of many UEs:
//
//   gtp-lookup ENTRIES SECONDS
//
// A key is drawn, its slot in an index is read, and the entry that this names is counted in. That is all: two lines of memory, as many as GTPDecap needs of a
// GTPTable with ENTRIES sessions, in index and entries as large as that one's, and in pages of 2 MB where the system has them. Keys come in batches of 32, and
// their lines are asked for beforehand, some keys at a time.
//
// Prints JSON: ns of CPU time a key, with the best of several numbers of keys at a time. ENTRIES is a power of two up to 2^24.
#include <algorithm>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

namespace {
enum : uint32_t { batch = 32, slots_a_line = 8, most = 1U << 24 };
constexpr size_t large_page = 2U << 20;
/** A line's second half is empty slots: a table is at most two thirds full. */
struct alignas(64) Line { uint32_t entry[slots_a_line], empty[slots_a_line]; };
struct alignas(128) Entry { uint32_t count, rest[31]; };
static_assert(sizeof(Line) == 64 && sizeof(Entry) == 128, "as in LruTable of GTPSession");

struct Tables {
    Line *index;
    Entry *entries;
    uint32_t mask;
    uint32_t &slot(uint32_t key) const { return index[key / slots_a_line].entry[key % slots_a_line]; }
};

double cpu_ns() {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}

template <typename T> T *map(size_t n) {
    const size_t bytes = n * sizeof(T) + large_page;
    void *p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        perror("gtp-lookup: mmap");
        exit(1);
    }
    madvise(p, bytes, MADV_HUGEPAGE);
    return static_cast<T *>(p);
}

uint32_t draw() {
    static uint64_t seed = 0x9E3779B97F4A7C15ULL;
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return (uint32_t) (seed >> 32);
}

/** ns a key. While @a step keys are counted in, the entries of the next ones are asked for, and the slots of those after them. */
template <uint32_t step> double measure(const Tables &t, double seconds) {
    const double begin = cpu_ns();
    uint64_t done = 0;
    uint32_t key[batch], number[batch];
    const auto each = [](uint32_t from, auto act) {
        for (uint32_t i = from; i < from + step && i < batch; ++i) act(i);
    };
    const auto seek = [&](uint32_t i) { __builtin_prefetch(&t.slot(key[i])); };
    const auto find = [&](uint32_t i) { __builtin_prefetch(&t.entries[number[i] = t.slot(key[i])]); };
    const auto count = [&](uint32_t i) { ++t.entries[number[i]].count; };
    do
        for (int round = 0; round < 4096; ++round, done += batch) {
            for (uint32_t &k : key) k = draw() & t.mask;
            each(0, seek), each(step, seek), each(0, find);
            for (uint32_t i = 0; i < batch; i += step) each(i + 2 * step, seek), each(i + step, find), each(i, count);
        }
    while (cpu_ns() - begin < seconds * 1e9);
    return (cpu_ns() - begin) / (double) done;
}
}

int main(int argc, char **argv) {
    const unsigned long entries = argc == 3 ? strtoul(argv[1], nullptr, 10) : 0;
    const double seconds = argc == 3 ? strtod(argv[2], nullptr) : 0;
    if (!entries || entries > most || entries & (entries - 1) || !(seconds > 0)) {
        fprintf(stderr, "gtp-lookup: usage: gtp-lookup ENTRIES SECONDS, ENTRIES being a power of two up to %u\n", most);
        return 2;
    }
    const uint32_t n = (uint32_t) entries;
    const Tables t = {map<Line>(n / slots_a_line + 1), map<Entry>(n), n - 1};
    // In what order entries came has nothing to do with their keys: an odd factor gives each number once.
    for (uint32_t i = 0; i < n; ++i) t.slot(i) = (i * 0x9E3779B1U) & t.mask, t.entries[i].count = 1;
    const double third = seconds / 3;
    printf("{\"ns\":%.3f}\n", std::min({measure<8>(t, third), measure<16>(t, third), measure<32>(t, third)}));
    return 0;
}
