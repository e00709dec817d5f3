#include <click/config.h>
#include "gtpfastkernel.hh"
#include "bpf/gtpparse.h"
#include "elements/userlevel/devicefeatures.hh"
#include "elements/userlevel/frameio.hh"
#include "elements/userlevel/opener.hh"
#include <errno.h>
#include <linux/bpf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
CLICK_DECLS
namespace bpf {
extern const unsigned char gtpfast_object[], gtpskb_object[];
extern const size_t gtpfast_object_size, gtpskb_object_size;
}

GTPFastKernel::~GTPFastKernel() {
    detach();
    frameio::Opener::forget(&_map[m_devices]);
    frameio::Opener::forget(&_map[m_targets]);
    for (Memory &m : _memory)
        if (m.at) munmap(m.at, m.size);
    for (int fd : _program)
        if (fd >= 0) close(fd);
    for (int fd : _map)
        if (fd >= 0) close(fd);
}

static String error_text(const char *what, int error) { return String(what) + ": " + strerror(error); }

bool GTPFastKernel::map_memory(int i, size_t bytes, String *why) {
    const size_t page = (size_t) sysconf(_SC_PAGESIZE);
    Memory &m = _memory[i];
    m.size = (bytes + page - 1) / page * page;
    void *at = mmap(nullptr, m.size, PROT_READ | PROT_WRITE, MAP_SHARED, _map[i], 0);
    if (at == MAP_FAILED) {
        *why = error_text("mapping a map", errno);
        return false;
    }
    m.at = at;
    return true;
}

bool GTPFastKernel::make_maps(String *why) {
    ncpus = (int) sysconf(_SC_NPROCESSORS_CONF);
    _most_buckets = least_buckets;      // in the end two a slot, so that one in two thousand finds its bucket full, and most what they seek in the first place
    while (_most_buckets < 2 * nslots) _most_buckets *= 2;
    const struct { const char *name; int type; uint32_t key, value, entries, flags; } wanted[nmaps] = {
        {"config", BPF_MAP_TYPE_ARRAY, 4, sizeof(gtpfast_config), 1, BPF_F_MMAPABLE},
        {"counters", BPF_MAP_TYPE_ARRAY, 4, sizeof(gtpfast_counters), (uint32_t) ncpus, BPF_F_MMAPABLE},
        {"ues", BPF_MAP_TYPE_ARRAY, 4, 8, gtpfast_nues, BPF_F_MMAPABLE},
        {"slots", BPF_MAP_TYPE_ARRAY, 4, sizeof(gtpfast_slot), nslots, BPF_F_MMAPABLE},
        {"buckets", BPF_MAP_TYPE_ARRAY, 4, sizeof(gtpfast_bucket), _most_buckets, BPF_F_MMAPABLE},
        {"traffic", BPF_MAP_TYPE_ARRAY, 4, 8, nslots * (uint32_t) ncpus, BPF_F_MMAPABLE},
        {"devices", BPF_MAP_TYPE_DEVMAP, 4, 4, gtpfast_nports, 0},
        {"targets", BPF_MAP_TYPE_ARRAY, 4, 4, gtpfast_nports, 0},          // the same for traffic control: that other map is of one kind of program's
        {"scratch", BPF_MAP_TYPE_PERCPU_ARRAY, 4, gtpfast_scratch, 1, 0}};
    for (int i = 0; i < nmaps; ++i) {
        const auto &w = wanted[i];
        if ((_map[i] = bpf::make_map(w.name, w.type, w.key, w.value, w.entries, w.flags)) < 0) {
            *why = _map[i] == -EPERM ? String("no right to load programs into the kernel (CAP_BPF and CAP_NET_ADMIN)") : error_text("making a map", -_map[i]);
            return false;
        }
        // Each value takes a multiple of 8 bytes.
        if (w.flags & BPF_F_MMAPABLE && !map_memory(i, (size_t) (w.value + 7) / 8 * 8 * w.entries, why))
            return false;
    }
    config = (gtpfast_config *) _memory[m_config].at;
    _counters = (gtpfast_counters *) _memory[m_counters].at;
    ues = (uint64_t *) _memory[m_ues].at;
    _slots = (gtpfast_slot *) _memory[m_slots].at;
    _buckets = (gtpfast_bucket *) _memory[m_buckets].at;
    _traffic = (uint64_t *) _memory[m_traffic].at;
    config->mask = least_buckets - 1, config->slots = nslots;
    return true;
}

