// Frames through every element that handles packets, one after the other: the rows below, and each class of the factory table that can
// be without arguments. What lies before it may have set the network header, the packet may be shared, or one of a batch.
#include "fuzz.hh"

/** Classes that need arguments, or have more than their default to show. A new element is one line here, or none. */
static const char *const rows[][2] = {
    {"CheckIPHeader", "OFFSET 14, VERBOSE true"}, {"CheckIPHeader", "CHECKSUM false"}, {"MarkIPHeader", "14"}, {"ARPQuerier", "10.0.0.1, 2:0:0:0:0:1, CAPACITY 4"},
    {"ARPResponder", "10.0.0.0/8 2:0:0:0:0:2"}, {"EtherEncap", "0x0800, 2:0:0:0:0:1, 2:0:0:0:0:2"}, {"UDPIPEncap", "1.2.3.4, 1234, 5.6.7.8, 1234"}, {"Classifier", "12/0806 20/0001, 12/0800, -"},
    {"IPClassifier", "tcp opt syn, udp port 53 or icmp type echo, ip frag, ip hl > 5, -"}, {"IPFilter", "allow src net 10.0.0.0/8 && ip ttl > 3, deny all"}, {"Paint", "3"}, {"Strip", "14"}, {"Unstrip", "14"},
    {"Print", "x, 40, CONTENTS true"}, {"Queue", "4"}, {"SetIPAddress", "1.2.3.4"}, {"IPPrint", "x"}, {"IPPrint", "x, CONTENTS ASCII, LENGTH true, TTL true, ID true, TOS true"}, {"IPEncap", "4, 1.2.3.4, 5.6.7.8"},
    {"StripIPHeader", ""}, {"GetIPAddress", "16"}, {"StoreIPAddress", "1.2.3.4, 12"}, {"StoreIPAddress", "12"}, {"SetIPDSCP", "10"}, {"SetIPECN", "1"}, {"SetTCPChecksum", "FIXOFF true"}, {"TCPMSSClamp", "600, ADD true"}, {"SetUDPChecksum", ""},
    {"FixIPSrc", "10.0.0.1"}, {"StaticIPLookup", "10.0.0.0/8 0, 0/0 1.1.1.1 1"}, {"LinearIPLookup", "10.0.0.0/8 0, 0/0 1"}, {"RadixIPLookup", "10.0.0.0/8 0, 0/0 1"}, {"DirectIPLookup", "10.0.0.0/8 0, 0/0 1"},
    {"ICMPError", "1.2.3.4, timeexceeded"}, {"IPFragmenter", "576"}, {"IPFragmenter", "68, HONOR_DF false"}, {"IPReassembler", "HIMEM 9000"}, {"IPGWOptions", "1.2.3.4"}, {"IPRewriter", "pattern 1.0.0.1 1024-65535 - - 0 1, drop"},
    {"TCPRewriter", "pattern 1.0.0.1 1024-65535 - - 0 1, drop"}, {"UDPRewriter", "pattern 1.0.0.1 1024-65535 - - 0 1, drop"}, {"IPAddrRewriter", "pattern 1.0.0.1-1.0.0.9 - 0 1, drop"}, {"ICMPPingRewriter", "pattern 1.0.0.1 - 0 1, drop"},
    {"IPAddrPairRewriter", "pattern 1.0.0.1 - 0 1, drop"}, {"IPOutputCombo", "1, 1.2.3.4, 1500"}, {"IPInputCombo", "1"}, {"CheckLength", "100"}, {"CheckPaint", "1"}, {"Align", "4, 2"}, {"HashSwitch", "26, 4"}, {"EnsureEther", ""},
    {"VLANEncap", "5"}, {"VLANDecap", ""}, {"HostEtherFilter", "2:0:0:0:0:1"}, {"AggregateIP", "ip src/24"}, {"RandomSample", "0.5"}, {"SetAnnoByte", "0, 1"}, {"Truncate", "40"}, {"Pad", "100"}, {"StripToNetworkHeader", ""},
    {"CheckIP6Header", ""}, {"ProtocolTranslator46", ""}, {"IP6NDSolicitor", "3ffe::1, 2:0:0:0:0:1"}, {"IP6NDAdvertiser", "3ffe::/16 2:0:0:0:0:1"}, {"DecIP6HLIM", ""}, {"LookupIP6Route", "3ffe::/16 ::0 0, ::0/0 ::1 1"},
    {"ICMP6Error", "3ffe::1, 3, 0"}, {"GREEncap", "0x800"}, {"IP6Print", "x"}, {"ARPPrint", "x"}, {"ICMPPingEncap", "1.2.3.4, 5.6.7.8"}, {"ICMPPingSource", "1.2.3.4, 5.6.7.8, ACTIVE false, VERBOSE false"}, {"UDPIP6Encap", "3ffe::1, 1, 3ffe::2, 2"}, {"SetVLANAnno", "1"},
    {"EtherVLANEncap", "0x800, 2:0:0:0:0:1, 2:0:0:0:0:2, 5"}, {"SetPacketType", "HOST"}, {"StoreData", "2, \\<0102>"}, {"SetRandIPAddress", "10.0.0.0/8"},
    {"ICMPError", "1.2.3.4, redirect, host, BADADDRS 10.0.0.0/8"}, {"ICMPError", "1.2.3.4, parameterproblem, SET_FIX_ANNO false, MTU 600"}, {"ICMPPingRewriter", "pattern 1.0.0.1 - 0 1"}, {"IPRewriter", "pattern 1.0.0.1 1024-1026# - - 0 1, nochange 0, MAPPING_CAPACITY 3, DST_ANNO false"},
    {"EtherRewrite", "2:0:0:0:0:1, 2:0:0:0:0:2"}, {"GetEtherAddress", "0, 6"}, {"StoreEtherAddress", "2:0:0:0:0:1, 6"}, {"SetEtherAddress", "ANNO 4, 2:0:0:0:0:1"}, {"GetIP6Address", "24"}, {"SetIP6Address", "3ffe::1"}, {"SetIP6DSCP", "10"},
    {"IP6Encap", "41, 3ffe::1, 3ffe::2"}, {"IP6Fragmenter", "1280"}, {"IP6Reassembler", "HIMEM 20000"}, {"SetTCPChecksumIP6", ""}, {"SetUDPChecksumIP6", ""}, {"SetICMPChecksumIP6", ""}, {"IP6NDSolicitor", "3ffe::1, 2:0:0:0:0:1, CAPACITY 4"}, {"PaintTee", "1"},
    {"RandomBitErrors", "0.1, KIND flip"}, {"RED", "1, 4, 0.5"}, {"StaticSwitch", "1"}, {"StaticPullSwitch", "0"}, {"StrideSwitch", "1, 2"}, {"StrideSched", "1, 2"}, {"BandwidthMeter", "100, 1000"}, {"Meter", "10"},
    {"BandwidthRatedSplitter", "1000"}, {"RatedSplitter", "10"}, {"BandwidthShaper", "10000"}, {"Shaper", "100"}, {"BandwidthRatedUnqueue", "100000"}, {"RatedUnqueue", "100"}, {"DelayShaper", "0.001"}, {"DelayUnqueue", "0.001"},
    {"LinkUnqueue", "0.001, 1Mbps"}, {"TimedUnqueue", "0.001, 4"}, {"Burster", "0.001, 4"}, {"LookupIPRoute", "10.0.0.0/8 0, 0/0 1.1.1.1 1"}, {"EtherVlanEncap", "0x800, 2:0:0:0:0:1, 2:0:0:0:0:2, 5"}, {"SetVlanAnno", "2"}};

