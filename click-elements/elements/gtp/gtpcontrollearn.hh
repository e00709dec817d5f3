#ifndef CLICK_GTPCONTROLLEARN_HH
#define CLICK_GTPCONTROLLEARN_HH
#include <click/batchelement.hh>
#include <click/timer.hh>
#include "elements/gtp/s1aptracker.hh"
#include "elements/gtp/sctpassociations.hh"
CLICK_DECLS

/*
=c
GTPControlLearn(TABLE, [CAPACITY, TIMEOUT, PROTOCOLS])
=s gtp
learns GTP-U bearers from the control messages that pass
=d
Expects Ethernet frames, with up to two VLAN tags, and passes all of them on unchanged, from each input to the output of the same number: one for each
direction, or one for all. It reads GTPv1-C (TS 29.060) and GTPv2-C (TS 29.274) in UDP to and from port 2123, and S1AP (TS 36.413) in SCTP to and from port
36412, over IPv4 and IPv6, and tells TABLE, an element that wants to know of bearers (GTPTable, GTPBearerPrint), what becomes of them: set up, with another
downlink end (hand-over, service request), without one (the UE is idle), released. PROTOCOLS (all) names those that are read: C<gtpv1-c>, C<gtpv2-c>,
C<s1ap>. So, of a capture, a line for each event:

    FromDump(s11.pcap, STOP true) -> GTPControlLearn(p) -> Discard;
    p :: GTPBearerPrint("");

Only an accepted response to a request that passed changes anything; a repeated message changes nothing a second time. Both directions must pass through the
same element. Messages in IP fragments are counted and not read; S1AP messages in several DATA chunks are put together if these pass in order. Bearers
that were there before the element are known from the first GTP-C message that moves their downlink end, or from the first S1AP message that sets them up again.

An entity that was started anew has forgotten its UEs. The restart counter of a GTP-C message (TS 23.007) says so: all bearers between the two entities
are released. An S1 Setup that is accepted, and a Reset, make UEs idle: their bearers stay in the core until GTP-C says otherwise.

The same bearer may be told of by two protocols, as on S11 and S1-MME; its uplink end names it in both. An SCTP association is known by the addresses of the
packet at hand: what a multi-homed eNB or MME sends to or from another of its addresses belongs to nothing that is known.

At most CAPACITY (65536) bearers, and as many relations of control entities about UEs, are kept; those not used for longest make room. Those of which no
message told for TIMEOUT (86400 s) are forgotten. Neither is told to TABLE, for it means nothing but that the element forgot. In a hot swap, an element of the
same name takes over what is known, but not the counters.
=h count read-only
Bearers that are known.
=h sessions read-only
Relations between two control entities about a UE.
=h contexts read-only
All of them: a JSON array.
=h messages read-only
A line for each protocol and type of message that came, with how many.
=h reasons read-only
A line for each protocol and what became of its messages, with how many. C<ok>: read, and used as far as it tells of bearers; C<other>: of a type that tells of none.
Not understood: C<fragment>, C<sctp_fragment> (a piece of an S1AP message of which another one did not pass before it), C<bad_packet> (the packet's lengths are wrong), C<short>, C<bad_version>, C<bad_length>,
C<bad_ie> (an information element that is too long or too short), C<unknown_ie> (one whose length cannot be known), C<bad_encoding> (no such message in PER), C<incomplete> (what must be there is not). Nothing came
of it: C<retransmitted>, C<unmatched> (no request for this response), C<refused>, C<no_context> (nothing is known of what it is about).
=h events read-only
How often TABLE was told of what.
=h restarts read-only
A line for each protocol with how often an entity had lost what it knew: by its restart counter, an S1 Setup, or a Reset of all or some of a node's UEs.
=h clear write-only
Forget everything but the counters. TABLE is not told.
=h reset_counts write-only
=a GTPTable, GTPBearerPrint
*/
class GTPControlLearn : public BatchElement { public:
    GTPControlLearn() : _gtp(_contexts), _s1ap(_contexts), _timer(this) {}
    const char *class_name() const override { return "GTPControlLearn"; }
    const char *port_count() const override { return "1-/="; }
    const char *flow_code() const override { return "#/#"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void take_state(Element *, ErrorHandler *) override;
    void add_handlers() override;
    void run_timer(Timer *) override;
    void push(int port, Packet *p) override {
        look(p->data(), p->length());
        output(port).push(p);
    }
    Packet *pull(int port) override {
        Packet *p = input(port).pull();
        if (p) look(p->data(), p->length());
        return p;
    }
    void push_batch(int port, PacketBatch *batch) override {
        FOR_EACH_PACKET(batch, p) look(p->data(), p->length());
        output_push_batch(port, batch);
    }
    PacketBatch *pull_batch(int port, unsigned max) override {
        PacketBatch *batch = input_pull_batch(port, max);
        if (batch) FOR_EACH_PACKET(batch, p) look(p->data(), p->length());
        return batch;
    }
    const GTPControlContexts &contexts() const { return _contexts; }

  private:
    enum { nprotocols = 3 };
    GTPControlContexts _contexts;
    GTPControlTracker _gtp;
    S1APTracker _s1ap;
    SCTPAssociations _associations;
    uint32_t _capacity = 65536, _timeout = 86400;
    bool _read[nprotocols] = {true, true, true};
    Timer _timer;
    uint64_t _verdicts[nprotocols][GTPC_NVERDICTS] = {};
    uint64_t _messages[2][256] = {}, _s1ap_messages[3][256] = {}, _restarts[2] = {};

    static uint32_t now() { return (uint32_t) (Timestamp::recent_steady().nsecval() / Timestamp::nsec_per_sec) + (1U << 30); }
    void look(const unsigned char *frame, uint32_t length) {
        if (!gtp_control_not(frame, length)) look_closely(frame, length);
    }
    void look_closely(const unsigned char *frame, uint32_t length);
    void look_gtp(const GTPControlFrame &);
    void look_s1ap(const GTPControlFrame &);
    String unparse_messages() const;
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
