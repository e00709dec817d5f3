#ifndef CLICK_DEQUEUE_HH
#define CLICK_DEQUEUE_HH
#include <click/deque.hh>
#define DEQueue Deque
#endif
