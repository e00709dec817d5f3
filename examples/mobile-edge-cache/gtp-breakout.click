// gtp-breakout: a transparent GTP-U local breakout on S1-U or N3, over IPv4 or IPv6.
//
//   port 0  RAN side      port 1  core side      port 2  local leg, Ethernet towards the cache
//
// What $RULE selects among the UEs' packets leaves on the local leg, unchanged, with the cache's Ethernet address; what
// comes back for a UE is put into its tunnel. All else passes between RAN and core byte-identical. Bearers are learned from the traffic, and from
// GTP-C and S1AP where these pass too: then a UE is served from its first packet on.
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
       $FASTPATH auto,                     // auto, native, generic or off
       $FASTPATH_FLOWS 4096);              // directions of flows that the kernel forwards; 240 bytes each, taken at once

sessions :: GTPTable(CAPACITY $CAPACITY, TIMEOUT $TIMEOUT);

// Between this configuration and its outputs
fast :: GTPFastPath(sessions, in0, in1, in2, FLOWS $FASTPATH_FLOWS, MODE $FASTPATH);
fast [0] -> out0;
fast [1] -> out1;
fast [2] -> out2;

// Both directions: [0] is uplink, [1] downlink
control :: GTPControlLearn(sessions);

// Uplink
in0 -> uplink :: GTPDecap(sessions, UPLINK);
uplink [0] -> rules :: GTPRules(breakout $RULE, TABLE sessions);
uplink [1] -> from_ran :: GTPSignalling(sessions, UPLINK, PROBE $PROBE);
from_ran [0] -> [0] control [0] -> [1] fast;
from_ran [1] -> [0] fast;
rules [0] -> [0] steer :: GTPBreakout(sessions);
rules [1] -> [1] steer;
steer [0] -> broken_out :: Counter
          -> SetIPAddress($CACHE_IP)
          -> [0] arp :: ARPQuerier($LOCAL_IP, $LOCAL_MAC)
          -> [2] fast;
steer [1] -> GTPRestore -> [1] fast;

// Downlink
in1 -> downlink :: GTPDecap(sessions, DOWNLINK);
downlink [0] -> GTPRestore -> [0] fast;
downlink [1] -> from_core :: GTPSignalling(sessions, DOWNLINK, PROBE $PROBE);
from_core [0] -> [1] control [1] -> [0] fast;
from_core [1] -> [1] fast;

// Local leg
in2 -> local :: Classifier(12/0806 20/0001, 12/0806 20/0002, 12/0800, -);
local [0] -> ARPResponder($LOCAL_IP $LOCAL_MAC) -> [2] fast;
local [1] -> [1] arp;
local [2] -> Strip(14)
          -> check :: CheckIPHeader
          -> encap :: GTPEncap(sessions)
          -> [0] fast;
local [3] -> Discard;
encap [1] -> unknown_ue :: Counter -> Discard;
