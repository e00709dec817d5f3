#ifndef LCLICK_IPHEADERCHECK_HH
#define LCLICK_IPHEADERCHECK_HH
#include <click/args.hh>
#include <click/element.hh>
#include <clicknet/ip.h>
CLICK_DECLS

/** The check of CheckIPHeader and its kin, and its counts. */
class IPHeaderCheck { public:
    enum Reason { ok = -1, miniscule_packet, bad_version, bad_hlen, bad_ip_len, bad_checksum, bad_saddr, nreasons };
    explicit IPHeaderCheck(bool checksum = true) : _checksum(checksum) {}
    /** Reads BADSRC, GOODDST, INTERFACES, CHECKSUM, VERBOSE and DETAILS; completes @a args. */
    int configure(Args &args, Element *, ErrorHandler *);
    /** Check the header @a offset bytes into @a p; if it is good, set the annotations and cut the packet to its length. */
    Reason check(Packet *p, uint32_t offset) {
        Reason r = test(p, offset);
        if (likely(r == ok)) ++_count;
        return r;
    }
    void dropped(const Element *, Reason);
    void add_handlers(Element *);

  private:
    bool _checksum, _verbose = false, _said = false;
    Vector<IPAddress> _bad_sources, _good_destinations;
    uint64_t _count = 0, _drops[nreasons] = {};
    Reason test(Packet *, uint32_t offset);
    bool bad_source(const click_ip *) const;
    static String read(Element *, void *);
    static String read_details(Element *, void *);
};

CLICK_ENDDECLS
#endif
