// IPv6: checks, finds the route, lowers the hop limit.
routes :: LookupIP6Route(2001:db8:1::/48 ::0 0, 2001:db8:2::/48 ::0 1, ::/0 ::0 2);
elementclass Out { $name | input -> hops :: DecIP6HLIM -> packets :: Counter -> IP6Print($name) -> Discard; hops[1] -> Discard }
routes[0] -> one :: Out(one);
routes[1] -> two :: Out(two);
routes[2] -> Print(nowhere, 0) -> Discard;

// An empty packet with no next header (59), hop limit 64, then one with hop limit 1
InfiniteSource(DATA \<60000000 0000 3b 40 20010db8000100000000000000000001 20010db8000200000000000000000002>, LIMIT 2, STOP false)
	-> CheckIP6Header -> GetIP6Address(24) -> routes;
InfiniteSource(DATA \<60000000 0000 3b 01 20010db8000200000000000000000002 20010db8000100000000000000000001>, LIMIT 1, STOP false)
	-> CheckIP6Header -> GetIP6Address(24) -> routes;

DriverManager(wait 0.1s, print "one $(one/packets.count), two $(two/packets.count)", stop);
