// Chatter, random numbers, checksums, clocks and the text of addresses.
#include <click/config.h>
#include <click/etheraddress.hh>
#include <click/ipflowid.hh>
#include <click/packet.hh>
#include <click/simtime.hh>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
# include <immintrin.h>
#endif
CLICK_DECLS

void click_chatter(const char *fmt, ...) {
    char b[4096], *text = b;
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(b, sizeof b - 1, fmt, ap);
    if (n > (int) sizeof b - 2) {       // Print of a large packet; cut only if there is no memory
        text = (char *) malloc(n + 2);
        if (text)
            vsnprintf(text, n + 1, fmt, again);
        else
            text = b, n = sizeof b - 2;
    }
    va_end(again);
    va_end(ap);
    if (n < 0)
        n = 0;
    text[n++] = '\n';
    fwrite(text, 1, n, stderr);             // in one piece
    if (text != b)
        free(text);
}

// xorshift64*: quick; nothing here needs secrecy.
static __thread uint64_t random_state;

void click_srandom(uint32_t seed) { random_state = seed * 0x9E3779B97F4A7C15ULL + 1; }

uint32_t click_random() {
    if (!random_state)
        click_srandom(SimTime::on() ? 1 : (uint32_t) (Timestamp::now().ns() ^ getpid()));
    random_state ^= random_state >> 12, random_state ^= random_state << 25, random_state ^= random_state >> 27;
    return (uint32_t) ((random_state * 0x2545F4914F6CDD1DULL) >> 32);
}

void click_random_srandom() {
    uint32_t seed;
    if (getentropy(&seed, sizeof seed) < 0) seed = (uint32_t) (Timestamp::now().ns() ^ getpid());
    click_srandom(seed);
}

int click_qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *, void *), void *user_data) {
    qsort_r(base, n, size, compare, user_data);
    return 0;
}

click_jiffies_t click_jiffies() { return (click_jiffies_t) Timestamp::recent_steady().msecval(); }

static uint16_t fold(uint64_t sum) {
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t) sum;
}

#if defined(__x86_64__)
static const bool has_avx2 = __builtin_cpu_supports("avx2");

