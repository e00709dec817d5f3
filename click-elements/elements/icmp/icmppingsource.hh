#ifndef CLICK_ICMPPINGSOURCE_HH
#define CLICK_ICMPPINGSOURCE_HH
#include <click/element.hh>
#include <click/timer.hh>
CLICK_DECLS

/*
=c
ICMPPingSource(SRC, DST [, INTERVAL, IDENTIFIER, LIMIT, STOP, DATA, ACTIVE, MIRROR, VERBOSE])
=s icmp
sends ICMP echo requests, and measures how they are answered
=d
Pushes an echo request (RFC 792) from SRC to DST every INTERVAL (1 s), or gives one at each pull. The sequence number begins at 1. Replies pushed to the
input, if there is one, are matched with the requests by identifier and sequence number, and counted as ping(1) does; those to requests more than 4096 ago, and
second ones, do not count. The network header of replies must be set.

All but SRC and DST are keywords. IDENTIFIER (0) and DATA (empty) are what the requests carry. After LIMIT requests (-1: no limit) there are no more, and
with STOP true the driver stops. ACTIVE (true) false makes none. With MIRROR true, each reply makes the next request go at once, whatever LIMIT says; the
output must be push. With VERBOSE (true), each reply is printed and, in the end, the summary.

Differs from Click's: the identifier is in network order on every machine, as the sequence number is.
=h active read/write
=h count read-only
Requests sent.
=h limit write-only
=h interval write-only
=h reset_counts write-only
=h src read/write
=h dst read/write
=h summary read-only
Requests, replies, loss, and the least, average, greatest round trip time and its mean deviation in ms, as ping(1) prints them; this and the following
are there if there is an input.
=h rtt_min read-only
=h rtt_avg read-only
=h rtt_max read-only
=a ICMPPingEncap, ICMPPingResponder, ICMPPingRewriter
*/
class ICMPPingSource : public Element { public:
    ICMPPingSource() : _timer(this) {}
    const char *class_name() const override { return "ICMPPingSource"; }
    const char *port_count() const override { return "0-1/1"; }
    const char *processing() const override { return "h/a"; }
    const char *flow_code() const override { return "x/y"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void cleanup(CleanupStage) override;
    void add_handlers() override;
    void run_timer(Timer *) override;
    void push(int, Packet *) override;
    Packet *pull(int) override;

  private:
    enum { remembered = 4096 };
    struct Request {
        Timestamp sent;
        uint16_t sequence;
        bool waiting;
    };
    Timer _timer;
    IPAddress _src, _dst;
    Timestamp _interval = Timestamp::make_sec(1);
    String _data;
    int _limit = -1;
    uint16_t _identifier = 0;
    bool _stop = false, _active = true, _mirror = false, _verbose = true;
    Vector<Request> _requests;
    uint32_t _count = 0, _replies = 0;
    Timestamp _min, _max;
    double _sum = 0, _sum_of_squares = 0;       // seconds

    bool may_send() const { return _active && (_limit < 0 || _count < (uint32_t) _limit || (_mirror && _count)); }
    Packet *make_request();
    String summary() const;
    void start();
    static String read_statistics(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
