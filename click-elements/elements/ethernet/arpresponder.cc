#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/straccum.hh>
#include <clicknet/ether.h>
#include "arpresponder.hh"
CLICK_DECLS

int ARPResponder::configure(Vector<String> &conf, ErrorHandler *errh) {
    Vector<Entry> entries;
    for (int i = 0; i < conf.size(); ++i) {
        Vector<String> words;
        cp_spacevec(conf[i], words);
        Vector<Entry> mine;
        EtherAddress mac;
        bool has_mac = false;
        for (const String &w : words) {
            Entry e;
            if (cp_ip_prefix(w, &e.addr, &e.mask, true))
                mine.push_back(e);
            else if (!has_mac && cp_ethernet_address(w, &mac))
                has_mac = true;
            else
                return errh->error("argument %d: expected %<IP/MASK... MAC%>, not %<%s%>", i + 1, w.c_str());
        }
        if (mine.empty() || !has_mac)
            return errh->error("argument %d: %s missing", i + 1, has_mac ? "IP address" : "Ethernet address");
        for (Entry &e : mine) {
            e.mac = mac;
            entries.push_back(e);
        }
    }
    _entries = entries;
    return 0;
}

Packet *ARPResponder::simple_action(Packet *p) {
    const click_ether *eth = reinterpret_cast<const click_ether *>(p->data());
    const click_ether_arp *arp = reinterpret_cast<const click_ether_arp *>(eth + 1);
    if (p->length() >= sizeof *eth + sizeof *arp && ntohs(eth->ether_type) == ETHERTYPE_ARP && ntohs(arp->ea_hdr.ar_hrd) == ARPHRD_ETHER
        && ntohs(arp->ea_hdr.ar_pro) == ETHERTYPE_IP && arp->ea_hdr.ar_hln == 6 && arp->ea_hdr.ar_pln == 4 && ntohs(arp->ea_hdr.ar_op) == ARPOP_REQUEST) {
        IPAddress target(arp->arp_tpa);
        for (const Entry &e : _entries)
            if (target.matches_prefix(e.addr, e.mask)) {
                WritablePacket *q = Packet::make(Packet::default_headroom, nullptr, sizeof *eth + sizeof *arp, 0);
                if (q) {
                    click_ether *oe = reinterpret_cast<click_ether *>(q->data());
                    click_ether_arp *oa = reinterpret_cast<click_ether_arp *>(oe + 1);
                    memcpy(oe->ether_dhost, eth->ether_shost, 6);
                    memcpy(oe->ether_shost, e.mac.data(), 6);
                    oe->ether_type = htons(ETHERTYPE_ARP);
                    *oa = *arp;
                    oa->ea_hdr.ar_op = htons(ARPOP_REPLY);
                    memcpy(oa->arp_sha, e.mac.data(), 6);
                    memcpy(oa->arp_spa, arp->arp_tpa, 4);
                    memcpy(oa->arp_tha, arp->arp_sha, 6);
                    memcpy(oa->arp_tpa, arp->arp_spa, 4);
                    q->set_mac_header(q->data(), sizeof *eth);
                    ++_count;
                }
                p->kill();
                return q;
            }
    }
    checked_output_push(1, p);
    return nullptr;
}

String ARPResponder::read(Element *el, void *) {
    StringAccum sa;
    for (const Entry &e : static_cast<ARPResponder *>(el)->_entries)
        sa << e.addr << '/' << e.mask.mask_to_prefix_len() << '\t' << e.mac << '\n';
    return sa.take_string();
}

void ARPResponder::add_handlers() {
    add_data_handlers("count", Handler::f_read, &_count);
    add_read_handler("table", read, 0);
}

CLICK_ENDDECLS
EXPORT_ELEMENT(ARPResponder)
