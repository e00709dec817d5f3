#ifndef CLICK_ADDRESSINFO_ELEMENT_HH
#define CLICK_ADDRESSINFO_ELEMENT_HH
#include <click/standard/addressinfo.hh>
#endif
