#ifndef CLICK_GTPRULES_HH
#define CLICK_GTPRULES_HH
#include <click/batchelement.hh>
#include "elements/gtp/gtpinner.hh"
#include "elements/ip/ipfilterprogram.hh"
CLICK_DECLS
class GTPTable;

/*
=c
GTPRules(RULE, RULE, ... [, TABLE])
=s gtp
says which packets from UEs are to be broken out, and for whom
=d
Expects packets with the network header set, as from GTPDecap. The first rule that matches decides; what none matches is the core's.
Output 0 is for what is to be broken out, output 1 for the core's: a GTPBreakout's two inputs.

A rule is C<breakout> or C<core>, perhaps C<tenant NAME>, and what it is of, in one of two ways:

=over 4
=item C<to PREFIXES from PREFIXES PROTOCOL port PORTS>
any of these in any order, at least C<to> or C<from>. PREFIXES are IPv4 or IPv6 ones, of the other side and of the UE, with commas, or C<any>. PROTOCOL
is C<tcp>, C<udp>, C<sctp>, C<icmp> (of either version) or C<proto N>. PORTS, of the other side, are numbers and ranges with commas.
=item an expression of IPFilter
of IPv4 packets only.
=back

C<breakout tenant shop to 10.1.0.0/16,2001:db8:1::/48 tcp port 80,443,8000-8099>, C<core udp and dst port 53>.

A packet for a tenant has its number as paint annotation, 1 for the first tenant named, 2 for the next; without tenant it is 0. With TABLE, that
GTPTable is told when rules change; flows that were decided stay as they are.

=h rules read/write
A rule a line; writing replaces all, while traffic flows. Empty lines and what follows a # are not read. If one is wrong, all stays as it was.
=h counts read-only
A line a rule: packets, tab, their bytes (as IP says), tab, the rule; then the same of what no rule matched, with a C<-> for the rule.
=h tenants read-only
A line a tenant: its number, tab, its name.
=h reset_counts write-only
=a GTPDecap, GTPBreakout, IPFilter, PaintSwitch
*/
class GTPRules : public ClassifyElement<GTPRules> { public:
    const char *class_name() const override { return "GTPRules"; }
    const char *port_count() const override { return "1/2"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &, ErrorHandler *) override;
    void add_handlers() override;
    int classify(Packet *);

    /** What rule decides about an IP packet from a UE: its place, or -1. It counts nothing. */
    int rule_of(const unsigned char *ip, uint32_t length) const;
    /** Moves on when there are other rules. */
    uint32_t generation() const { return _generation; }
    /** Packets that passed elsewhere (GTPFastPath) count as if it had been here: for what rule_of() said, unless there are other rules since. */
    void credit(int rule, uint32_t generation, uint64_t packets, uint64_t bytes);

  private:
    struct Prefix { GTPAddress address; uint64_t mask[2]; };
    struct Ports { uint16_t from, to; };
    struct Rule {
        String text;
        bool breakout, six;          // six: it can match IPv6
        int protocol;                // -1: any; of IPv6
        uint8_t tenant;
        Vector<Prefix> to, from;     // of IPv6; none: any
        Vector<Ports> ports;
        uint64_t packets, bytes;
    };
    struct Rules {
        Vector<Rule> rules;
        Vector<String> tenants;
        IPFilterProgram program;     // of IPv4: a rule's number
        uint64_t packets = 0, bytes = 0;
    };
    GTPTable *_table = nullptr;
    Rules *_rules = nullptr;
    uint32_t _generation = 0;

    int parse(const Vector<String> &, ErrorHandler *);
    static bool parse_rule(const String &, Rule &, Rules &, String &pattern, ErrorHandler *);
    static bool parse_prefixes(const String &, Vector<Prefix> &, String &pattern, const char *direction, bool &four, bool &six);
    static bool parse_ports(const String &, Vector<Ports> &, String &pattern);
    static bool matches(const Rule &, const GTPInner &);
    int rule6(const unsigned char *ip, uint32_t length) const;
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);

  public:
    GTPRules() {}
    ~GTPRules() { delete _rules; }
};

CLICK_ENDDECLS
#endif
