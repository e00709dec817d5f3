#ifndef LCLICK_IPRWPATTERN_HH
#define LCLICK_IPRWPATTERN_HH
#include "elements/ip/iprwflows.hh"
#include <click/element.hh>
CLICK_DECLS

/** What an IPRewriter makes of the packets of a new flow: C<SADDR SPORT DADDR DPORT>, each or C<->. */
struct IPRWPattern {
    uint32_t saddr = 0, daddr = 0;           // 0: as it is
    uint16_t sport_low = 0, sport_high = 0;  // host order; 0: as it is
    uint16_t dport = 0, next = 0;
    bool sequential = false, random = false;
    bool is_range() const { return sport_low != sport_high; }
    /** Parse four words; false with a complaint. */
    bool parse(const Vector<String> &words, const Element *, ErrorHandler *);
    /** What a flow's packets become. False if no port of the range is left. */
    bool rewrite(const IPRWKey &from, IPRWKey &to, const IPRWFlows &);
    String unparse() const;
};

/** What is done with packets of an input that belong to no flow. */
struct IPRWInput {
    enum Kind { drop, pass, keep, pattern, mapper } kind = drop;
    int foutput = -1, routput = -1;
    IPRWPattern own, *shared = nullptr;      // shared: by IPRewriterPatterns
    class IPMapper *mapping = nullptr;
    uint32_t count = 0;
    IPRWPattern &the_pattern() { return shared ? *shared : own; }
    bool parse(const String &, const Element *, int noutputs, const String &what, ErrorHandler *);
    String unparse();
};

/** An element that chooses what becomes of a flow: cast name C<IPMapper>. */
class IPMapper { public:
    virtual ~IPMapper() {}
    /** The input specification for a flow, tried in order of @a attempt = 0, 1, ...; null when there are no more. */
    virtual IPRWInput *map(const IPRWKey &, int attempt) = 0;
    /** Called once all is configured: the rewriter that asks has @a noutputs outputs. */
    virtual int check(int noutputs, ErrorHandler *) = 0;
};

CLICK_ENDDECLS
#endif
