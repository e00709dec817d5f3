#ifndef LCLICK_ALIGNEDPER_HH
#define LCLICK_ALIGNEDPER_HH
#include <click/glue.hh>
CLICK_DECLS

/** Reads what ASN.1's packed encoding rules made, in the aligned variant (ITU-T X.691), never beyond its end. After a failure, which ok() tells, all that
    is read is 0. */
class AlignedPer { public:
    AlignedPer() : _p(nullptr), _bits(0), _at(0), _ok(false) {}
    AlignedPer(const unsigned char *p, uint32_t n) : _p(p), _bits((uint64_t) n * 8), _at(0), _ok(true) {}
    bool ok() const { return _ok; }
    void fail() { _ok = false; }
    /** Octets after this one. */
    uint32_t left() const { return _ok ? (uint32_t) ((_bits - _at) / 8) : 0; }

    bool bit() { return bits(1); }
    /** A bit field of at most 32 bits, where it is. */
    uint32_t bits(int n) {
        if (!_ok || _bits - _at < (uint64_t) n) return _ok = false, 0;
        uint32_t x = 0;
        for (; n; --n, ++_at) x = x << 1 | (_p[_at >> 3] >> (7 - (_at & 7)) & 1);
        return x;
    }
    /** @a n octets at the next boundary; null if there are not as many. */
    const unsigned char *octets(uint32_t n) {
        _at = (_at + 7) & ~(uint64_t) 7;
        if (!_ok || _at > _bits || (_bits - _at) / 8 < n) return _ok = false, nullptr;
        const unsigned char *p = _p + _at / 8;
        _at += (uint64_t) n * 8;
        return p;
    }
    /** A number in @a n octets, at most 4. */
    uint32_t number(uint32_t n) {
        uint32_t x = 0;
        if (const unsigned char *p = octets(n))
            for (uint32_t i = 0; i < n; ++i) x = x << 8 | p[i];
        return x;
    }
    /** A length determinant without bounds (§11.9.4.2). What needs more than 16383 octets comes in pieces, which is a failure here. */
    uint32_t length() {
        uint32_t x = number(1);
        if (!(x & 0x80)) return x;
        if (x & 0x40) return _ok = false, 0;
        return (x & 0x3F) << 8 | number(1);
    }
    /** The content of an open type (§11.2), or of an octet string without bounds. */
    AlignedPer open() {
        uint32_t n = length();
        const unsigned char *p = octets(n);
        return p ? AlignedPer(p, n) : AlignedPer();
    }
    const unsigned char *data() const { return _p + _at / 8; }
    /** The additions behind the `...` of a sequence whose extension bit is set (§19.7 to §19.9). */
    void skip_additions() {
        if (bit()) return fail();                   // more than 64 of them
        uint32_t n = bits(6) + 1, present = 0;
        for (uint32_t i = 0; i < n; ++i) present += bit();
        for (uint32_t i = 0; i < present && _ok; ++i) open();
    }

  private:
    const unsigned char *_p;
    uint64_t _bits, _at;
    bool _ok;
};

CLICK_ENDDECLS
#endif