/** The sum of the 32-bit words of whole 64 bytes, which @a data and @a length are then behind. */
__attribute__((target("avx2"))) static uint64_t sum_wide(const unsigned char *&data, int &length) {
    const __m256i low = _mm256_set1_epi64x(0xFFFFFFFF);
    __m256i a = _mm256_setzero_si256(), b = a;
    for (; length >= 64; data += 64, length -= 64) {
        const __m256i x = _mm256_loadu_si256((const __m256i *) data), y = _mm256_loadu_si256((const __m256i *) (data + 32));
        a = _mm256_add_epi64(a, _mm256_add_epi64(_mm256_and_si256(x, low), _mm256_srli_epi64(x, 32)));
        b = _mm256_add_epi64(b, _mm256_add_epi64(_mm256_and_si256(y, low), _mm256_srli_epi64(y, 32)));
    }
    a = _mm256_add_epi64(a, b);
    const __m128i s = _mm_add_epi64(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    return (uint64_t) _mm_cvtsi128_si64(s) + (uint64_t) _mm_extract_epi64(s, 1);
}
#endif

uint16_t click_in_cksum(const unsigned char *data, int length) {
    // 32-bit words summed in two 64-bit accumulators; the carries are folded in at the end.
    uint64_t a = 0, b = 0, w;
#if defined(__x86_64__)
    if (length >= 256 && has_avx2) a = sum_wide(data, length);
#endif
    for (; length >= 16; data += 16, length -= 16) {
        uint64_t x, y;
        memcpy(&x, data, 8), memcpy(&y, data + 8, 8);
        a += (x & 0xFFFFFFFF) + (x >> 32);
        b += (y & 0xFFFFFFFF) + (y >> 32);
    }
    if (length >= 8) {
        memcpy(&w, data, 8);
        a += (w & 0xFFFFFFFF) + (w >> 32);
        data += 8, length -= 8;
    }
    if (length > 0) {
        w = 0;
        memcpy(&w, data, length);
        b += (w & 0xFFFFFFFF) + (w >> 32);
    }
    return ~fold(a + b);
}

uint16_t click_in_cksum_pseudohdr_raw(uint32_t partial, uint32_t src, uint32_t dst, int proto, int transport_len) {
    uint64_t sum = (uint64_t) (~partial & 0xFFFF) + src + dst + htons(proto) + htons(transport_len);
    return ~fold(sum);
}

uint16_t click_in_cksum_pseudohdr_hard(uint32_t sum, const click_ip *iph, int packet_len) {
    // The last address of a source route that has not been gone through is the destination that the sender meant.
    const unsigned char *o = (const unsigned char *) (iph + 1), *end = (const unsigned char *) iph + iph->ip_hl * 4;
    uint32_t dst = iph->ip_dst.s_addr;
    while (o < end && *o != IPOPT_EOL) {
        if (*o == IPOPT_NOP) { ++o; continue; }
        if (o + 1 >= end || o[1] < 2 || o + o[1] > end) break;
        if ((*o == IPOPT_LSRR || *o == IPOPT_SSRR) && o[1] >= 7 && o[2] <= o[1] - 3) {
            memcpy(&dst, o + o[1] - 4, 4);
            break;
        }
        o += o[1];
    }
    return click_in_cksum_pseudohdr_raw(sum, iph->ip_src.s_addr, dst, iph->ip_p, packet_len);
}
void click_update_zero_in_cksum_hard(uint16_t *sum, const unsigned char *data, int len) {
    // Data that are all zero sum to +0, whose complement is 0xFFFF; all others to -0 if the complement is 0.
    for (int i = 0; i < len; ++i)
        if (data[i]) return;
    *sum = 0xFFFF;
}

static __thread int64_t recent_wall, recent_mono;       // ns; 0: never read

static Timestamp read_clock(clockid_t id) {
    struct timespec ts;
    clock_gettime(id, &ts);
    return Timestamp::from_ns(int64_t(ts.tv_sec) * 1000000000 + ts.tv_nsec);
}

bool SimTime::_on;
std::atomic<int64_t> SimTime::_ns;

Timestamp Timestamp::now() { return unlikely(SimTime::on()) ? SimTime::tick() : read_clock(CLOCK_REALTIME); }
Timestamp Timestamp::now_steady() { return unlikely(SimTime::on()) ? SimTime::tick() : read_clock(CLOCK_MONOTONIC); }
Timestamp Timestamp::recent() { return recent_wall ? from_ns(recent_wall) : now(); }
Timestamp Timestamp::recent_steady() { return recent_mono ? from_ns(recent_mono) : now_steady(); }
void Timestamp::refresh_recent() { recent_wall = now().ns(), recent_mono = now_steady().ns(); }

int Timestamp::set_timeval_ioctl(int fd, int selector) {
    struct timeval tv;
    int r = ioctl(fd, selector, &tv);
    if (r >= 0) *this = Timestamp(tv);
    return r;
}

String Timestamp::unparse_interval() const {
    // The unit in which it is a plain number, seconds otherwise
    int64_t a = _ns < 0 ? -_ns : _ns;
    StringAccum sa;
    if (a && a < nsec_per_usec) sa << _ns << "ns";
    else if (a && a < nsec_per_msec && a % nsec_per_usec == 0) sa << _ns / nsec_per_usec << "us";
    else if (a && a < nsec_per_sec && a % nsec_per_msec == 0) sa << _ns / nsec_per_msec << "ms";
    else if (a % nsec_per_sec == 0) sa << _ns / nsec_per_sec << "s";
    else {
        String s = unparse();
        while (s.back() == '0') s = s.substring(0, s.length() - 1);
        sa << s << "s";
    }
    return sa.take_string();
}

String Timestamp::unparse() const {
    StringAccum sa;
    int64_t ns = _ns < 0 ? -_ns : _ns;
    sa.snprintf(48, "%s%lld.%09lld", _ns < 0 ? "-" : "", (long long) (ns / nsec_per_sec), (long long) (ns % nsec_per_sec));
    return sa.take_string();
}

int IPAddress::mask_to_prefix_len() const {
    uint32_t m = ntohl(_addr);
    int n = m ? __builtin_clz(~m ? ~m : 1) : 0;
    if (m == 0xFFFFFFFFU)
        n = 32;
    return make_prefix(n).addr() == _addr ? n : -1;
}

String IPAddress::unparse() const {
    const unsigned char *p = data();
    char b[16];
    return String(b, ::snprintf(b, sizeof b, "%d.%d.%d.%d", p[0], p[1], p[2], p[3]));
}

String EtherAddress::unparse_with(char sep) const {
    char b[20];
    return String(b, ::snprintf(b, sizeof b, "%02X%c%02X%c%02X%c%02X%c%02X%c%02X", _d[0], sep, _d[1], sep, _d[2], sep, _d[3], sep, _d[4], sep, _d[5]));
}

String IPAddress::unparse_mask() const {
    int n = mask_to_prefix_len();
    return n >= 0 ? String(n) : unparse();
}
String IPAddress::unparse_with_mask(IPAddress mask) const { return unparse() + "/" + mask.unparse_mask(); }

IPFlowID::IPFlowID(const click_ip *iph, bool reverse) {
    const click_udp *udph = (const click_udp *) ((const unsigned char *) iph + iph->ip_hl * 4);
    *this = IPFlowID(IPAddress(iph->ip_src), udph->uh_sport, IPAddress(iph->ip_dst), udph->uh_dport);
    if (reverse)
        *this = this->reverse();
}
int IPFlowID::unparse(char *s) const {
    String text = unparse();
    memcpy(s, text.data(), text.length());
    s[text.length()] = 0;
    return text.length();
}

IPFlowID::IPFlowID(const Packet *p, bool reverse) {
    const click_ip *iph = p->ip_header();
    const click_udp *udph = p->udp_header();
    *this = IPFlowID(IPAddress(iph->ip_src), udph->uh_sport, IPAddress(iph->ip_dst), udph->uh_dport);
    if (reverse)
        *this = this->reverse();
}

String IPFlowID::unparse() const {
    StringAccum sa;
    sa << '(' << _saddr << ", " << ntohs(_sport) << ", " << _daddr << ", " << ntohs(_dport) << ')';
    return sa.take_string();
}

CLICK_ENDDECLS
