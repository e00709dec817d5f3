// Answers pings: echo requests turn to replies with the addresses exchanged, everything else ends.
InfiniteSource(DATA \<0800 8f8e 0007 0001 6869>, LIMIT 2, STOP false)
	-> IPEncap(icmp, 10.0.0.9, 10.0.0.1)
	-> wanted :: IPClassifier(icmp type echo, -);
wanted[0] -> ICMPPingResponder -> CheckICMPHeader -> IPPrint(reply, TTL true, TIMESTAMP false) -> answered :: Counter -> Discard;
wanted[1] -> Discard;

DriverManager(wait 0.1s, print $(answered.count), stop);
