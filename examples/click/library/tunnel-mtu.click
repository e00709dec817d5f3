// What a tunnel needs where packets may not fit: require(library tunnel-mtu.click), with -C or CLICKPATH naming this folder.

// Reassembles what a tunnel's outer packets were fragmented to, in front of GTPDecap: Ethernet frames in and out, the first fragment's header
// before each. Untagged and tagged, IPv4 and IPv6; all else passes as it is. A frame may be longer than the device's MTU then: see
// OuterFragmenter for what is not taken out of its tunnel.
// HIMEM bounds the memory of each of both families.
elementclass OuterReassembler { HIMEM $himem |
	input -> type :: Classifier(12/0800, 12/86dd, 12/8100 16/0800, 12/8100 16/86dd, -);
	type[0] -> MarkIPHeader(14) -> four :: IPReassembler(HIMEM $himem, TIMEOUT 1) -> output;
	type[1] -> MarkIP6Header(14) -> six :: IP6Reassembler(HIMEM $himem) -> output;
	type[2] -> MarkIPHeader(18) -> four;
	type[3] -> MarkIP6Header(18) -> six;
	type[4] -> output;
}

// The other way, in front of a device: frames of which the IP packet is longer than MTU leave as fragments, each with the Ethernet header. Where
// a sender had filled its IPv4 fragments, it makes the same of what OuterReassembler made of them; those of IPv6 have a new identification.
// Don't Fragment does not hold: a reassembled packet was fragments already, one that GTPEncap made has no sender to tell.
elementclass OuterFragmenter { MTU $mtu |
	input -> short :: CheckLength($mtu) -> output;
	short[1] -> type :: Classifier(12/0800, 12/86dd, 12/8100 16/0800, 12/8100 16/86dd, -);
	type[0] -> MarkIPHeader(14) -> four :: IPFragmenter($mtu, HONOR_DF false, LINK true) -> output;
	type[1] -> MarkIP6Header(14) -> six :: IP6Fragmenter($mtu, LINK true) -> output;
	type[2] -> MarkIPHeader(18) -> four;
	type[3] -> MarkIP6Header(18) -> six;
	type[4] -> output;
}

// What goes into a tunnel: inner IPv4 and IPv6 packets that fit its MTU, the longest inner packet, leave on output 0. Of those that do not, IPv4
// without Don't Fragment is fragmented; others are answered, at most RATE a second, with ICMP "fragmentation needed" from ADDRESS (RFC 1191)
// or ICMPv6 "packet too big" from ADDRESS6 (RFC 8201). The answers leave on output 1, back to the sender. An IPv6 host need not go
// below 1280 bytes (RFC 8200 §5): with less MTU than that it is the outer packet that has to be fragmented.
elementclass TunnelFit { MTU $mtu, ADDRESS $address, ADDRESS6 $address6, RATE $rate |
	input -> family :: Classifier(0/40%f0, 0/60%f0, -);
	family[0] -> MarkIPHeader(0) -> cut :: IPFragmenter($mtu) -> output;
	cut[1] -> some :: RatedSplitter($rate) -> ICMPError($address, unreachable, needfrag, PMTU $mtu) -> [1] output;
	some[1] -> Discard;
	family[1] -> MarkIP6Header(0) -> fits :: CheckLength($mtu) -> output;
	fits[1] -> some6 :: RatedSplitter($rate) -> ICMP6Error($address6, 2, 0, MTU $mtu) -> [1] output;
	some6[1] -> Discard;
	family[2] -> Discard;
}
