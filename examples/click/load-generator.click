// Makes UDP packets in Ethernet frames at a rate of its own choosing, as for a device under test; here they go to a check.
// With a device: ... -> Queue -> ToDevice(eth0)
generator :: RatedSource(DATA "01234567890123456789", RATE 2000, LIMIT 100, STOP false)
	-> UDPIPEncap(10.0.0.1, 5000, 10.0.0.2, 9)
	-> EtherEncap(0x0800, 02:00:00:00:00:01, 02:00:00:00:00:02)
	-> generated :: Counter
	-> Strip(14)
	-> good :: CheckIPHeader
	-> CheckUDPHeader
	-> received :: Counter
	-> Discard;

DriverManager(wait 0.3s, print "$(generated.count) frames, $(generated.byte_count) bytes, $(received.count) right", stop);
