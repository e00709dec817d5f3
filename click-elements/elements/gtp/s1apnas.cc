// What NAS messages of TS 24.301 that come with E-RABs tell, where they are not ciphered.
#include <click/config.h>
#include "s1ap.hh"
CLICK_DECLS

typedef GTPControlReader Reader;

/** Skip a field whose length is its first octet; null if it is not all there. */
static const unsigned char *field(Reader &r, uint32_t &n) {
    const unsigned char *p = r.take(1);
    if (!p) return nullptr;
    n = p[0];
    return r.take(n);
}

/** An ESM message: activate default (§8.3.6) or dedicated (§8.3.3) EPS bearer context request. */
static void read_esm(Reader r, uint8_t ebi, GTPAddress &ue4, uint8_t &linked) {
    const unsigned char *p = r.take(3);
    if (!p || (p[0] & 15) != 2 || p[0] >> 4 != ebi) return;
    if (p[2] == 0xC5) {
        if ((p = r.take(1))) linked = p[0] & 15;
        return;
    }
    uint32_t n;
    if (p[2] != 0xC1 || !field(r, n) || !field(r, n) || !(p = field(r, n)) || !n) return;      // EPS QoS, access point name, PDN address
    // §9.9.4.9. Of IPv6, only the interface identifier is here.
    uint8_t type = p[0] & 7;
    if (type == 1 && n == 5) ue4 = Reader::address4(p + 1);
    else if (type == 3 && n == 13) ue4 = Reader::address4(p + 9);
    else if (type != 2 || n != 9) return;
    linked = ebi;
}

void s1ap_read_nas(const unsigned char *d, uint32_t n, uint8_t ebi, GTPAddress &ue4, uint8_t &linked) {
    Reader r(d, n);
    if (!r.left()) return;
    // §9.1: with a security header, which does not tell whether the cipher is the null one (EEA0), the message follows the sequence number. What is
    // ciphered does not pass the checks below but once in 2^40.
    if ((d[0] & 15) == 7 && d[0] >> 4 >= 1 && d[0] >> 4 <= 4 && !r.take(6)) return;
    if (!r.left()) return;
    if ((r.at()[0] & 15) == 2) return read_esm(r, ebi, ue4, linked);
    const unsigned char *p = r.take(4);                     // attach accept, §8.2.1: result, T3412
    if (!p || p[0] != 0x07 || p[1] != 0x42 || !field(r, n) || !(p = r.take(2))) return;         // TAI list, length of the ESM container
    n = Reader::get16(p);
    if ((p = r.take(n))) read_esm(Reader(p, n), ebi, ue4, linked);
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(S1APNas)
