#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include "fromdump.hh"
#include <click/packet_anno.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
#include <clicknet/ip.h>
#include <errno.h>
#include <sys/stat.h>
#include "elements/standard/randomsample.hh"
CLICK_DECLS

int FromDump::configure(Vector<String> &conf, ErrorHandler *errh) {
    Timestamp start[2], end[3];
    bool has_start[2], has_end[3], mmap = false;
    if (Args(conf, this, errh).read_mp("FILENAME", FilenameArg(), _filename).read("STOP", _stop).read("TIMING", _timing).read("ACTIVE", _active)
            .read("SAMPLE", ProbabilityArg(), _sample).read("FORCE_IP", _force_ip).read("START", start[0]).read_status(has_start[0]).read("START_AFTER", start[1]).read_status(has_start[1])
            .read("END", end[0]).read_status(has_end[0]).read("END_AFTER", end[1]).read_status(has_end[1]).read("INTERVAL", end[2]).read_status(has_end[2])
            .read("END_CALL", HandlerCallArg(HandlerCall::writable), _end_call).read("FILEPOS", BoundedIntArg((int64_t) 0, (int64_t) INT64_MAX), _wanted_filepos).read("MMAP", mmap).complete() < 0)
        return -1;
    if (has_start[0] + has_start[1] > 1)
        return errh->error("START and START_AFTER are mutually exclusive");
    if (has_end[0] + has_end[1] + has_end[2] > 1)
        return errh->error("END, END_AFTER, and INTERVAL are mutually exclusive");
    if (_end_call && _stop)
        return errh->error("END_CALL and STOP are mutually exclusive");
    for (int i = 0; i < 2; ++i)
        if (has_start[i]) _have_start = true, _start = start[i], _start_kind = i ? k_after : k_absolute;
    for (int i = 0; i < 3; ++i)
        if (has_end[i]) _have_end = true, _end = end[i], _end_kind = i == 0 ? k_absolute : i == 1 ? k_after : k_interval;
    return 0;
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
        return errh->error((magic & 0xFFFF) == 0x8B1F || (magic >> 16) == 0x1F8B ? "%s: compressed files cannot be read" : "%s: not a pcap file (bad magic number)", _filename.c_str());
    _linktype = order(h.linktype) & 0xFFFFFFF;
    _filepos = sizeof h;
    if (_wanted_filepos >= 0 && fseeko(_file, _filepos = _wanted_filepos, SEEK_SET) < 0)
        return errh->error("%s: FILEPOS: %s", _filename.c_str(), strerror(errno));
    if (_end_call && _end_call.initialize_write(this, errh) < 0)
        return -1;
    _timer.initialize(this);
    if (output_is_push(0)) {
        ScheduleInfo::initialize_task(this, &_task, _active, errh);
        _nonfull = Notifier::downstream_full_signal(this, 0, &_task);
    }
    return 0;
}

void *FromDump::port_cast(bool isoutput, int port, const char *name) {
    return isoutput && port == 0 && strcmp(name, Notifier::EMPTY_NOTIFIER) == 0 ? static_cast<Notifier *>(&_nonempty) : Element::port_cast(isoutput, port, name);
}

void FromDump::cleanup(CleanupStage) {
    if (_file && _file != stdin)
        fclose(_file);
    _file = nullptr;
    if (_next)
        _next->kill();
    _next = nullptr;
}

Packet *FromDump::read_record() {
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
    p->set_timestamp_anno(Timestamp::make_sec(order(r.sec)) + Timestamp::make_nsec(_ns ? sub : int64_t(sub) * 1000));
    p->set_mac_header(p->data(), len >= 14 ? 14 : 0);
    if (order(r.len) > len)
        SET_EXTRA_LENGTH_ANNO(p, order(r.len) - len);
    _packet_filepos = _filepos;
    _filepos += sizeof r + len;
    return p;
}

/** Find a sound IPv4 header and mark it. */
bool FromDump::set_ip_header(Packet *p) const {
    const unsigned char *d = p->data();
    uint32_t at = 0, n = p->length();
    switch (_linktype) {
    case 1:
        at = 14;
        while (n >= at && at < 26 && ((d[at - 2] == 0x81 && d[at - 1] == 0) || (d[at - 2] == 0x88 && d[at - 1] == 0xA8))) at += 4;      // VLAN tags
        if (n < at || d[at - 2] != 8 || d[at - 1] != 0) return false;
        break;
    case 113: at = 16; if (n < at || d[14] != 8 || d[15] != 0) return false; break;
    case 0: at = 4; break;
    case 12: case 14: case 101: break;
    default: return false;
    }
    if (n < at + sizeof(click_ip))
        return false;
    const click_ip *ip = (const click_ip *) (d + at);
    uint32_t hl = (d[at] & 15) * 4;
    if (d[at] >> 4 != 4 || hl < sizeof *ip || n < at + hl)
        return false;
    p->set_ip_header(ip, hl);
    p->set_dst_ip_anno(IPAddress(ip->ip_dst));
    return true;
}

