// Where in a packet an Ethernet address is: `src`, `dst` or a number of bytes.
#ifndef CLICK_ETHEROFFSET_HH
#define CLICK_ETHEROFFSET_HH
#include <click/args.hh>
CLICK_DECLS

struct EtherOffsetArg {
    static bool parse(const String &s, uint32_t &offset, const ArgContext &args = blank_args) {
        if (s == "src" || s == "dst") {
            offset = s == "src" ? 6 : 0;
            return true;
        }
        uint32_t x;
        if (!cp_integer(s, &x) || x > 0xFFFFFFFFU - 6) {
            args.error("type mismatch: bad OFFSET");
            return false;
        }
        offset = x;
        return true;
    }
    static bool holds(uint32_t length, uint32_t offset) { return length >= 6 && length - 6 >= offset; }
};

CLICK_ENDDECLS
#endif
