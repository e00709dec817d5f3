#ifndef CLICK_MACHINE_HH
#define CLICK_MACHINE_HH
#include <click/atomic.hh>
#endif
