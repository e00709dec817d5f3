#include <click/config.h>
#include "arpprint.hh"
#include <click/args.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <clicknet/ether.h>
#include <errno.h>
CLICK_DECLS

int ARPPrint::configure(Vector<String> &conf, ErrorHandler *errh) {
    return Args(conf, this, errh).read_p("LABEL", _label).read("TIMESTAMP", _timestamp).read("ETHER", _ether).read("ACTIVE", _active)
        .read("OUTFILE", FilenameArg(), _outfile).complete();
}

int ARPPrint::initialize(ErrorHandler *errh) {
    if (_outfile && !(_file = fopen(_outfile.c_str(), "wb")))
        return errh->error("%s: %s", _outfile.c_str(), strerror(errno));
    return 0;
}

void ARPPrint::cleanup(CleanupStage) {
    if (_file) fclose(_file);
    _file = nullptr;
}

void ARPPrint::say(StringAccum &sa, const unsigned char *d, uint32_t length) {
    unsigned op = length < 8 ? 0 : d[6] << 8 | d[7], hardware = length < 8 ? 0 : d[0] << 8 | d[1];
    if (length < 8)
        sa << "truncated-arp (" << length << ")";
    else if (d[2] != ETHERTYPE_IP >> 8 || d[3] != 0 || d[4] != 6 || d[5] != 4)
        sa << "arp-#" << op << " for proto #" << (d[2] << 8 | d[3]) << " (" << (int) d[5] << ") hardware #" << hardware << " (" << (int) d[4] << ')';
    else if (length < 28)
        sa << "truncated-arp (" << length << ")";
    else {
        EtherAddress sha(d + 8), tha(d + 18);
        IPAddress spa(d + 14), tpa(d + 24);
        switch (op) {
        case 1:
            sa << "arp who-has " << tpa;
            if (tha) sa << " (" << tha << ')';
            sa << " tell " << spa;
            break;
        case 2: sa << "arp reply " << spa << " is-at " << sha; break;
        case 3: sa << "rarp who-is " << tha << " tell " << sha; break;
        case 4: sa << "rarp reply " << tha << " at " << tpa; break;
        case 8: sa << "invarp who-is " << tha << " tell " << sha; break;
        case 9: sa << "invarp reply " << tha << " at " << tpa; break;
        default: sa << "arp-#" << op;
        }
        if (hardware != ARPHRD_ETHER)
            sa << " hardware #" << hardware;
    }
}

Packet *ARPPrint::simple_action(Packet *p) {
    if (!_active || !p->has_network_header() || p->network_header_offset() > (int) p->length() || p->network_header() < p->buffer())
        return p;
    StringAccum sa;
    if (_label)
        sa << _label << ": ";
    if (_timestamp)
        sa << p->timestamp_anno() << ": ";
    if (_ether && p->has_mac_header() && p->mac_header() >= p->buffer() && p->mac_header() + sizeof(click_ether) <= p->end_data())
        sa << EtherAddress(p->ether_header()->ether_shost) << " > " << EtherAddress(p->ether_header()->ether_dhost) << ": ";
    say(sa, p->network_header(), p->network_length());
    if (_file)
        fprintf(_file, "%.*s\n", sa.length(), sa.data());
    else
        click_chatter("%.*s", sa.length(), sa.data());
    return p;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPPrint)
