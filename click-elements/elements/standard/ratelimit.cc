// What the elements that limit a rate have in common.
#include <click/config.h>
#include "ratelimit.hh"
#include <click/error.hh>
#include <click/straccum.hh>
CLICK_DECLS

bool ByteRateArg::parse(const String &text, uint64_t &result, const ArgContext &args) {
    int digits = 0;
    while (digits < text.length() && (isdigit((unsigned char) text[digits]) || text[digits] == '.' || text[digits] == '+')) ++digits;
    String unit = text.substring(digits).trim_space();
    double value, scale = 1;
    if (!cp_double(text.substring(0, digits), &value) || value < 0)
        return false;
    if (!unit)
        args.warning("no units for bandwidth %s, assuming Bps", text.c_str());
    else {
        const char *prefixes = "kMGT", *at = unit.length() > 2 ? strchr(prefixes, unit[0] == 'K' ? 'k' : unit[0]) : nullptr;
        if (at)
            for (unit = unit.substring(1); at >= prefixes; --at) scale *= 1000;
        if (unit == "bps" || unit == "b/s" || unit == "baud")
            scale /= 8;
        else if (unit != "Bps" && unit != "B/s")
            return false;
    }
    if (value * scale > 1e15)
        return false;
    result = (uint64_t) (value * scale + 0.5);
    return true;
}

String unparse_byte_rate(uint64_t rate) {
    double bits = (double) rate * 8;
    StringAccum sa;
    bits < 1e6 ? sa.snprintf(40, "%.12gkbps", bits / 1e3) : bits < 1e9 ? sa.snprintf(40, "%.12gMbps", bits / 1e6) : sa.snprintf(40, "%.12gGbps", bits / 1e9);
    return sa.take_string();
}

int RateLimit::configure(Vector<String> &conf, Element *e, ErrorHandler *errh) {
    uint64_t rate = 0, size = 0;
    uint32_t packets = 0;
    Timestamp duration = Timestamp::make_msec(20);
    bool has_duration, has_size;
    const char *size_name = _bandwidth ? "BURST_BYTES" : "BURST_SIZE";
    Args args(conf, e, errh);
    if (_bandwidth)
        args.read_mp("RATE", ByteRateArg(), rate);
    else
        args.read_mp("RATE", packets);
    if (args.read("BURST_DURATION", duration).read_status(has_duration).read(size_name, BoundedIntArg(0, 1 << 30), size).read_status(has_size).complete() < 0)
        return -1;
    if (has_duration && has_size)
        return errh->error("cannot specify both BURST_DURATION and %s", size_name);
    if (duration < Timestamp() || duration > Timestamp::make_sec(3600))
        return errh->error("BURST_DURATION out of range");
    if (!_bandwidth)
        rate = packets;
    if (!has_size)
        size = (uint64_t) ((int128) rate * duration.nsecval() / 1000000000);
    _bucket.set(rate, size ? size : 1);
    return 0;
}

PacketBatch *RateLimit::pull(const BatchPort &input, unsigned max) {
    fill();
    PacketBatch *b = nullptr;
    if (!_bandwidth) {
        unsigned n = std::min(max, _bucket.tokens());
        if (n && (b = input.pull_batch(n)))
            _bucket.take(b->count());
        return b;
    }
    BatchBuilder some;
    while (some.count() < max && _bucket.any()) {
        Packet *p = input.pull();
        if (!p) break;
        passed(p);
        some.append(p);
    }
    return some.finish();
}

CLICK_ENDDECLS
