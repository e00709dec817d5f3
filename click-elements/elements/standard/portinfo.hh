#ifndef CLICK_PORTINFO_ELEMENT_HH
#define CLICK_PORTINFO_ELEMENT_HH
#include <click/standard/portinfo.hh>
#endif
