#ifndef CLICK_ALIGNMENTINFO_ELEMENT_HH
#define CLICK_ALIGNMENTINFO_ELEMENT_HH
#include <click/standard/alignmentinfo.hh>
#endif
