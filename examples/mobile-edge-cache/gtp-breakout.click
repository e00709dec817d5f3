// gtp-breakout: a transparent GTP-U local breakout on S1-U or N3, over IPv4 or IPv6.
//
//   port 0  RAN side      port 1  core side      port 2  local leg, Ethernet towards the cache
//
// What $RULE selects among the UEs' packets leaves on the local leg, unchanged, with the cache's Ethernet address; what
// comes back for a UE is put into its tunnel. All else passes between RAN and core byte-identical. Bearers are learned from the traffic, and from
// GTP-C and S1AP where these pass too: then a UE is served from its first packet on.
// Tunnel packets that come as fragments are put together to be looked at. What is longer than $MTU when it leaves for RAN or core is
// cut again: frames that passed to what they were, if their sender filled its fragments, and replies that do not fit. Both ends of a broken-out
// TCP connection keep their segments below $MSS: with one of 1420 (IPv4 outside) or 1400 (IPv6) nothing of it has to be cut, and all goes the fast way.
// Flows that are decided are forwarded by the kernel, where it can (lightmano doctor says so; fast.status in the function).
// in0 in1 in2 and out0 out1 out2 are declared ahead of this script.
//
// Parameters, as NAME=VALUE on the command line. A rule with a comma must carry its own quotes.
define($RULE "tcp and dst port 80",        // IPFilter language, on the inner packet
       $LOCAL_IP 10.40.0.1,                // we, as gateway on the local leg
       $LOCAL_MAC 02:4c:4d:00:00:01,
       $CACHE_IP 10.40.0.10,               // next hop of what is broken out
       $CAPACITY 65536,                    // sessions
       $PROBE 0,                           // seconds between Echo Requests of ours to the ends of paths; 0: none
       $TIMEOUT 3600,                      // seconds until an idle session is forgotten
       $MTU 1500,                          // of RAN and core: the longest outer packet
       $MSS 65535,                         // the longest TCP segment of what is broken out
       $SEQUENCE none,                     // own: replies are numbered where the core's packets are (osmo-gtphub wants it so)
       $HIMEM 1048576,                     // bytes of fragments that wait for others, of each direction and IP version
       $FASTPATH auto,                     // auto, native, tc, generic or off
       $FASTPATH_SUPER cut,                // 64 KB of TCP at once, as servers on this node send it: cut, whole (for a testbed on one machine) or off
       $FASTPATH_FLOWS 4096);              // directions of flows that the kernel forwards; 240 bytes each, taken at once

// Fragments of IPv4 and all of IPv6, tagged or not, pass the reassemblers, the rest does not.
elementclass OuterReassembler { HIMEM $himem |
	input -> type :: Classifier(12/0800 !20/0000%3fff, 12/86dd, 12/8100 16/0800 !24/0000%3fff, 12/8100 16/86dd, -);
	type [0] -> MarkIPHeader(14) -> four :: IPReassembler(HIMEM $himem, TIMEOUT 1) -> output;
	type [1] -> MarkIP6Header(14) -> six :: IP6Reassembler(HIMEM $himem) -> output;
	type [2] -> MarkIPHeader(18) -> four;
	type [3] -> MarkIP6Header(18) -> six;
	type [4] -> output;
}

// Don't Fragment does not hold where the sender itself had sent fragments.
elementclass OuterFragmenter { MTU $mtu |
	input -> short :: CheckLength($mtu) -> output;
	short [1] -> GTPTracePoint(sessions, "longer than the MTU: cut into fragments")
	          -> type :: Classifier(12/0800, 12/86dd, 12/8100 16/0800, 12/8100 16/86dd, -);
	type [0] -> MarkIPHeader(14) -> four :: IPFragmenter($mtu, HONOR_DF false, LINK true) -> output;
	type [1] -> MarkIP6Header(14) -> six :: IP6Fragmenter($mtu, LINK true) -> output;
	type [2] -> MarkIPHeader(18) -> four;
	type [3] -> MarkIP6Header(18) -> six;
	type [4] -> output;
}

sessions :: GTPTable(CAPACITY $CAPACITY, TIMEOUT $TIMEOUT);

// Between this configuration and its outputs
fast :: GTPFastPath(sessions, in0, in1, in2, SUPER $FASTPATH_SUPER, FLOWS $FASTPATH_FLOWS, MODE $FASTPATH);
fast [0] -> to_ran :: OuterFragmenter(MTU $MTU) -> out0;
fast [1] -> to_core :: OuterFragmenter(MTU $MTU) -> out1;
fast [2] -> out2;

// Both directions: [0] is uplink, [1] downlink
control :: GTPControlLearn(sessions);

// Uplink
in0 -> from_ran :: OuterReassembler(HIMEM $HIMEM) -> uplink :: GTPDecap(sessions, UPLINK);
uplink [0] -> rules :: GTPRules(breakout $RULE, TABLE sessions);
uplink [1] -> ran_signals :: GTPSignalling(sessions, UPLINK, PROBE $PROBE);
ran_signals [0] -> [0] control [0] -> [1] fast;
ran_signals [1] -> [0] fast;
rules [0] -> [0] steer :: GTPBreakout(sessions);
rules [1] -> [1] steer;
steer [0] -> broken_out :: Counter
          -> TCPMSSClamp(MSS $MSS)
          -> SetIPAddress($CACHE_IP)
          -> [0] arp :: ARPQuerier($LOCAL_IP, $LOCAL_MAC)
          -> [2] fast;
steer [1] -> GTPRestore -> [1] fast;

// Downlink
in1 -> from_core :: OuterReassembler(HIMEM $HIMEM) -> downlink :: GTPDecap(sessions, DOWNLINK);
downlink [0] -> GTPRestore -> [0] fast;
downlink [1] -> core_signals :: GTPSignalling(sessions, DOWNLINK, PROBE $PROBE);
core_signals [0] -> [1] control [1] -> [0] fast;
core_signals [1] -> [1] fast;

// Local leg
in2 -> local :: Classifier(12/0806 20/0001, 12/0806 20/0002, 12/0800, -);
local [0] -> ARPResponder($LOCAL_IP $LOCAL_MAC) -> [2] fast;
local [1] -> [1] arp;
local [2] -> Strip(14)
          -> check :: CheckIPHeader
          -> TCPMSSClamp(MSS $MSS)
          -> encap :: GTPEncap(sessions, SEQUENCE $SEQUENCE)
          -> [0] fast;
local [3] -> Discard;
encap [1] -> unknown_ue :: Counter -> Discard;
