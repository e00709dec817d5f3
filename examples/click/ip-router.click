// A router between 10.1.0.0/24 and 10.2.0.0/24: what RFC 1812 asks of a forwarder, in elements, and ARP on both sides.
// The two networks are played by a source and by an ARPResponder; a router of devices has FromDevice and ToDevice there.
routes :: StaticIPLookup(10.1.0.1/32 2, 10.2.0.1/32 2, 10.1.0.0/24 0, 10.2.0.0/24 1);
routes[2] -> Print(own, 0, TIMESTAMP false) -> Discard;

elementclass Out { $ip, $eth, $name |
	input -> DropBroadcasts
		-> options :: IPGWOptions($ip)
		-> FixIPSrc($ip)
		-> ttl :: DecIPTTL
		-> fragments :: IPFragmenter(1500)
		-> IPPrint($name, TTL true, TIMESTAMP false)
		-> [0] arp :: ARPQuerier($ip, $eth);
	options[1] -> ICMPError($ip, parameterproblem) -> [1] output;
	ttl[1] -> ICMPError($ip, timeexceeded, transit) -> [1] output;
	fragments[1] -> ICMPError($ip, unreachable, needfrag) -> [1] output;
	input[1] -> [1] arp -> output;
}
left :: Out(10.1.0.1, 02:00:00:00:01:01, left);
right :: Out(10.2.0.1, 02:00:00:00:02:01, right);
routes[0] -> left;
routes[1] -> right;
left[1] -> routes;
right[1] -> routes;

// The neighbours: whoever is asked for answers with one address.
left[0] -> frames_left :: Classifier(12/0806 20/0001, 12/0800);
right[0] -> frames_right :: Classifier(12/0806 20/0001, 12/0800);
frames_left[0] -> ARPResponder(10.1.0.0/24 02:00:00:00:01:99) -> [1] left;
frames_right[0] -> ARPResponder(10.2.0.0/24 02:00:00:00:02:99) -> [1] right;
frames_left[1] -> to_left :: Counter -> Discard;
frames_right[1] -> to_right :: Counter -> Discard;

InfiniteSource(DATA "to the other side", LIMIT 2, STOP false)
	-> UDPIPEncap(10.1.0.7, 1000, 10.2.0.7, 2000) -> GetIPAddress(16) -> routes;
// This one has come to the end of its life.
InfiniteSource(DATA "too far", LIMIT 1, STOP false)
	-> UDPIPEncap(10.1.0.8, 1000, 10.2.0.8, 2000)
	-> StoreData(8, \<01>) -> SetIPChecksum -> GetIPAddress(16) -> routes;

DriverManager(wait 0.2s, print "left $(to_left.count)", print "right $(to_right.count)", stop);
