// IPFilter patterns up to the first line end, semicolons between, each with an output of its own; then packets (a length byte
// each) for them. What the compiled program says must be what one pattern after the other says.
#include "fuzz.hh"
#include "elements/ip/ipfilterprogram.hh"

FUZZ_TARGET(ipfilter) {
    fuzz_quiet();
    const uint8_t *end = (const uint8_t *) memchr(data, '\n', size);
    size_t n = end ? end - data : size;
    if (n > 1024) return 0;
    IPFilterProgram p;
    String text((const char *) data, (int) n);
    int rules = 0;
    for (int at = 0, stop; at <= text.length(); at = stop + 1) {
        if ((stop = text.find_left(';', at)) < 0) stop = text.length();
        rules += p.add(text.substring(at, stop - at), rules, "pattern", nullptr, ErrorHandler::silent_handler());
    }
    if (!rules) return 0;
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
        REQUIRE((out >= 0 && out < rules) || out == IPFilterProgram::drop);
        REQUIRE(out == p.run_naively(exact, (uint32_t) len));
        free(exact);
    }
    return 0;
}