namespace {
enum { entries = 5, f_repair = 8, f_shared = 16, f_batch = 32 };
struct Bed {
    Master *master = new Master;
    Router *router = new Router("", master);
    FuzzSource *source = new FuzzSource;
    FuzzSink *sink = new FuzzSink;
    Element *entry[entries];
    int inputs;
    ~Bed() {
        delete router;
        delete master;
    }
    /** Build; false if it cannot be with so many ports. */
    bool build(const ElementType *t, const String &conf, int nin, int nout) {
        Element *e = t->make();
        router->add_element(e, "e", conf, "f");
        router->add_element(source, "source", "", "f");
        router->add_element(sink, "sink", "", "f");
        for (int i = 0; i < nin; ++i) router->add_connection(1, i, 0, i, "f");
        for (int i = 0; i < nout; ++i) router->add_connection(0, i, 2, i, "f");
        // Ways in that mark the IP header first, if the element is pushed to.
        static const struct { const char *cls, *conf; } before[] = {{"MarkIPHeader", "0"}, {"MarkIPHeader", "14"}, {"CheckIPHeader", "CHECKSUM false"}, {"CheckIPHeader", "14, CHECKSUM false"}};
        bool pushed = e->processing()[0] != 'l';
        for (int i = 0; i < 4; ++i) {
            int n = router->nelements();
            router->add_element(click_find_element_type(before[i].cls)->make(), String("before") + String(i), before[i].conf, "f");
            router->add_connection(1, nin + i, n, 0, "f");
            router->add_connection(n, 0, pushed ? 0 : 2, pushed ? 0 : nout + i, "f");
        }
        inputs = nin;
        return router->initialize(ErrorHandler::silent_handler()) >= 0;
    }
};

void add(Vector<Bed *> &beds, const ElementType *t, const char *conf) {
    if (!t || fuzz_reaches_out(t->name)) return;
    for (int nin = 2; nin >= 1; --nin)
        for (int nout = 8; nout >= 0; --nout) {
            Bed *b = new Bed;
            if (b->build(t, conf, nin, nout)) {
                beds.push_back(b);
                return;
            }
            delete b;
        }
}

Vector<Bed *> &beds() {
    static Vector<Bed *> &v = *new Vector<Bed *>;
    if (v.empty()) {
        for (int i = 0; i < click_nelement_types; ++i) add(v, &click_element_types[i], "");
        for (auto &row : rows) add(v, click_find_element_type(row[0]), row[1]);
        if (getenv("FUZZ_LIST"))
            for (Bed *b : v) dprintf(1, "%s(%s) %d in %d out\n", b->router->element(0)->class_name(), b->router->econfiguration(0).c_str(), b->inputs, b->router->element(0)->noutputs());
    }
    return v;
}
}

