// A script that looks at counters every 100 ms and says what has changed.
source :: RatedSource(LENGTH 64, RATE 1000, LIMIT 50, STOP false)
	-> kinds :: RoundRobinSwitch;
kinds[0] -> even :: Counter -> Discard;
kinds[1] -> odd :: Counter -> Discard;

Script(TYPE ACTIVE,
	set round 0,
	label again,
	wait 0.1s,
	set round $(add $round 1),
	goto again $(lt $(add $(even.count) $(odd.count)) 50),
	print "even $(even.count), odd $(odd.count), sum $(add $(even.count) $(odd.count))",
	print "rounds were needed: $(ge $round 1)",
	write stop);
