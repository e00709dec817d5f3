// A learning switch of three ports: the first frame floods, the answer goes only where its address was seen.
switch :: EtherSwitch;
switch[0] -> p0 :: Counter -> Discard;
switch[1] -> p1 :: Counter -> Discard;
switch[2] -> p2 :: Counter -> Discard;

a :: InfiniteSource(DATA "question", LIMIT 1, STOP false) -> EtherEncap(0x88b5, 02:00:00:00:00:0a, 02:00:00:00:00:0b) -> [0] switch;
b :: InfiniteSource(DATA "answer", LIMIT 5, STOP false, ACTIVE false) -> EtherEncap(0x88b5, 02:00:00:00:00:0b, 02:00:00:00:00:0a) -> [1] switch;
Idle -> [2] switch;

DriverManager(wait 0.1s, print "ports after the question: $(p0.count) $(p1.count) $(p2.count)",
	write b.active true, wait 0.1s, print "ports after the answers: $(p0.count) $(p1.count) $(p2.count)", stop);
