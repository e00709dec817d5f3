#include <click/config.h>
#include "confine.hh"
#include <sys/mman.h>
#include <unistd.h>
CLICK_DECLS

// The linker's: where the program begins, and where its code ends.
extern "C" const char __executable_start, etext;

void click_forget_start() {
    const uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    const uintptr_t begin = (reinterpret_cast<uintptr_t>(&__executable_start) + page - 1) & ~(page - 1), end = reinterpret_cast<uintptr_t>(&etext) & ~(page - 1);
    if (begin < end)
        madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);       // where it cannot, nothing is lost but memory
}

CLICK_ENDDECLS
