#include <click/config.h>
#include "siphmapper.hh"
#include <click/confparse.hh>
#include <click/error.hh>
#include <stdlib.h>
CLICK_DECLS

static uint32_t mix(uint64_t x) {
    x *= 0x9E3779B97F4A7C15ULL, x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93ULL, x ^= x >> 32;
    return (uint32_t) x;
}

int SourceIPHashMapper::configure(Vector<String> &conf, ErrorHandler *errh) {
    Vector<String> words;
    unsigned nodes = 0, seed = 0;
    if (!conf.empty()) cp_spacevec(conf[0], words);
    if (words.size() != 2 || !cp_integer(words[0], &nodes) || !cp_integer(words[1], &seed) || !nodes || nodes > 10000) return errh->error("expected %<NNODES SEED%>");
    if (conf.size() < 2) return errh->error("no patterns given");
    if (conf.size() == 2) errh->warning("only one pattern given");
    _patterns.resize(conf.size() - 1);
    bool good = true;
    for (int i = 0; i < _patterns.size(); ++i) {
        // A pattern's places follow from its ID or its text, so that the others' stay when it goes.
        String text = conf[i + 1];
        uint32_t id = (uint32_t) text.hashcode();
        Vector<String> parts;
        cp_spacevec(text, parts);
        if (parts.size() == named_words + 1 || parts.size() == pattern_words + 1) {
            if (!cp_integer(parts.back(), &id)) good = errh->error("pattern %d: bad server ID %<%s%>", i, parts.back().c_str()) >= 0;
            parts.pop_back();
            text = cp_unspacevec(parts);
        }
        good = _patterns[i].parse("pattern " + text, this, INT_MAX, "pattern " + String(i), errh) && good;
        for (unsigned k = 0; k < nodes; ++k) _ring.push_back(Place{mix((uint64_t) id << 32 ^ (uint64_t) seed << 16 ^ k), i});
    }
    qsort(_ring.data(), _ring.size(), sizeof(Place), [](const void *a, const void *b) {
        uint32_t x = static_cast<const Place *>(a)->at, y = static_cast<const Place *>(b)->at;
        return x < y ? -1 : x > y;
    });
    return good ? 0 : -1;
}

int SourceIPHashMapper::check(int noutputs, ErrorHandler *errh) {
    for (const IPRWInput &p : _patterns)
        if (p.foutput >= noutputs || p.routput >= noutputs) return errh->error("%s: output port out of range", name().c_str());
    return 0;
}

IPRWInput *SourceIPHashMapper::map(const IPRWKey &k, int attempt) {
    if (attempt > 0) return nullptr;         // a source stays where it belongs
    uint32_t h = mix(ntohl(k.saddr));
    int low = 0, high = _ring.size();
    while (low < high) {
        int mid = (low + high) / 2;
        if (_ring[mid].at < h) low = mid + 1;
        else high = mid;
    }
    return &_patterns[_ring[low < _ring.size() ? low : 0].pattern];
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(IPRWPattern)
EXPORT_ELEMENT(SourceIPHashMapper)
