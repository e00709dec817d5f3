// The contents of a capture file, through FromDump.
#include "fuzz.hh"
#include <sys/mman.h>

FUZZ_TARGET(dump) {
    fuzz_quiet();
    static Master master;
    static int fd = memfd_create("fuzz", 0);
    static String path = "/proc/self/fd/" + String(fd);
    REQUIRE(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t) size);
    Router r("", &master);
    FuzzSink *sink = new FuzzSink;
    r.add_element(click_find_element_type("FromDump")->make(), "f", path + ", STOP true", "f");
    r.add_element(sink, "sink", "", "f");
    r.add_connection(0, 0, 1, 0, "f");
    if (r.initialize(ErrorHandler::silent_handler()) >= 0)
        for (int i = 0; i < 64 && !r.stopping(); ++i) master.thread(0)->run_once(0);
    return 0;
}
