// Lets 100 packets a second out of a queue and keeps the rest waiting.
InfiniteSource(LENGTH 100, LIMIT 500, STOP false)
	-> offered :: Counter
	-> queue :: Queue(1000)
	-> shaper :: RatedUnqueue(100)
	-> sent :: Counter
	-> Discard;

DriverManager(wait 1s,
	print "offered $(offered.count), dropped $(queue.drops)",
	print "about 100 sent: $(and $(ge $(sent.count) 80) $(le $(sent.count) 130))",
	stop);
