#ifndef CLICK_SCHEDULEINFO_ELEMENT_HH
#define CLICK_SCHEDULEINFO_ELEMENT_HH
#include <click/standard/scheduleinfo.hh>
#endif
