// CRC-32 and MD5.
#include <click/config.h>
#include <click/crc32.h>
#include <click/md5.h>
#include <math.h>
#include <string.h>

uint32_t update_crc(uint32_t crc, const char *data, int len) {
    static uint32_t table[256];
    if (!table[1]) {
        uint32_t t[256];
        for (uint32_t i = 0; i < 256; ++i) {
            uint32_t c = i << 24;
            for (int k = 0; k < 8; ++k) c = c & 0x80000000U ? c << 1 ^ 0x04C11DB7U : c << 1;
            t[i] = c;
        }
        memcpy(table, t, sizeof t);
    }
    for (; len > 0; --len)
        crc = crc << 8 ^ table[(crc >> 24 ^ (unsigned char) *data++) & 0xFF];
    return crc;
}

static void md5_block(md5_word_t *abcd, const md5_byte_t *p) {
    static const unsigned char shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t x[16], a = abcd[0], b = abcd[1], c = abcd[2], d = abcd[3];
    for (int i = 0; i < 16; ++i) x[i] = p[4 * i] | p[4 * i + 1] << 8 | p[4 * i + 2] << 16 | (uint32_t) p[4 * i + 3] << 24;
    for (int i = 0; i < 64; ++i) {
        uint32_t f = i < 16 ? (b & c) | (~b & d) : i < 32 ? (d & b) | (~d & c) : i < 48 ? b ^ c ^ d : c ^ (b | ~d);
        int k = i < 16 ? i : i < 32 ? (5 * i + 1) % 16 : i < 48 ? (3 * i + 5) % 16 : 7 * i % 16, s = shifts[i / 16][i % 4];
        f += a + (uint32_t) (int64_t) floor(fabs(sin(i + 1.0)) * 4294967296.0) + x[k];
        a = d, d = c, c = b;
        b += f << s | f >> (32 - s);
    }
    abcd[0] += a, abcd[1] += b, abcd[2] += c, abcd[3] += d;
}
int md5_init(md5_state_t *s) {
    static const md5_word_t start[4] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
    s->length = 0;
    memcpy(s->abcd, start, sizeof start);
    return 0;
}
void md5_append(md5_state_t *s, const md5_byte_t *data, int n) {
    while (n > 0) {
        int at = (int) (s->length % 64), take = n < 64 - at ? n : 64 - at;
        memcpy(s->buf + at, data, take);
        s->length += take, data += take, n -= take;
        if (at + take == 64) md5_block(s->abcd, s->buf);
    }
}
void md5_finish(md5_state_t *s, md5_byte_t digest[16]) {
    static const md5_byte_t padding[64] = {0x80};
    uint64_t bits = s->length * 8;
    md5_append(s, padding, 1 + (int) ((119 - s->length % 64) % 64));
    md5_byte_t tail[8];
    for (int i = 0; i < 8; ++i) tail[i] = (md5_byte_t) (bits >> (8 * i));
    md5_append(s, tail, 8);
    for (int i = 0; i < 16; ++i) digest[i] = (md5_byte_t) (s->abcd[i / 4] >> (8 * (i % 4)));
}
