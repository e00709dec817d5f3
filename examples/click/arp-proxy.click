// Answers ARP for a whole network with its own address, but not for the hosts of the asker's side.
frames :: Classifier(12/0806 20/0001, -);
frames[0] -> answers :: ARPResponder(10.2.0.0/16 02:00:00:00:00:fe) -> ARPPrint(answer, TIMESTAMP false) -> answered :: Counter -> Discard;
frames[1] -> Discard;

elementclass Asks { $data | InfiniteSource(DATA $data, LIMIT 1, STOP false) -> output }
Asks(\<ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a010001 000000000000 0a020304>) -> frames;
Asks(\<ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a010001 000000000000 0a010002>) -> frames;

DriverManager(wait 0.1s, print "answered $(answered.count) of 2", stop);
