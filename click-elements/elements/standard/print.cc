#include <click/config.h>
#include <click/args.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include <click/glue.hh>
#include "print.hh"
CLICK_DECLS

int Print::configure(Vector<String> &conf, ErrorHandler *errh) {
    String contents = "HEX", label;
    int max = 24;
    bool timestamp = false, anno = false, active = true;
    if (Args(conf, this, errh).read_p("LABEL", label).read_p("MAXLENGTH", max).read("CONTENTS", WordArg(), contents)
            .read("TIMESTAMP", timestamp).read("PRINTANNO", anno).read("ACTIVE", active).complete() < 0)
        return -1;
    contents = contents.upper();
    if (contents != "HEX" && contents != "ASCII" && contents != "NONE" && contents != "FALSE")
        return errh->error("bad contents value %<%s%>; should be %<NONE%>, %<HEX%> or %<ASCII%>", contents.c_str());
    _label = label, _max = max, _timestamp = timestamp, _anno = anno, _active = active;
    _contents = contents == "HEX" ? c_hex : contents == "ASCII" ? c_ascii : c_none;
    return 0;
}

Packet *Print::simple_action(Packet *p) {
    if (!_active)
        return p;
    StringAccum sa;
    if (_label)
        sa << _label << ": ";
    if (_timestamp)
        sa << p->timestamp_anno() << ": ";
    sa.snprintf(16, "%4u", p->length());
    if (_anno) {
        sa << " [";
        for (int i = 0; i < Packet::anno_size; ++i)
            sa.snprintf(4, i && i % 4 == 0 ? " %02x" : "%02x", p->anno_u8(i));
        sa << ']';
    }
    if (_contents != c_none) {
        sa << " | ";
        uint32_t n = _max < 0 || (uint32_t) _max > p->length() ? p->length() : (uint32_t) _max;
        for (uint32_t i = 0; i < n; ++i) {
            unsigned char c = p->data()[i];
            if (_contents == c_hex)
                sa.snprintf(4, i && i % 4 == 0 ? " %02x" : "%02x", c);
            else
                sa << (char) (c >= 32 && c < 127 ? c : '.');
        }
    }
    click_chatter("%.*s", sa.length(), sa.data());
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Print)
