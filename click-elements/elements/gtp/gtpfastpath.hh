#ifndef CLICK_GTPFASTPATH_HH
#define CLICK_GTPFASTPATH_HH
#include <click/batchelement.hh>
#include <click/timer.hh>
#include <click/vector.hh>
#include "elements/gtp/gtpfastcredit.hh"
#include "elements/gtp/gtpfastloader.hh"
#include "elements/gtp/gtptable.hh"
struct gtpfast_tunnel;
CLICK_DECLS
class FromDevice;

/*
=c
GTPFastPath(TABLE, RAN, CORE, LOCAL [, MODE auto|native|generic|tc|off, SUPER cut|whole|off, FLOWS, PACKETS, LEASE])
=s gtp
forwards the established flows of a GTP-U breakout in the kernel
=d
Stands before the three outputs of a breakout: what goes to the RAN passes from input 0 to output 0, to the core 1, to the local leg 2, unchanged.
RAN, CORE and LOCAL are the network devices of these sides, or the FromDevice elements that read them.

On each of the devices it puts a program, at XDP or at traffic control. A packet of a flow that the program knows is forwarded there and then, and is never seen by
FromDevice; all else comes up as ever. What is done with a flow is learned by example: when PACKETS (8) packets of one direction of a flow
have come out of the configuration, the kernel is told to make of the next ones what the last one was made into: which device, which Ethernet
header and VLAN tags, which tunnel with which DSCP and extension headers; and on which VLAN (the outer tag) it comes. A flow broken out is what TABLE (a GTPTable) says it is; a G-PDU
on its way to the core or to the RAN is forwarded unchanged. IPv4 and IPv6, inside and outside. At most FLOWS (16384) directions of flows are in the kernel.

To come up always: TCP packets with SYN, FIN or RST, fragments, IP options and IPv6 extension headers, ICMP but echo, signalling (echo, error
indication, end marker), what is not GTP-U, what is too long for the device (or for the MTU of GTPEncap), what has an extension header that somebody
may have to understand, congestion that was met in the tunnel (RFC 6040), flows that are wrapped with sequence numbers, and on a generic hook
a checksum that was left to the device (C<ethtool -K DEVICE tx off> at a sender on this machine); a native one completes it, and at traffic control the
kernel does when the packet leaves.

An entry holds for LEASE (10 s). In its second half one packet is sent up, and if what comes out is the same as before, the lease is new; if it is
different, the entry goes. So TABLE sees each flow in use, and whatever changes (rules, a neighbour's Ethernet address) takes effect
after LEASE at the latest. What TABLE tells of (flows that close, hand-overs, rules changed by it, sessions dropped) takes effect at once.
The inner packets must pass the configuration unchanged, but for what GTPBreakout does with DSCP and ECN: with an element that changes them (DecIPTTL, a rewriter) there must be no fast path.

MODE says where the programs are:
  native    in the driver. The quickest for packets. All devices that frames go to must accept them from there. Senders at the other end of a veth device make no super frames then.
  generic   the kernel's generic hook.
  tc        at traffic control (Linux 6.6), for super frames: see below. Packets by themselves are slower here. Each device is read by one FromDevice, from a packet
            socket and without PROTOCOL: those are served before traffic control, so a program on its socket decides about a packet, and the one at traffic control does what it says.
  auto      for each device native where that can be, as the kernel tells, else generic.

If it cannot be, for want of rights, of Linux 5.18, of clang when lclick was built, or since another
program has the device, all packets take the slow way and C<status> says why. It is no error. With the end of lclick the programs go.

Super frames are up to 64 KB of TCP, which whoever is on this machine sends at once for a device to cut into packets. SUPER says what is done with them at traffic control. With
C<cut> they are wrapped as they are where the kernel cuts them before the RAN's device has them, into the packets that lclick would have made: where that device does not do
tx-udp_tnl-segmentation (C<ethtool -k>). Of a veth device it is turned off at the start, and tx-checksum-ip-generic likewise, for who reads its other end may know
of neither; a device that is made anew later keeps both, and then super frames come up, as do those whose last segment is shorter than the others, and all in a tunnel over IPv6. With
C<whole> they leave in one piece, with a tunnel header whose GTP-U length is one segment's, and come from RAN and core likewise. That is for an other end on the same machine that knows
of it: another GTPFastPath with C<whole>, or a FromDevice, which cuts them. C<off>: all come up.

To load and attach the programs takes a process of its own some 50 ms, during which all packets take the slow way already.

What the kernel forwards counts up to a second later: in TABLE for its UE and path; in the GTPDecap of its direction and the GTPEncap, where TABLE has one of
these; in the GTPRules, for the rule that the flow's example matched; and in each GTPBreakout, GTPRestore and Counter that all packets pass on the way from there to here
(not in one for some of them, as behind a PaintSwitch). Bytes are those of IP packets. Elements on other ways, and all other elements, do not count it.

There is one set of IP identifications for a tunnel's packets from the kernel, another one for those of GTPEncap.
=h status read-only
C<active>, and for each device its mode; C<loading>, as long as the driver has not heard of the outcome; or C<off> and the reason.
=h state read-only
C<loading>, C<on>, or C<off> and the reason.
=h active read-only
=h stats read-only
Counters: a JSON object. C<lost>: what the kernel was to forward and did not, since it would not have it changed or somebody else had it before. For each side the packets and bytes (as the UE knows them) that the kernel forwarded from there, and how many it let up, by reason.
=h offloaded read-only
What is in the kernel: a JSON array.
=h hits read-only
Packets that the kernel forwarded.
=h flush write-only
All flows are to prove themselves anew.
=a GTPTable, GTPBreakout, FromDevice
*/
class GTPFastPath : public BatchElement, public GTPFlowWatcher { public:
    GTPFastPath() : _timer(this) {}
    ~GTPFastPath();
    const char *class_name() const override { return "GTPFastPath"; }
    const char *port_count() const override { return "3/3"; }
    const char *processing() const override { return PUSH; }
    const char *flow_code() const override { return "#/#"; }
    int configure_phase() const override { return CONFIGURE_PHASE_PRIVILEGED + 1; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void push(int port, Packet *) override;
    void push_batch(int port, PacketBatch *) override;
    void run_timer(Timer *) override;
    void selected(int fd, int mask) override;

    void flow_changed(const GTPFlowKey &) override;
    void flow_changed(const GTPFlowKey6 &) override;
    void ue_changed(const GTPAddress &) override;
    void flows_changed() override;
    void settle_counts() override;
    int64_t idle_seconds(const GTPFlowKey &) override;
    int64_t idle_seconds(const GTPFlowKey6 &) override;

  private:
    /** A direction of a flow, whatever tunnel it is in; or, of a downlink tunnel, UE and TEID: a kernel's key, but of an uplink without the TEID. */
    struct Id {
        gtpfast_key k;
        bool operator==(const Id &x) const { return memcmp(&k, &x.k, sizeof k) == 0; }
        uint32_t hash(uint32_t seed) const;
        const uint32_t *ue() const { return k.kind == gtpfast_uplink ? k.inner_src : k.inner_dst; }
        const uint32_t *remote() const { return k.kind == gtpfast_uplink ? k.inner_dst : k.inner_src; }
        uint16_t ue_port() const { return k.kind == gtpfast_uplink ? k.src_port : k.dst_port; }
        uint16_t remote_port() const { return k.kind == gtpfast_uplink ? k.dst_port : k.src_port; }
    };
    /** What the others know of its counts, as read from its slot and in all; and the rule that decides about its packets. */
    struct Installed { uint64_t traffic, packets, bytes; uint32_t slot; int32_t rule; uint32_t rules_generation; };
    struct Candidate { uint32_t seen, header; };
    struct Traffic { uint64_t packets, bytes; };
    /** What was made of a packet. */
    struct Example {
        Id id;
        gtpfast_key key;
        gtpfast_ends ends;
        uint8_t action, to, length, ip_at, inner_tos, outer_tos;
        bool outer6;
        uint16_t vlan[2];               // TPID and VLAN ID that the tunnel's packets come with, as in gtpfast_slot
        uint32_t sum;
        const uint8_t *inner;           // the UE's packet
        uint32_t inner_length;
        uint8_t header[gtpfast_header];
    };
    struct Resting { uint32_t slot; int64_t since_ns; };     // of a slot without a key: a program may still look at it
    enum { min_candidates = 8192, rest_ms = 1000 };

    GTPTable *_table = nullptr;
    String _names[gtpfast_nports], _why;
    GTPFastKernel::Mode _mode = GTPFastKernel::automatic;
    uint32_t _flows = 16384, _packets = 8, _lease = 10;
    GTPFastKernel *_kernel = nullptr;
    GTPFastLoader _loader;
    int _watched = -1;                   // its descriptor
    bool _active = false;
    uint32_t _super = gtpfast_super_cut;
    FromDevice *_readers[gtpfast_nports] = {};      // who reads each device, if it is one that takes decisions
    Timer _timer;
    GTPFastCredit _credit;
    LruTable<Id, Installed> _installed;
    LruTable<Id, Candidate> _candidates;
    Vector<Resting> _resting;            // a ring of _nslots
    uint32_t _rest_head = 0, _rest_count = 0;
    uint8_t _leg_length = 0, _leg[22] = {};      // the Ethernet header that went out on the local leg last
    struct { uint64_t installed, removed, replaced, full, failed; } _stats = {};
    enum { seen_nothing, seen_example, seen_entered, seen_renewed, seen_no_room } _outcome = seen_nothing;      // what came of a packet that was looked at
    uint32_t _examples = 0;

    void start();
    void stop(const String &why);
    void look_at_loader();
    void watch_loader();
    void give_up_kernel();
    bool put_to_work();
    void detach();
    FromDevice *reader_of(const String &device) const;
    bool name_devices(ErrorHandler *);
    void ask_others();
    void empty();

    // Learning (gtpfastlearn.cc, gtpfastentries.cc)
    void see(int port, const Packet *);
    void see_traced(int port, const Packet *);
    String why_no_example(int port, const Packet *) const;
    void see_to_ran(const unsigned char *, const unsigned char *end, uint32_t path);
    void see_to_core(const unsigned char *, const unsigned char *end);
    void see_to_local(const unsigned char *, const unsigned char *end);
    static void make_template(Example &, const gtpfast_tunnel &);
    void learn(const Example &);
    void renew(gtpfast_slot &);
    bool install(const Example &);
    bool expect_on_leg(const Example &, gtpfast_slot &);
    void remember_rule(const Example &, Installed &);
    void uninstall(const Id &);
    void credit(const Id &, Installed &);
    static Traffic since(uint64_t before, uint64_t traffic);
    bool same(const gtpfast_slot &, const Example &) const;
    bool view(const Id &, GTPFlowView &);
    void void_flow(const Id &uplink);
    int64_t idle_seconds(const Id &uplink);
    static Id other_way(const Id &);
    static bool is4(const uint32_t *a) { return !a[0] && !a[1] && a[2] == htonl(0xFFFF); }
    static uint16_t bucket_of(const uint32_t *ue);

    // Handlers (gtpfasttext.cc)
    static const char *reason_name(int reason);
    uint64_t sum_of(int port, int reason) const;
    String unparse_status() const;
    String unparse_state() const;
    String unparse_stats() const;
    String unparse_offloaded();
    static String read(Element *, void *);
    static int flush(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
