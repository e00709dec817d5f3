// Reads a capture file of IP packets, keeps what a rule selects and writes that to another:
//   lclick dump-filter.click IN=all.pcap OUT=dns.pcap FILTER="udp port 53"
define($IN all.pcap, $OUT selected.pcap, $FILTER "udp port 53");

FromDump($IN, STOP true)
	-> read :: Counter
	-> CheckIPHeader
	-> wanted :: IPFilter(allow $FILTER, deny all)
	-> kept :: Counter
	-> ToDump($OUT, ENCAP IP);

DriverManager(wait_stop, print "$(kept.count) of $(read.count)", stop);
