#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include "todump.hh"
#include <click/standard/scheduleinfo.hh>
CLICK_DECLS

int ToDump::configure(Vector<String> &conf, ErrorHandler *errh) {
    String encap = "ETHER";
    if (Args(conf, this, errh).read_mp("FILENAME", FilenameArg(), _filename).read("SNAPLEN", BoundedIntArg(1, 262144), _snaplen)
            .read("ENCAP", WordArg(), encap).read("UNBUFFERED", _unbuffered).complete() < 0)
        return -1;
    encap = encap.upper();
    if (encap != "ETHER" && encap != "IP")
        return errh->error("ENCAP must be ETHER or IP");
    _linktype = encap == "IP" ? 101 : 1;
    return 0;
}

int ToDump::initialize(ErrorHandler *errh) {
    _file = _filename == "-" ? stdout : fopen(_filename.c_str(), "wbe");
    PcapFileHeader h = {PCAP_MAGIC_NS, 2, 4, 0, 0, _snaplen, _linktype};
    if (!_file || fwrite(&h, sizeof h, 1, _file) != 1)
        return errh->error("%s: %s", _filename.c_str(), strerror(errno));
    if (input_is_pull(0) && !noutputs()) {
        ScheduleInfo::initialize_task(this, &_task, errh);
        _signal = Notifier::upstream_empty_signal(this, 0, &_task);
    }
    return 0;
}

void ToDump::cleanup(CleanupStage) {
    if (_file && (fflush(_file) | (_file != stdout ? fclose(_file) : 0)))
        click_chatter("%s: %s: %s", declaration().c_str(), _filename.c_str(), strerror(errno));
    _file = nullptr;
}

Packet *ToDump::simple_action(Packet *p) {
    if (!_file)
        return p;
    Timestamp t = p->timestamp_anno() ? p->timestamp_anno() : Timestamp::now();
    uint32_t n = p->length() < _snaplen ? p->length() : _snaplen;
    PcapRecordHeader r = {(uint32_t) t.sec(), t.nsec(), n, p->length()};
    if (fwrite(&r, sizeof r, 1, _file) != 1 || fwrite(p->data(), 1, n, _file) != n || (_unbuffered && fflush(_file))) {
        click_chatter("%s: %s: %s; no more will be written", declaration().c_str(), _filename.c_str(), strerror(errno));
        fclose(_file);
        _file = nullptr;
    } else
        ++_count;
    return p;
}

void ToDump::push(int, Packet *p) {
    p = simple_action(p);
    checked_output_push(0, p);
}

bool ToDump::run_task(Task *) {
    Packet *p = input(0).pull();
    if (p)
        simple_action(p)->kill();
    if (p || _signal)
        _task.fast_reschedule();
    return p;
}

void ToDump::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_data_handlers("filename", Handler::f_read, &_filename);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(userlevel)
EXPORT_ELEMENT(ToDump)
