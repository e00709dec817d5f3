#include <click/config.h>
#include "clipboard.hh"
#include <click/confparse.hh>
#include <click/error.hh>
CLICK_DECLS

int Clipboard::configure(Vector<String> &conf, ErrorHandler *errh) {
    for (int i = 0; i < conf.size(); ++i) {
        int slash = conf[i].find_left('/'), offset, length;
        if (slash < 0)
            return errh->error("range %d: expected %</%> between offset and length", i);
        if (!cp_integer(conf[i].substring(0, slash).trim_space(), &offset) || !cp_integer(conf[i].substring(slash + 1).trim_space(), &length)
            || offset < 0 || offset > 65535 || length < 1 || length > 65535)
            return errh->error("range %d: bad offset or length", i);
        _ranges.push_back(Range{(uint32_t) offset, (uint32_t) length, Vector<unsigned char>(length, 0), false});
    }
    return _ranges.empty() ? errh->error("no range given") : 0;
}

Packet *Clipboard::act(int port, Packet *p) {
    WritablePacket *q = nullptr;
    for (Range &r : _ranges) {
        if (p->length() < r.offset + r.length || (port && !r.known))
            continue;
        if (!port) {
            memcpy(r.bytes.begin(), p->data() + r.offset, r.length);
            r.known = true;
            continue;
        }
        if (!q && !(q = p->uniqueify()))
            return nullptr;
        p = q;
        memcpy(q->data() + r.offset, r.bytes.begin(), r.length);
    }
    return p;
}

PacketBatch *Clipboard::act(int port, PacketBatch *b) {
    BatchBuilder kept;
    FOR_EACH_PACKET_SAFE(b, p)
        if (Packet *q = act(port, p)) kept.append(q);
    return kept.finish();
}

CLICK_ENDDECLS
EXPORT_ELEMENT(Clipboard)
