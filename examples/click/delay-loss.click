// A bad line: half of the packets are lost, the others come 200 ms late. The draws are random; what is lost and what came add up.
InfiniteSource(LENGTH 60, LIMIT 1000, STOP false)
	-> SetTimestamp
	-> loss :: RandomSample(DROP 0.5)
	-> Queue(1000)
	-> DelayUnqueue(0.2s)
	-> late :: Counter
	-> Discard;

DriverManager(wait 0.1s, print "after 100 ms $(late.count)",
	wait 0.4s, print "about half: $(and $(gt $(late.count) 400) $(lt $(late.count) 600))",
	print "none forgotten: $(eq 1000 $(add $(late.count) $(loss.drops)))", stop);
