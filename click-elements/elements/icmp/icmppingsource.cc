#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/router.hh>
#include <math.h>
#include "icmppingsource.hh"
#include "elements/icmp/icmpping.hh"
#include "elements/ip/ippacket.hh"
CLICK_DECLS

int ICMPPingSource::configure(Vector<String> &conf, ErrorHandler *errh) {
    if (Args(conf, this, errh).read_mp("SRC", _src).read_mp("DST", _dst).read("INTERVAL", _interval).read("IDENTIFIER", BoundedIntArg(0, 65535), _identifier)
            .read("LIMIT", _limit).read("STOP", _stop).read("DATA", _data).read("ACTIVE", _active).read("MIRROR", _mirror).read("VERBOSE", _verbose).complete() < 0) return -1;
    if (!(_interval > Timestamp())) return errh->error("INTERVAL must be positive");
    if (_data.length() > 65535 - icmp_ping_header) return errh->error("DATA too long");
    return _mirror && output_is_pull(0) ? errh->error("MIRROR invalid on pull element") : 0;
}

int ICMPPingSource::initialize(ErrorHandler *) {
    if (ninputs()) _requests.resize(remembered, Request());
    _timer.initialize(this);
    if (output_is_push(0) && may_send()) _timer.schedule_after(_interval);
    return 0;
}

void ICMPPingSource::cleanup(CleanupStage stage) {
    if (_verbose && ninputs() && stage >= CLEANUP_INITIALIZED)
        for (String rest = summary(); rest; ) {
            int n = rest.find_left('\n');
            click_chatter("%s: %s", declaration().c_str(), rest.substring(0, n).c_str());
            rest = rest.substring(n + 1);
        }
}

/** Go on, if there is something to be sent. */
void ICMPPingSource::start() {
    if (!output_is_push(0)) return;
    if (!may_send()) _timer.unschedule();
    else if (!_timer.scheduled()) _timer.schedule_now();
}

Packet *ICMPPingSource::make_request() {
    WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, icmp_ping_header + (uint32_t) _data.length(), 0);
    if (!q) return nullptr;
    uint16_t sequence = (uint16_t) ++_count;
    memcpy(q->data() + icmp_ping_header, _data.data(), _data.length());
    icmp_write_ping(q, _src, _dst, _identifier, sequence);
    q->set_timestamp_anno(Timestamp::now());
    if (_requests.size()) _requests[sequence % remembered] = Request{Timestamp::now_steady(), sequence, true};
    if (_stop && _limit >= 0 && _count >= (uint32_t) _limit) router()->please_stop_driver();
    return q;
}

void ICMPPingSource::run_timer(Timer *) {
    if (!may_send()) return;
    Packet *q = make_request();
    if (may_send()) _timer.reschedule_after(_interval);     // a reply may come within push() and want it at once
    if (q) output(0).push(q);
}

Packet *ICMPPingSource::pull(int) { return may_send() ? make_request() : nullptr; }

void ICMPPingSource::push(int, Packet *p) {
    const click_ip *ip = ip_whole_header(p);
    if (ip && ip->ip_p == IP_PROTO_ICMP && !IP_ISFRAG(ip)) {
        IPPayload icmp(p, ip);
        uint16_t field[2];
        if (icmp.length >= 8 && icmp.data[0] == ICMP_ECHOREPLY) {
            memcpy(field, icmp.data + 4, 4);
            uint16_t sequence = ntohs(field[1]);
            Request &r = _requests[sequence % remembered];
            if (ntohs(field[0]) == _identifier && r.waiting && r.sequence == sequence) {
                r.waiting = false;
                Timestamp rtt = Timestamp::now_steady() - r.sent;
                if (!_replies++ || rtt < _min) _min = rtt;
                if (rtt > _max) _max = rtt;
                double seconds = rtt.doubleval();
                _sum += seconds, _sum_of_squares += seconds * seconds;
                if (_verbose)
                    click_chatter("%s: %u bytes from %s: icmp_seq=%u ttl=%u time=%.3f ms", declaration().c_str(), icmp.length - 8, IPAddress(ip->ip_src).unparse().c_str(), sequence, ip->ip_ttl, seconds * 1000);
                if (_mirror && may_send()) _timer.schedule_now();
            }
        }
    }
    p->kill();
}

String ICMPPingSource::summary() const {
    char text[256];
    int n = snprintf(text, sizeof text, "%u packets transmitted, %u received", _count, _replies);
    if (_count) n += snprintf(text + n, sizeof text - n, ", %d%% packet loss", (int) ((uint64_t) (_count - _replies) * 100 / _count));
    n += snprintf(text + n, sizeof text - n, "\n");
    if (_replies) {
        double average = _sum / _replies, variance = _sum_of_squares / _replies - average * average;
        n += snprintf(text + n, sizeof text - n, "rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f\n", _min.doubleval() * 1000, average * 1000, _max.doubleval() * 1000, variance > 0 ? sqrt(variance) * 1000 : 0);
    }
    return String(text, n);
}

enum { h_summary, h_min, h_avg, h_max, h_active, h_limit, h_interval, h_reset };

String ICMPPingSource::read_statistics(Element *e, void *which) {
    ICMPPingSource *s = static_cast<ICMPPingSource *>(e);
    switch ((intptr_t) which) {
    case h_min: return s->_min.unparse_interval();
    case h_avg: return (s->_replies ? Timestamp(s->_sum / s->_replies) : Timestamp()).unparse_interval();
    case h_max: return s->_max.unparse_interval();
    default: return s->summary();
    }
}

int ICMPPingSource::write(const String &text, Element *e, void *which, ErrorHandler *errh) {
    ICMPPingSource *s = static_cast<ICMPPingSource *>(e);
    String value = cp_uncomment(text);
    Timestamp interval;
    switch ((intptr_t) which) {
    case h_active:
        if (!cp_bool(value, &s->_active)) return errh->error("type mismatch");
        break;
    case h_limit:
        if (!cp_integer(value, &s->_limit)) return errh->error("%<limit%> should be integer");
        break;
    case h_interval:
        if (!cp_time(value, &interval) || !(interval > Timestamp())) return errh->error("INTERVAL must be positive");
        s->_interval = interval;
        return 0;
    default:
        s->_count = s->_replies = 0;
        s->_min = s->_max = Timestamp(), s->_sum = s->_sum_of_squares = 0;
        for (Request &r : s->_requests) r.waiting = false;
    }
    s->start();
    return 0;
}

void ICMPPingSource::add_handlers() {
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write, h_active);
    add_data_handlers("count", Handler::f_read, &_count);
    add_write_handler("limit", write, h_limit);
    add_write_handler("interval", write, h_interval);
    add_write_handler("reset_counts", write, h_reset, Handler::f_button);
    add_data_handlers("src", Handler::f_read | Handler::f_write, &_src);
    add_data_handlers("dst", Handler::f_read | Handler::f_write, &_dst);
    if (!ninputs()) return;
    add_read_handler("summary", read_statistics, h_summary);
    add_read_handler("rtt_min", read_statistics, h_min);
    add_read_handler("rtt_avg", read_statistics, h_avg);
    add_read_handler("rtt_max", read_statistics, h_max);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ICMPPingSource)
