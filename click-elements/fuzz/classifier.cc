// Classifier: patterns up to the first line end, then packets (a length byte each). Routers with one to eight outputs stay, and are configured anew.
#include "fuzz.hh"

namespace {
struct Bed {
    Master master;
    Router router{"", &master};
    Element *e;
    FuzzSink *sink = new FuzzSink;
    explicit Bed(int outputs) {
        String conf = "-";
        for (int i = 1; i < outputs; ++i) conf += ",-";
        router.add_element(e = click_find_element_type("Classifier")->make(), "c", conf, "f");
        router.add_element(sink, "sink", "", "f");
        router.add_element(click_find_element_type("Idle")->make(), "i", "", "f");
        router.add_connection(2, 0, 0, 0, "f");
        for (int i = 0; i < outputs; ++i) router.add_connection(0, i, 1, i, "f");
        REQUIRE(router.initialize(ErrorHandler::silent_handler()) >= 0);
    }
};
}

FUZZ_TARGET(classifier) {
    fuzz_quiet();
    const int live = Packet::live_count();
    static Bed *beds[8];
    const uint8_t *end = (const uint8_t *) memchr(data, '\n', size);
    size_t n = end ? end - data : size;
    Vector<String> conf;
    cp_argvec(String((const char *) data, (int) n), conf);
    if (conf.size() < 1 || conf.size() > 8) return 0;
    Bed *&bed = beds[conf.size() - 1];
    if (!bed) bed = new Bed(conf.size());
    bool ok = bed->e->live_reconfigure(conf, ErrorHandler::silent_handler()) >= 0;
    FuzzInput in(data + n, size - n);
    for (in.u8(); ok && in.left(); ) {
        size_t len = in.u8();
        const uint8_t *d = in.bytes(len);
        bed->e->push(0, fuzz_packet(d, len));
    }
    REQUIRE(Packet::live_count() == live);
    return 0;
}
