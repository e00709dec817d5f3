// Counts a thousand packets and says how many there were.
source :: InfiniteSource(LENGTH 100, LIMIT 1000, STOP false)
	-> packets :: Counter
	-> Discard;

DriverManager(wait 0.1s, print $(packets.count), print $(packets.byte_count), stop);
