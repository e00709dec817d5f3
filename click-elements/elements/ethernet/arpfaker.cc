#include <click/config.h>
#include "arpfaker.hh"
#include <click/args.hh>
#include "arpframe.hh"
CLICK_DECLS

int ARPFaker::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("DSTIP", _dst_ip).read_mp("DSTETH", _dst).read_mp("SRCIP", _src_ip).read_mp("SRCETH", _src).complete();
}

int ARPFaker::initialize(ErrorHandler *) {
    _timer.initialize(this);
    _timer.schedule_now();
    return 0;
}

void ARPFaker::run_timer(Timer *) {
    if (WritablePacket *q = ARPFrame::make(ARPOP_REPLY, _dst, _src, _src_ip, _dst, _dst_ip))
        output(0).push(q);
    _timer.reschedule_after_sec(interval);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPFaker)
