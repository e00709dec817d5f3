// An IPFilter pattern up to the first line end, then packets (a length byte each) for it.
#include "fuzz.hh"
#include "elements/ip/ipfilterprogram.hh"

FUZZ_TARGET(ipfilter) {
    fuzz_quiet();
    const uint8_t *end = (const uint8_t *) memchr(data, '\n', size);
    size_t n = end ? end - data : size;
    if (n > 512) return 0;
    IPFilterProgram p;
    if (!p.add(String((const char *) data, (int) n), 0, "pattern", ErrorHandler::silent_handler())) return 0;
    p.finish();
    p.unparse();
    FuzzInput in(data + n, size - n);
    for (in.u8(); in.left(); ) {
        size_t len = in.u8();
        const uint8_t *d = in.bytes(len);
        if (len < 20) continue;
        uint8_t *exact = (uint8_t *) malloc(len);
        memcpy(exact, d, len);
        int out = p.run(exact, (uint32_t) len);
        REQUIRE(out == 0 || out == IPFilterProgram::drop);
        free(exact);
    }
    return 0;
}
