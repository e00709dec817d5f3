#ifndef CLICK_IPREWRITER_HH
#define CLICK_IPREWRITER_HH
#include "elements/ip/iprewriterbase.hh"
CLICK_DECLS

/*
=c
IPRewriter(INPUTSPEC1, ..., INPUTSPECn [, TCP and UDP timeouts, REAP_INTERVAL, MAPPING_CAPACITY, DST_ANNO])
=s nat
changes addresses and ports of TCP and UDP flows: NAPT
=d
Packets of a known flow, told by addresses, ports and protocol, get the flow's new addresses and ports, with the checksums, and leave on its output; replies
are turned back. Others are treated by the specification of their input. Packets that are not TCP or UDP, and later fragments, pass only by C<pass>.

An input specification is C<drop>; C<pass OUTPUT> (as it is, no flow is kept); C<keep FOUTPUT ROUTPUT> (a flow is kept, nothing changes); C<pattern
SADDR SPORT DADDR DPORT FOUTPUT ROUTPUT>, where C<-> leaves a field as it is and SPORT may be a range C<L-H> of which a free port is taken (the
packet's own if it is in the range, else any; C<L-H#>: in order, C<L-H?>: any); C<pattern NAME FOUTPUT ROUTPUT>, NAME being IPRewriterPatterns'; or the
name of a mapper, such as RoundRobinIPMapper.

A flow ends when it has been idle for its timeout. The table holds MAPPING_CAPACITY (65536) flows; when it is full, the flow that has been idle for longest gives
way, but none for its guarantee (5 s); then new flows are dropped. REAP_INTERVAL (15 min): how often old flows are looked for. DST_ANNO (true): set
the destination annotation. Hot swapping keeps the flows.

Timeouts: TCP_TIMEOUT (24 h; when data went both ways), TCP_NODATA_TIMEOUT (5 min), TCP_DONE_TIMEOUT (4 min; after FINs or RST), TCP_GUARANTEE, UDP_TIMEOUT (5 min), UDP_STREAMING_TIMEOUT (the same; for three packets, one each way), UDP_GUARANTEE.
=h tcp_table, udp_table read-only
=h tcp_lookup, udp_lookup read-only, with C<SADDR SPORT DADDR DPORT>
=h table_size, size read-only
Flows.
=h mapping_failures read-only
Flows that could not begin: no port or no room was left.
=h patterns, patternN read-only, read/write
Input specifications, with the number of their flows.
=h capacity read/write
=h clear write-only
=a IPRewriterPatterns, RoundRobinIPMapper, SourceIPHashMapper, ICMPRewriter
*/
class IPRewriter : public IPRewriterBase { public:
    IPRewriter() : IPRewriterBase(for_tcp | for_udp) {}
    const char *class_name() const override { return "IPRewriter"; }
};

CLICK_ENDDECLS
#endif
