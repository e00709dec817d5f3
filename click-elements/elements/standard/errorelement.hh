#ifndef CLICK_ERRORELEMENT_ELEMENT_HH
#define CLICK_ERRORELEMENT_ELEMENT_HH
#include <click/standard/errorelement.hh>
#endif
