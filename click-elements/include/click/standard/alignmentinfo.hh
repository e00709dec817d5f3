#ifndef CLICK_STANDARD_ALIGNMENTINFO_HH
#define CLICK_STANDARD_ALIGNMENTINFO_HH
#include <click/element.hh>
CLICK_DECLS

/*
=c
AlignmentInfo(ELEMENT [CHUNK OFFSET ...], ...)
=s information
says how packets are aligned where they enter elements
=d
A pair of numbers for each input of ELEMENT: the packets' data start OFFSET bytes behind a multiple of CHUNK. click-align writes
these; elements that can do without a copy ask for them. A CHUNK of 0 means that nothing is known. lclick's own elements read
headers at any address and never ask.
=a Align
*/
class AlignmentInfo : public Element { public:
    const char *class_name() const override { return "AlignmentInfo"; }
    int configure_phase() const override { return CONFIGURE_PHASE_INFO; }
    int configure(Vector<String> &, ErrorHandler *) override;
    bool query1(const Element *e, int port, int &chunk, int &offset) const;
    /** False, and 1 and 0, if nobody said anything. */
    static bool query(const Element *e, int port, int &chunk, int &offset);
  private:
    struct Known { int element; Vector<int> chunks, offsets; };
    Vector<Known> _known;
};

CLICK_ENDDECLS
#endif
