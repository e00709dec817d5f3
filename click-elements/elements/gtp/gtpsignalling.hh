#ifndef CLICK_GTPSIGNALLING_HH
#define CLICK_GTPSIGNALLING_HH
#include <click/batchelement.hh>
#include <click/timer.hh>
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/*
=c
GTPSignalling(TABLE, DIRECTION UPLINK|DOWNLINK [, OWN, PROBE, T3, N3, ERRORS])
=s gtp
looks at GTP-U's own messages, supervises paths, answers for ends of its own
=d
Expects Ethernet frames on input 0: what GTPDecap, of the same TABLE and DIRECTION, gives on its output 1. They leave on output 0, unchanged,
but for what is said below. Output 1 goes back to where they came from (to the RAN with C<UPLINK>, to the core with C<DOWNLINK>).

An B<Echo Request> that passes, and the B<Response>, tell of a path's ends (TS 29.281 §7.2): see the table's C<paths>. An end that leaves N3 (5)
requests in a row without response is down, which is an event (C<path-down>), until it is heard again (C<path-up>). An B<Error Indication>
(§7.3.1) whose GTP-U Peer Address is its sender's makes TABLE forget the tunnel, an B<End Marker> (§7.3.2) marks it as left.

With PROBE (seconds; 0, never, is the default; §7.2.1 allows no less than 60 for an end of one's own), each path's end on this side is asked by an
Echo Request of our own every PROBE seconds, from the path's other end's address, again after T3 (3) seconds, N3 (5) times, and then is down; the
response to it does not pass.

OWN, addresses, are ends that this function itself is. What is sent to one of them stays here: an Echo Request is answered, a G-PDU with an
extension header that has to be understood and is not is answered by a Supported Extension Headers Notification (§7.2.3). On input 1, if connected,
G-PDUs (whole frames) are expected: one to an end of OWN whose tunnel TABLE does not know is answered by an Error Indication and goes no further,
the others leave on output 0. At most ERRORS (100) Error Indications and Notifications are sent a second.

=h counts read-only
One line a kind of message or action: name, tab, count.
=h reset_counts write-only
=a GTPTable, GTPDecap
*/
class GTPSignalling : public BatchElement { public:
    GTPSignalling() : _timer(this) {}
    const char *class_name() const override { return "GTPSignalling"; }
    const char *port_count() const override { return "1-2/1-2"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void run_timer(Timer *) override;
    void push(int, Packet *) override;
    void push_batch(int, PacketBatch *) override;

    enum Count { echo_requests, echo_responses, error_indications, end_markers, extension_notifications, tunnel_status, unknown_messages, malformed_messages,
                 echoes_answered, errors_sent, notifications_sent, limited, probes_sent, probes_answered, paths_down, paths_up, ncounts };

  private:
    GTPTable *_table = nullptr;
    GTPDirection _direction = GTP_UPLINK;
    Vector<GTPAddress> _own;
    uint32_t _probe = 0, _t3 = 3, _n3 = 5, _errors = 100;
    uint16_t _sequence = 0;
    Timer _timer;
    int64_t _window_ns = 0;
    uint32_t _in_window = 0;
    uint64_t _counts[ncounts] = {};

    bool handle(int port, Packet *);
    bool message(const GTPFrame &, const unsigned char *frame);
    bool echo_request(const GTPFrame &, const unsigned char *frame);
    bool echo_response(const GTPFrame &, const unsigned char *frame);
    void error_indication(const GTPFrame &, const unsigned char *frame);
    bool own(const GTPAddress &) const;
    bool may_answer();
    void answer(const GTPFrame &, const unsigned char *frame, uint16_t dport, const unsigned char *gtp, uint32_t size);
    void send_error(const GTPFrame &, const unsigned char *frame);
    void send_notification(const GTPFrame &, const unsigned char *frame);
    void send_probe(const GTPPathKey &, GTPPath &, int64_t now);
    void set_state(const GTPPathKey &, GTPPathEnd &, GTPDirection end, GTPPathEnd::State);
    static String read(Element *, void *);
    static int reset(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
