#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include "fromdump.hh"
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int FromDump::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_mp("FILENAME", FilenameArg(), _filename).read("STOP", _stop).read("TIMING", _timing).read("ACTIVE", _active).complete();
}

int FromDump::initialize(ErrorHandler *errh) {
    _file = _filename == "-" ? stdin : fopen(_filename.c_str(), "rbe");
    if (!_file)
        return errh->error("%s: %s", _filename.c_str(), strerror(errno));
    PcapFileHeader h;
    if (fread(&h, sizeof h, 1, _file) != 1)
        return errh->error("%s: not a pcap file (empty or short)", _filename.c_str());
    uint32_t magic = h.magic;
    _swap = magic == __builtin_bswap32(PCAP_MAGIC) || magic == __builtin_bswap32(PCAP_MAGIC_NS);
    magic = order(magic);
    _ns = magic == PCAP_MAGIC_NS;
    if (magic != PCAP_MAGIC && !_ns)
        return errh->error("%s: not a pcap file (bad magic number)", _filename.c_str());
    _timer.initialize(this);
    if (output_is_push(0)) {
        ScheduleInfo::initialize_task(this, &_task, _active, errh);
        _nonfull = Notifier::downstream_full_signal(this, 0, &_task);
    }
    return 0;
}

void FromDump::cleanup(CleanupStage) {
    if (_file && _file != stdin)
        fclose(_file);
    _file = nullptr;
    if (_next)
        _next->kill();
    _next = nullptr;
}

Packet *FromDump::read_packet() {
    PcapRecordHeader r;
    if (_ended)
        return nullptr;
    size_t got = fread(&r, 1, sizeof r, _file);
    uint32_t len = order(r.caplen);
    if (got != sizeof r) {
        if (got)
            click_chatter("%s: %s: file ends inside a record", declaration().c_str(), _filename.c_str());
        return nullptr;
    }
    if (len > max_packet) {
        click_chatter("%s: %s: record of %u bytes: the file is damaged", declaration().c_str(), _filename.c_str(), len);
        return nullptr;
    }
    WritablePacket *p = Packet::make(128, nullptr, len, 0);
    if (!p || fread(p->data(), 1, len, _file) != len) {
        click_chatter("%s: %s: file ends inside a record", declaration().c_str(), _filename.c_str());
        if (p)
            p->kill();
        return nullptr;
    }
    uint32_t sub = order(r.subsec);
    p->set_timestamp_anno(Timestamp::make_sec(order(r.sec)) + Timestamp::from_ns(_ns ? sub : int64_t(sub) * 1000));
    p->set_mac_header(p->data(), len >= 14 ? 14 : 0);
    return p;
}

void FromDump::ended() {
    if (!_ended && _stop)
        router()->please_stop_driver();
    _ended = true;
}

bool FromDump::run_task(Task *) {
    if (!_active || !_nonfull)
        return false;
    if (!_next && !(_next = read_packet())) {
        ended();
        return false;
    }
    if (_timing) {
        Timestamp now = Timestamp::now_steady();
        if (!_offset)
            _offset = now - _next->timestamp_anno();
        Timestamp due = _next->timestamp_anno() + _offset;
        if (due > now) {
            _timer.schedule_at_steady(due);
            return false;
        }
    }
    Packet *p = _next;
    _next = nullptr;
    ++_count;
    output(0).push(p);
    _task.fast_reschedule();
    return true;
}

Packet *FromDump::pull(int) {
    Packet *p = _active ? read_packet() : nullptr;
    if (p)
        ++_count;
    else if (_active)
        ended();
    return p;
}

int FromDump::write_active(const String &s, Element *e, void *, ErrorHandler *errh) {
    FromDump *f = static_cast<FromDump *>(e);
    if (!cp_bool(cp_uncomment(s), &f->_active))
        return errh->error("syntax error");
    if (f->_active && f->output_is_push(0))
        f->_task.reschedule();
    return 0;
}

void FromDump::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("filename", Handler::f_read, &_filename);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_write_handler("active", write_active, 0);
    if (output_is_push(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(userlevel)
EXPORT_ELEMENT(FromDump)
