#include <click/config.h>
#include "flowgroups.hh"
#include "wire.hh"
#include <click/glue.hh>
CLICK_DECLS
namespace offload {

FlowGroups::FlowGroups() : _seed(((uint64_t) click_random() << 33 ^ (uint64_t) click_random() << 11) | 1) {}

static inline uint64_t load64(const unsigned char *d) {
    uint64_t x;
    memcpy(&x, d, 8);
    return x;
}

static inline uint64_t mixed(uint64_t x, uint64_t seed) {
    x *= seed;
    return x ^ x >> 32;
}

/** Note the flow and the pair of addresses of packet @a i. If nobody knows its ports, a bit that packets of that pair, and few others, share; else 0. */
inline uint64_t FlowGroups::look_at(const Packet *p, int i) {
    const unsigned char *d = p->data();
    const uint32_t length = p->length();
    uint16_t type;
    const uint32_t ip = behind_tags(d, length, type);
    uint64_t addresses;
    uint32_t l4 = 0;            // 0: no ports
    uint8_t protocol;
    if (type == ETHERTYPE_IP && ip + 20 <= length) {
        addresses = load64(d + ip + 12), protocol = d[ip + 9];
        if (!(get16(d + ip + 6) & 0x3FFF) && d[ip] >= 0x45 && d[ip] <= 0x4F)
            l4 = ip + (d[ip] & 15) * 4;
    } else if (type == ETHERTYPE_IP6 && ip + 40 <= length) {
        // One after the other, so that two addresses alike do not cancel out.
        addresses = mixed(mixed(mixed(load64(d + ip + 8), _seed) + load64(d + ip + 16), _seed) + load64(d + ip + 24), _seed) + load64(d + ip + 32);
        l4 = ip + 40, protocol = d[ip + 6];
    } else {
        _key[i] = _pair[i] = 0;
        return 0;
    }
    addresses = mixed(addresses, _seed);
    _pair[i] = (uint32_t) addresses;
    if ((protocol != IP_PROTO_UDP && protocol != IP_PROTO_TCP) || !l4 || l4 + 4 > length)
        return (uint64_t) 1 << (_pair[i] & 63);
    uint32_t ports;
    memcpy(&ports, d + l4, 4);
    _key[i] = (uint32_t) mixed(addresses + ((uint64_t) ports << 8 | protocol), _seed);
    return 0;
}

int FlowGroups::gather(Packet **packets, int n) {
    if (n < 2 || n > most)
        return n;
    uint64_t unknown = 0;
    for (int i = 0; i < n; ++i)
        unknown |= look_at(packets[i], i);
    if (unknown)
        for (int i = 0; i < n; ++i)
            if (unknown >> (_pair[i] & 63) & 1) _key[i] = _pair[i];
    uint32_t mask = 7;
    while (mask + 1 < 2 * (uint32_t) n)
        mask = 2 * mask + 1;
    memset(_slot, 0xFF, (mask + 1) * sizeof *_slot);
    int groups = 0;
    for (int i = 0; i < n; ++i) {
        uint32_t s = _key[i] & mask;
        while (_slot[s] != nobody && _group_key[_slot[s]] != _key[i])
            s = (s + 1) & mask;
        if (_slot[s] == nobody) {
            _slot[s] = (uint16_t) groups;
            _group_key[groups] = _key[i], _size[groups++] = 0;
        }
        _group[i] = _slot[s];
        ++_size[_slot[s]];
    }
    if (groups == n)
        return n;
    uint32_t at = 0;
    for (int g = 0; g < groups; ++g)
        if (_size[g] > 1) _at[g] = (uint16_t) at, at += _size[g];
    const int alone = n - (int) at;
    for (int g = 0; g < groups; ++g)
        if (_size[g] == 1) _at[g] = (uint16_t) at++;
    for (int i = 0; i < n; ++i)
        _to[_at[_group[i]]++] = packets[i];
    memcpy(packets, _to, (size_t) n * sizeof *packets);
    return alone;
}

}
CLICK_ENDDECLS