bool GTPFastKernel::prepare(uint32_t n, String *why) {
    if (!bpf::gtpfast_object_size) {
        *why = "not built in: there was no clang when lclick was built";
        return false;
    }
    nslots = n;
    if (!make_maps(why))
        return false;
    config->generation = 1;
    config->seed = (uint64_t) click_random() << 33 ^ (uint64_t) click_random() << 16 ^ click_random();
    return true;
}

bool GTPFastKernel::use_maps(const int *fds, String *why) {
    memcpy(_map, fds, sizeof _map);
    if (!map_memory(m_config, sizeof(gtpfast_config), why))
        return false;
    config = (gtpfast_config *) _memory[m_config].at;
    return true;
}

bool GTPFastKernel::load(Mode mode, String *why) {
    const bpf::NamedMap maps[nmaps] = {{"config", _map[m_config]}, {"counters", _map[m_counters]}, {"ues", _map[m_ues]}, {"slots", _map[m_slots]},
                                       {"buckets", _map[m_buckets]}, {"traffic", _map[m_traffic]}, {"devices", _map[m_devices]}, {"targets", _map[m_targets]}, {"scratch", _map[m_scratch]}};
    const char *const sections[nprograms] = {"xdp/ran", "xdp/core", "xdp/local", "socket/ran", "socket/core", "socket/local", "tc/act"};
    for (int i = 0; i < nprograms; ++i) {
        const bool xdp = i < socket_programs, socket = !xdp && i < tc_program;
        if (xdp == (mode == tc) || (socket && !(config->sockets >> (i - socket_programs) & 1)))
            continue;
        String words;
        _program[i] = bpf::load(xdp ? bpf::Kind::xdp : socket ? bpf::Kind::socket : bpf::Kind::tc, xdp ? bpf::gtpfast_object : bpf::gtpskb_object,
                                xdp ? bpf::gtpfast_object_size : bpf::gtpskb_object_size, sections[i], maps, nmaps, &words);
        if (_program[i] < 0) {
            *why = error_text("the kernel does not take the program", -_program[i]) + (words ? " (" + words + ")" : mode == tc && _program[i] == -EINVAL ? String(" (MODE tc needs Linux 6.6)") : String());
            return false;
        }
    }
    return true;
}

void GTPFastKernel::adopt(Mode mode, const int *programs, const int *links, const int32_t *ifindexes, const int32_t *hooks) {
    _mode = mode;
    memcpy(_program, programs, sizeof _program);
    for (int i = 0; i < gtpfast_nports; ++i)
        devices[i].link = links[i], devices[i].ifindex = ifindexes[i], devices[i].hook = (bpf::Hook) hooks[i];
}

int GTPFastKernel::index_of(const String &device) {
    struct ifreq ifr = {};
    int s = frameio::question_socket(), index = 0;
    if (s < 0)
        return 0;
    if (device.length() < IFNAMSIZ) {
        memcpy(ifr.ifr_name, device.data(), device.length());
        if (ioctl(s, SIOCGIFINDEX, &ifr) == 0) index = ifr.ifr_ifindex;
    }
    close(s);
    return index;
}

int GTPFastKernel::mtu_of(const String &device) {
    struct ifreq ifr = {};
    int s = frameio::question_socket(), mtu = 0;
    if (s < 0)
        return 0;
    memcpy(ifr.ifr_name, device.data(), device.length());
    if (ioctl(s, SIOCGIFMTU, &ifr) == 0) mtu = ifr.ifr_mtu;
    close(s);
    return mtu;
}

bool GTPFastKernel::takes_redirected(int port) {
    const int64_t f = _features.of(devices[port].ifindex);
    return f > 0 && (f & XdpFeatures::takes_redirected);
}