/** The next packet that is wanted; null at the end. */
Packet *FromDump::read_packet() {
    while (Packet *p = read_record()) {
        const Timestamp &t = p->timestamp_anno();
        if (!_have_first) {
            _have_first = true;
            if (_have_start && _start_kind == k_after) _start += t;
            if (_have_end && _end_kind == k_after) _end += t;
        }
        bool wanted = !_have_start || t >= _start;
        if (wanted && _have_end && _end_kind == k_interval) _end += t, _end_kind = k_absolute;
        if (wanted && _have_end && t >= _end) {
            p->kill();
            if (_file != stdin && fseeko(_file, _packet_filepos, SEEK_SET) == 0)
                _filepos = _packet_filepos;          // so that extend_interval goes on with this packet
            return nullptr;
        }
        if (wanted && _sample >> 32 == 0 && click_random() >= _sample)
            wanted = false;
        if (wanted && (!_force_ip || set_ip_header(p)))
            return p;
        if (wanted)
            checked_output_push(1, p);
        else
            p->kill();
    }
    return nullptr;
}

void FromDump::ended() {
    if (_ended)
        return;
    _ended = true;
    if (_stop)
        router()->please_stop_driver();
    else if (_end_call)
        _end_call.call_write(ErrorHandler::default_handler());
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
    else
        _nonempty.sleep();
    if (!p && _active)
        ended();
    return p;
}

enum { h_active, h_stop, h_filepos, h_extend, h_reset_counts, h_reset_timing, h_filesize, h_packet_filepos, h_encap, h_sample };

String FromDump::read(Element *e, void *data) {
    FromDump *f = static_cast<FromDump *>(e);
    struct stat st;
    switch ((uintptr_t) data) {
    case h_filesize: return f->_file && fstat(fileno(f->_file), &st) == 0 && S_ISREG(st.st_mode) ? String((long long) st.st_size) : String("-");
    case h_filepos: return String((long long) f->_filepos);
    case h_packet_filepos: return String((long long) f->_packet_filepos);
    case h_sample: return unparse_probability(f->_sample);
    default:
        for (const PcapEncap &k : pcap_encaps)
            if (k.linktype == f->_linktype) return k.name;
        return String(f->_linktype);
    }
}

int FromDump::write(const String &text, Element *e, void *data, ErrorHandler *errh) {
    FromDump *f = static_cast<FromDump *>(e);
    String s = cp_uncomment(text);
    int64_t n;
    Timestamp more;
    switch ((uintptr_t) data) {
    case h_active:
        if (!cp_bool(s, &f->_active)) return errh->error("syntax error");
        break;
    case h_stop:
        f->_active = false;
        f->router()->please_stop_driver();
        return 0;
    case h_filepos:
        if (!cp_integer(s, &n) || n < 0) return errh->error("syntax error");
        if (!f->_file || fseeko(f->_file, n, SEEK_SET) < 0) return errh->error("%s", strerror(errno));
        f->_filepos = n, f->_ended = false;
        if (f->_next) f->_next->kill();
        f->_next = nullptr;
        break;
    case h_extend:
        if (!cp_time(s, &more, true)) return errh->error("expected time");
        f->_end += more;
        f->_ended = false, f->_active = true;
        break;
    case h_reset_counts: f->_count = 0; return 0;
    default: f->_offset = Timestamp(); return 0;
    }
    if (f->_active && f->output_is_push(0))
        f->_task.reschedule();
    else if (f->_active)
        f->_nonempty.wake();
    return 0;
}

void FromDump::add_handlers() {
    static const struct { const char *name; int what; } reads[] = {
        {"filesize", h_filesize}, {"filepos", h_filepos}, {"packet_filepos", h_packet_filepos}, {"encap", h_encap}, {"sampling_prob", h_sample}};
    static const struct { const char *name; int what, flags; } writes[] = {
        {"active", h_active, 0}, {"stop", h_stop, Handler::f_button}, {"filepos", h_filepos, 0}, {"extend_interval", h_extend, 0},
        {"reset_counts", h_reset_counts, Handler::f_button}, {"reset_timing", h_reset_timing, Handler::f_button}};
    add_data_handlers("filename", Handler::f_read, &_filename);
    for (const auto &r : reads) add_read_handler(r.name, read, r.what);
    add_data_handlers("active", Handler::f_read | Handler::f_checkbox, &_active);
    add_data_handlers("count", Handler::f_read, &_count);
    for (const auto &w : writes) add_write_handler(w.name, write, w.what, w.flags);
    if (output_is_push(0))
        add_task_handlers(&_task);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(userlevel)
EXPORT_ELEMENT(FromDump)
