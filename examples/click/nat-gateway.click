// A gateway that hides 192.168.0.0/24 behind 203.0.113.1: what goes out gets that address and a port of its own, what comes
// back is rewritten the other way, and what nobody asked for is dropped.
nat :: IPRewriter(pattern 203.0.113.1 50000-50010# - - 0 1, drop);

InfiniteSource(DATA "question", LIMIT 2, STOP false)
	-> UDPIPEncap(192.168.0.5, 1234, 198.51.100.7, 53)
	-> [0] nat;
nat[0] -> IPPrint(out, TIMESTAMP false)
	-> IPMirror		// the server's answer
	-> [1] nat;
nat[1] -> IPPrint(in, TIMESTAMP false) -> returned :: Counter -> Discard;

InfiniteSource(DATA "uninvited", LIMIT 3, STOP false)
	-> UDPIPEncap(198.51.100.66, 53, 203.0.113.1, 50009)
	-> uninvited :: Counter
	-> [1] nat;

DriverManager(wait 0.1s, print "answers $(returned.count), uninvited $(uninvited.count)", stop);
