#ifndef LCLICK_SEGMENTS_HH
#define LCLICK_SEGMENTS_HH
#include "elements/userlevel/offload.hh"
#include <click/packetbatch.hh>
CLICK_DECLS
namespace offload {

/** Cut a frame that waits for segmentation offload into the frames that would have left the card, and append those. It lies in one
    piece at @a d and is copied from there once. False, with nothing appended, if it cannot be done: what is no TCP or UDP over IP,
    or is in a tunnel but not VXLAN's, GENEVE's, GTP-U's, GRE's or IP's in IP, or would give more than max_segments. */
enum { max_segments = 2048 };
bool cut(const unsigned char *d, uint32_t length, uint32_t headroom, const Hint &, BatchBuilder &);

}
CLICK_ENDDECLS
#endif
