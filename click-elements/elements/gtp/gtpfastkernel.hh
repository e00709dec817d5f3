// The kernel's half of GTPFastPath: the programs of bpf/gtpfast.bpf.c and bpf/gtpskb.bpf.c on their devices, and their maps. These are shared memory: entries,
// leases, counters and what is void cost no system call.
#ifndef LCLICK_GTPFASTKERNEL_HH
#define LCLICK_GTPFASTKERNEL_HH
#include "bpf/gtpfast.h"
#include "elements/userlevel/bpfobject.hh"
#include "elements/userlevel/xdpfeatures.hh"
#include <click/string.hh>
CLICK_DECLS

class GTPFastKernel { public:
    enum Mode { automatic, native, generic, tc, off };
    struct Device {
        String name;
        int ifindex = 0, link = -1;
        bpf::Hook hook = bpf::Hook::generic;
    };

    GTPFastKernel() {}
    GTPFastKernel(const GTPFastKernel &) = delete;
    ~GTPFastKernel();
    /** The maps. False, with the reason, if this lclick or this kernel cannot. */
    bool prepare(uint32_t nslots, String *why);
    /** The programs, which takes a while: for sockets those that config->sockets says can have one. */
    bool load(Mode, String *why);
    /** Put them to work on the devices that have names, each at the hook that it is to be at. False, with the reason, and none is. Of one that has another program wait up to
        so many milliseconds for that to end: the kernel takes its time to detach those of a process that was killed. At traffic control they do nothing
        until config->at_work says so, and the socket of the device's FromDevice has socket_program(). */
    bool attach(Mode, String *why, int patience_ms = 0);
    void detach();
    /** The process that opens devices may have to attach them anew. */
    void note();
    /** Is all still as it was when they were attached? False, with the reason: then detach(). Has a new MTU taken notice of. */
    bool check(String *why);

    /** From now on the programs find this slot by its key. False if there is no place for it, among keys of like hashes. */
    bool enter(uint32_t slot);
    void remove(uint32_t slot);

    // Another process can load and attach in the place of this one (gtpfastloader.hh), with these maps.
    enum { m_config, m_counters, m_ues, m_slots, m_buckets, m_traffic, m_devices, m_targets, m_scratch, nmaps };
    const int *maps() const { return _map; }
    bool use_maps(const int *fds, String *why);
    enum { xdp_programs = 0, socket_programs = gtpfast_nports, tc_program = 2 * gtpfast_nports, nprograms };
    const int *programs() const { return _program; }
    /** For the socket of this device's FromDevice. */
    int socket_program(int port) const { return _program[socket_programs + port]; }
    /** What came of it: programs, and links where they were attached; of each device its number and the hook of its link. */
    void adopt(Mode, const int *programs, const int *links, const int32_t *ifindexes, const int32_t *hooks);

    Device devices[gtpfast_nports];
    gtpfast_config *config = nullptr;
    uint64_t *ues = nullptr;             // each moves on when where its UEs' tunnels lead has changed
    uint32_t nslots = 0;
    int ncpus = 0;
    gtpfast_slot &slot(uint32_t i) { return _slots[i]; }
    /** What it forwarded in all, in the unit of gtpfast_packet; wraps round. */
    uint64_t traffic(uint32_t slot) const;
    const gtpfast_counters &counters(int cpu) const { return _counters[cpu]; }

  private:
    enum { least_buckets = 64 };
    struct Memory { void *at = nullptr; size_t size = 0; };
    int _map[nmaps] = {-1, -1, -1, -1, -1, -1, -1, -1, -1}, _program[nprograms] = {-1, -1, -1, -1, -1, -1, -1};
    Memory _memory[m_devices];
    gtpfast_slot *_slots = nullptr;
    gtpfast_bucket *_buckets = nullptr;
    uint64_t *_traffic = nullptr;
    uint32_t _most_buckets = 0, _entered = 0;
    gtpfast_counters *_counters = nullptr;
    int _kept = -1;                     // the numbers at the opener, of the maps of devices, this and the next one
    XdpFeatures _features;
    Mode _mode = off;

    bool make_maps(String *why);
    uint64_t *place_of(uint32_t hash, uint32_t slot);
    void spread();
    bool map_memory(int i, size_t bytes, String *why);
    int link(int port, int *patience_ms);
    bool link_best(int port, int *patience_ms, String *why);
    bool takes_redirected(int port);
    bool may_be_native(int port);
    uint32_t has_unfinished(int port) const;
    static int mtu_of(const String &device);
    static int index_of(const String &device);
};

CLICK_ENDDECLS
#endif
