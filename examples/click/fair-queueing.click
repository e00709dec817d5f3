// Two flows, one of them greedy, share a link by deficit round robin: each gets half.
flows :: IPClassifier(src host 10.0.0.1, src host 10.0.0.2);
link :: DRRSched;
flows[0] -> Queue(500) -> [0] link;
flows[1] -> Queue(500) -> [1] link;
InfiniteSource(LENGTH 100, LIMIT 400, STOP false) -> UDPIPEncap(10.0.0.1, 1, 10.0.0.9, 1) -> flows;
InfiniteSource(LENGTH 100, LIMIT 40, STOP false) -> UDPIPEncap(10.0.0.2, 1, 10.0.0.9, 1) -> flows;

link -> line :: Unqueue(ACTIVE false, LIMIT 60) -> out :: IPClassifier(src host 10.0.0.1, src host 10.0.0.2);
out[0] -> greedy :: Counter -> Discard;
out[1] -> modest :: Counter -> Discard;

DriverManager(wait 0.1s, write line.active true, wait 0.1s, print "greedy $(greedy.count), modest $(modest.count)", stop);