/** Input: flags with the way in, then frames, each with two bytes of length. All elements get them. */
FUZZ_TARGET(elements) {
    fuzz_quiet();
    FuzzInput in(data, size);
    uint8_t flags = in.u8();
    int entry = (flags & 7) % entries;
    uint8_t frame[4][2048];
    size_t length[4];
    int n = 0;
    for (; n < 4 && in.left() > 2; ++n) {
        length[n] = in.u16() & 0x7FF;
        const uint8_t *d = in.bytes(length[n]);
        memcpy(frame[n], d, length[n]);
        if (flags & f_repair) fuzz_repair(frame[n], length[n], entry == 1 || entry == 3 ? 0 : 14);
    }
    for (Bed *b : beds()) {
        Packet *packet[4], *held[4] = {};
        for (int i = 0; i < n; ++i) {
            packet[i] = fuzz_packet(frame[i], length[i]);
            if (flags & f_shared) held[i] = packet[i]->clone();
        }
        int port = entry ? b->inputs + entry - 1 : (flags >> 6) % b->inputs;
        if ((flags & f_batch) && n && b->source->output_is_push(port)) {
            BatchBuilder batch;
            for (int i = 0; i < n; ++i) batch.append(packet[i]);
            b->source->output(port).push_batch(batch.finish());
        } else
            for (int i = 0; i < n; ++i) b->source->give(port, packet[i]);
        b->sink->drain();
        b->master->thread(0)->run_once(0);
        b->source->clear();
        for (int i = 0; i < n; ++i)
            if (held[i]) {
                if (held[i]->length() != length[i] || memcmp(held[i]->data(), frame[i], length[i])) {
                    dprintf(2, "fuzz: %s wrote into a shared packet\n", b->router->element(0)->class_name());
                    abort();
                }
                held[i]->kill();
            }
    }
    return 0;
}
