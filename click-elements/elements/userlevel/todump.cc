#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/glue.hh>
#include "todump.hh"
#include <click/handlercall.hh>
#include <click/packet_anno.hh>
#include <click/router.hh>
#include <click/standard/scheduleinfo.hh>
#include <errno.h>
CLICK_DECLS

bool ToDump::set_encap(const String &name) {
    for (const PcapEncap &k : pcap_encaps)
        if (name == k.name) {
            _linktype = k.linktype;
            return true;
        }
    return false;
}

int ToDump::configure(Vector<String> &conf, ErrorHandler *errh) {
    String encap, from;
    if (Args(conf, this, errh).read_mp("FILENAME", FilenameArg(), _filename).read("SNAPLEN", BoundedIntArg(0, 262144), _snaplen).read("ENCAP", WordArg(), encap)
            .read("USE_ENCAP_FROM", AnyArg(), from).read("EXTRA_LENGTH", _extra_length).read("NANO", _nano).read("UNBUFFERED", _unbuffered).complete() < 0)
        return -1;
    if (!_snaplen)
        _snaplen = 262144;
    if (encap && from)
        return errh->error("specify at most one of ENCAP and USE_ENCAP_FROM");
    if (encap && !set_encap(encap.upper()))
        return errh->error("bad encapsulation type");
    Vector<String> words;
    cp_spacevec(from, words);
    for (const String &w : words)
        if (Element *e = router()->find(w, this, errh)) _encap_from.push_back(e);
        else return -1;
    return 0;
}

int ToDump::initialize(ErrorHandler *errh) {
    String encap;
    for (Element *e : _encap_from) {
        String one = HandlerCall::call_read(e->name() + ".encap", router()->root_element(), errh);
        if (!set_encap(one) || (encap && one != encap))
            return errh->error(encap && one != encap ? "%<USE_ENCAP_FROM%> elements have different encapsulations" : "%<%p{element}%> has no known encapsulation", e);
        encap = one;
    }
    _file = _filename == "-" ? stdout : fopen(_filename.c_str(), "wbe");
    PcapFileHeader h = {_nano ? PCAP_MAGIC_NS : PCAP_MAGIC, 2, 4, 0, 0, _snaplen, _linktype};
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
    uint64_t full = (uint64_t) p->length() + (_extra_length ? EXTRA_LENGTH_ANNO(p) : 0);
    PcapRecordHeader r = {(uint32_t) t.sec(), _nano ? t.nsec() : t.usec(), n, (uint32_t) std::min(full, (uint64_t) UINT32_MAX)};
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
    add_write_handler("reset_counts", reset, 0, Handler::f_button);
}

CLICK_ENDDECLS
ELEMENT_REQUIRES(userlevel)
EXPORT_ELEMENT(ToDump)