/** What a program in the driver redirects to a device that does not take it is lost without a word, so natively only where all do to which
    this one's frames may go. */
bool GTPFastKernel::may_be_native(int port) {
    return port == gtpfast_ran ? takes_redirected(gtpfast_core) && takes_redirected(gtpfast_local) : takes_redirected(gtpfast_ran);
}

static bool is_taken(int error) { return error == EBUSY || error == EEXIST; }

int GTPFastKernel::link(int port, int *patience_ms) {
    enum { nap_ms = 4 };
    const Device &d = devices[port];
    const int program = _program[d.hook == bpf::Hook::tc ? (int) tc_program : xdp_programs + port];
    for (;; *patience_ms -= nap_ms) {
        const int link = frameio::Opener::in_charge() ? frameio::Opener::attach(d.name, program, d.hook, _kept, port) : bpf::link(program, d.ifindex, d.hook);
        if (link >= 0 || !is_taken(-link) || *patience_ms <= 0)
            return link;
        usleep(nap_ms * 1000);
    }
}

/** Natively if that can be; in automatic mode else at the generic hook. */
bool GTPFastKernel::link_best(int port, int *patience_ms, String *why) {
    Device &d = devices[port];
    if (_mode == tc && (_program[tc_program] < 0 || socket_program(port) < 0)) {
        *why = d.name + ": it takes one FromDevice that reads it, from a packet socket and without PROTOCOL";
        return false;
    }
    d.hook = _mode == tc ? bpf::Hook::tc : _mode == native || (_mode == automatic && may_be_native(port)) ? bpf::Hook::native : bpf::Hook::generic;
    d.link = link(port, patience_ms);
    if (d.link < 0 && !is_taken(-d.link) && _mode == automatic && d.hook == bpf::Hook::native) {
        d.hook = bpf::Hook::generic;
        d.link = link(port, patience_ms);
    }
    if (d.link >= 0)
        return true;
    const int error = -d.link;
    d.link = -1;
    *why = error_text((d.name + ": attaching the program").c_str(), error) + (is_taken(error) ? " (another one is there)" : "");
    return false;
}

/** May it be sent what senders left to devices: super frames, and partial checksums? A veth device, of which this function has one end, hands both on as they
    are, to somebody who may not know what they are, unless it is told to let the kernel finish them. */
uint32_t GTPFastKernel::has_unfinished(int port) const {
    static const char *const left[] = {"tx-udp_tnl-segmentation", "tx-checksum-ip-generic"};
    const Device &d = devices[port];
    if (config->super != gtpfast_super_cut)
        return config->super == gtpfast_super_whole ? gtpfast_has_whole : 0;
    if (port == gtpfast_local || frameio::Opener::in_charge() /* which cannot tell */)
        return 0;
    const String driver = frameio::driver_of(d.name);
    const bool is_veth = driver == "veth";
    for (const char *name : left)
        if (is_veth && frameio::features_on(d.name, &name, 1) > 0)
            frameio::turn_feature_off(d.name, name);
    // Of what the kernel does not tell of, the worst is thought.
    return driver && frameio::features_on(d.name, left, is_veth ? 2 : 1) == 0 ? gtpfast_has_cut : 0;
}

bool GTPFastKernel::attach(Mode mode, String *why, int patience_ms) {
    _mode = mode;
    for (int i = 0; i < gtpfast_nports; ++i) {
        Device &d = devices[i];
        d.ifindex = index_of(d.name);
        if (!d.ifindex) {
            *why = d.name + ": no such device";
            return false;
        }
        for (int k = 0; k < i; ++k)
            if (devices[k].ifindex == d.ifindex) {
                *why = d.name + ": one device for two sides";
                return false;
            }
        uint32_t key = (uint32_t) i, value = (uint32_t) d.ifindex;
        // Else the opener does it.
        for (int m : {m_devices, m_targets})
            if (int error = frameio::Opener::in_charge() ? 0 : bpf::put(_map[m], &key, &value)) {
                *why = error_text("the map of devices", -error);
                return false;
            }
        config->mtu[i] = (uint32_t) mtu_of(d.name);
    }
    for (int i = 0; i < gtpfast_nports; ++i) {
        if (!link_best(i, &patience_ms, why)) {
            detach();
            return false;
        }
        config->native[i] = devices[i].hook == bpf::Hook::native;
    }
    for (int i = 0; i < gtpfast_nports; ++i)
        config->whole[i] = mode == tc ? has_unfinished(i) : 0;
    return true;
}

