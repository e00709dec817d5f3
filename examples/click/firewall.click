// A filter: answers and the web go in, one bad host does not, everything else ends and is counted.
rules :: IPFilter(1 src host 198.51.100.66,
		  allow tcp dst port 80 or 443,
		  allow udp src port 53,
		  1 all);
refused :: Counter;
rules[0] -> IPPrint(allowed, TIMESTAMP false) -> passed :: Counter -> Discard;
rules[1] -> refused -> Discard;

InfiniteSource(DATA "answer", LIMIT 2, STOP false) -> UDPIPEncap(198.51.100.7, 53, 203.0.113.1, 4000) -> rules;
InfiniteSource(DATA "answer", LIMIT 2, STOP false) -> UDPIPEncap(198.51.100.66, 53, 203.0.113.1, 4000) -> rules;
InfiniteSource(DATA "syslog", LIMIT 1, STOP false) -> UDPIPEncap(198.51.100.7, 514, 203.0.113.1, 514) -> rules;
// A SYN to port 80
InfiniteSource(DATA \<04d2 0050 00000000 00000000 5002 2000 0000 0000>, LIMIT 1, STOP false)
	-> IPEncap(tcp, 198.51.100.8, 203.0.113.1) -> rules;

DriverManager(wait 0.1s, print "passed $(passed.count)", print "refused $(refused.count)", stop);
