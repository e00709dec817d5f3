// A state for GTPTable: refused, or taken so that it is what the table then exports; a refused one changes nothing. The first byte says
// whether the last line, with counts and checksum, is to be made here, so that mutants get past it.
#include "fuzz.hh"
#include "elements/gtp/gtptable.hh"

static String with_end(const String &body) {
    int paths = 0, sessions = 0, announced = 0, flows = 0;
    for (int i = 0; i < body.length(); ++i)
        if (i && body[i - 1] == '\n') paths += body[i] == 'p', sessions += body[i] == 's', announced += body[i] == 'a', flows += body[i] == 'f';
    uint32_t c = ~0U;
    for (unsigned char byte : body) {
        c ^= byte;
        for (int k = 0; k < 8; ++k) c = c >> 1 ^ (c & 1 ? 0xEDB88320U : 0);
    }
    StringAccum sa;
    sa << body << "end " << paths << ' ' << sessions << ' ' << announced << ' ' << flows;
    sa.snprintf(16, " %08x\n", ~c);
    return sa.take_string();
}

FUZZ_TARGET(gtpstate) {
    fuzz_quiet();
    static GTPTable *table;
    static Master master;
    if (!table) {
        Router *r = new Router("", &master);
        r->add_element(click_find_element_type("GTPTable")->make(), "t", "CAPACITY 8, FLOWS 16, PATHS 4", "f");
        REQUIRE(r->initialize(ErrorHandler::default_handler()) >= 0);
        table = static_cast<GTPTable *>(r->find("t"));
        Timestamp::refresh_recent();
    }
    String before = table->export_state();
    FuzzInput in(data, size);
    bool raw = in.u8();
    String text = in.text(in.left());
    int rc = table->import_state(raw ? text : with_end(text), ErrorHandler::silent_handler());
    String after = table->export_state();
    if (rc < 0) {
        REQUIRE(after == before);
        return 0;
    }
    for (const char *h : {"sessions", "table", "paths", "metrics", "stats"})
        Router::handler(table, h)->call_read(table);
    REQUIRE(table->nsessions() <= 8 && table->nflows() <= 64);
    REQUIRE(table->import_state(after, ErrorHandler::silent_handler()) == 0);
    REQUIRE(table->export_state() == after);
    table->clear();
    return 0;
}
