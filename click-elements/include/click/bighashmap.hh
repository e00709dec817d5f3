#ifndef CLICK_BIGHASHMAP_HH
#define CLICK_BIGHASHMAP_HH
#include <click/hashmap.hh>
#endif
