// Configuration text → router → initialisation → handlers and a few rounds; and the flat configuration of what could be read must read as the same.
#include "fuzz.hh"

static Router *read(const String &text, Master *m) {
    Vector<Definition> none;
    return click_read_router(text, "f", none, none, m, ErrorHandler::silent_handler());
}

static void show(const char *what, const String &text) {
    dprintf(2, "--- %s\n", what);
    (void) !write(2, text.data(), text.length());
}

/** Numbers that ask for gigabytes are the writer's own doing; mutants shall not try them. */
static bool has_large_number(const uint8_t *d, size_t n) {
    int digits = 0;
    for (size_t i = 0; i < n; ++i)
        if ((digits = isxdigit(d[i]) || (digits && d[i] == '.') ? digits + 1 : 0) > 5) return true;
    return false;
}

FUZZ_TARGET(language) {
    fuzz_quiet();
    if (size > 2048 || has_large_number(data, size)) return 0;
    static Master master;
    Router *r = read(String((const char *) data, (int) size), &master);
    if (!r) return 0;
    bool out = r->nelements() > 200;
    for (int i = 0; i < r->nelements(); ++i) out |= fuzz_reaches_out(r->element(i)->class_name());
    String flat = r->flat_configuration();
    // Parameters are put in as text, quotes and all: what comes of it need not be text that reads the same.
    bool exact = !memchr(data, '$', size);
    Router *again = exact ? read(flat, &master) : nullptr;
    if (again && !(again->flat_configuration() == flat)) {
        show("flat", flat);
        show("its flat", again->flat_configuration());
        abort();
    }
    if (!again && exact) {
        Vector<Definition> none;
        BufferErrorHandler errh;
        click_read_router(flat, "f", none, none, &master, &errh);
        show("flat", flat);
        show("cannot be read", errh.unparse());
        abort();
    }
    delete again;
    if (!out && r->initialize(ErrorHandler::silent_handler()) >= 0) {
        for (int i = -1; i < r->nelements(); ++i)       // every read handler that needs no parameter
            for (const Handler *h : r->handlers(r->element(i)))
                if (h->read_visible()) h->call_read(r->element(i), String(), ErrorHandler::silent_handler());
        for (int k = 0; k < 3 && !r->stopping(); ++k) master.thread(0)->run_once(0);
    }
    delete r;
    return 0;
}