void GTPFastKernel::note() {
    _features.open();                   // which confined it could not
    for (const Device &d : devices)
        frameio::Opener::note(d.name, true);
    _kept = frameio::Opener::keep(&_map[m_devices], &_map[m_targets]);
}

void GTPFastKernel::detach() {
    for (int i = 0; config && i < gtpfast_nports; ++i)
        __atomic_store_n(&config->at_work[i], 0, __ATOMIC_SEQ_CST);
    for (Device &d : devices) {
        if (d.link >= 0) close(d.link);
        d.link = -1;
    }
}

bool GTPFastKernel::check(String *why) {
    for (const Device &d : devices)
        if (index_of(d.name) != d.ifindex) {
            *why = d.name + ": the device is gone";
            return false;
        }
    for (int i = 0; i < gtpfast_nports; ++i) {
        const Device &d = devices[i];
        if (_mode == automatic && d.hook == bpf::Hook::native && !may_be_native(i)) {
            *why = d.name + ": a device that its frames go to takes none from a driver any more";
            return false;
        }
        config->mtu[i] = (uint32_t) mtu_of(d.name);
    }
    if (__atomic_exchange_n(&config->unheard, 0, __ATOMIC_RELAXED)) {
        *why = "what was decided for traffic control was not carried out: another program there has the packets";
        return false;
    }
    return true;
}

/** Where in the bucket of this hash that is; null: nowhere. */
uint64_t *GTPFastKernel::place_of(uint32_t hash, uint32_t slot) {
    for (uint64_t &p : _buckets[hash & config->mask].place)
        if ((uint32_t) p == slot)
            return &p;
    return nullptr;
}

/** Over twice as many buckets: with few flows they are to be few, too, and close together. A program that began to look before does not find
    what is spread, and its packet goes up; no other one. */
void GTPFastKernel::spread() {
    const uint32_t n = config->mask + 1;
    const auto goes = [n](uint64_t p) { return p && (p >> 32 & n); };
    for (uint32_t b = 0; b < n; ++b)
        for (int i = 0; i < gtpfast_nplaces; ++i)
            if (goes(_buckets[b].place[i]))
                _buckets[b + n].place[i] = _buckets[b].place[i];
    __atomic_store_n(&config->mask, 2 * n - 1, __ATOMIC_SEQ_CST);
    for (uint32_t b = 0; b < n; ++b)
        for (uint64_t &p : _buckets[b].place)
            if (goes(p))
                __atomic_store_n(&p, 0, __ATOMIC_RELAXED);
}

bool GTPFastKernel::enter(uint32_t i) {
    const uint32_t hash = gtpfast_hash(&_slots[i].key, config->seed);
    for (uint64_t p : _buckets[hash & config->mask].place)
        if (p >> 32 == hash)
            return false;
    while ((2 * _entered > config->mask || !place_of(hash, 0)) && config->mask + 1 < _most_buckets)
        spread();
    uint64_t *const free = place_of(hash, 0);
    if (!free)
        return false;
    __atomic_store_n(free, (uint64_t) hash << 32 | (i + 1), __ATOMIC_RELEASE);
    ++_entered;
    return true;
}

uint64_t GTPFastKernel::traffic(uint32_t i) const {
    uint64_t sum = 0;
    for (int cpu = 0; cpu < ncpus; ++cpu)
        sum += __atomic_load_n(&_traffic[(size_t) cpu * nslots + i], __ATOMIC_RELAXED);
    return sum;
}

void GTPFastKernel::remove(uint32_t i) {
    if (uint64_t *p = place_of(gtpfast_hash(&_slots[i].key, config->seed), i + 1)) {
        __atomic_store_n(p, 0, __ATOMIC_RELEASE);
        --_entered;
    }
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(linux userlevel)
