#ifndef LCLICK_GTPSTATE_HH
#define LCLICK_GTPSTATE_HH
// GTPTable's state format, which moves sessions between processes: gtpstateout.cc writes it, gtpstatein.cc reads it.
//
//   lightmano-gtp-state 2
//   path N ENB CORE TPID/VID UPLEG DOWNLEG COUNTERS                             N: 1, 2, …; before the first line that names it
//   session UE IDLE COUNTERS BEARER...
//   announced CORE TEID ENB TEID EBI IDLE                                       ENB `-` and TEID 0: no downlink end
//   flow PROTO UE PORT REMOTE PORT breakout|core open|closing TENANT QFI TEID@N IDLE
//   end PATHS SESSIONS ANNOUNCED FLOWS CRC32
//
// A leg is SRC-MAC/DST-MAC/TCI/seen|assumed or `-`. COUNTERS are packets and bytes uplink, downlink and broken out, with slashes. A bearer
// is UPLINK,DOWNLINK,EBI,SEQUENCE,FLAGS: a tunnel is TEID@N, N being its path, or `-`; FLAGS are the letters of s(tale), c(ontainer),
// (se)q(uenced), a(nnounced), i(dle), or `-`. QFI has 128 added if there is one. IDLE is in seconds, since clocks differ; what is read bit by
// bit is in no order, and may have the same session or flow twice, the one that was idle less being the newer. The CRC (ISO 3309, as
// zlib's) is over all before the last line.
#include "elements/gtp/gtptable.hh"
CLICK_DECLS

/** The CRC of what @a c is of and [@a s, @a end) after it; 0 is that of nothing. */
uint32_t gtp_state_crc(uint32_t c, const char *s, const char *end);

/** The letters of a bearer's flags, in their order. */
struct GTPStateFlag { char letter; uint8_t flag; };
static const GTPStateFlag gtp_state_flags[] = {
    {'s', GTPBearer::stale}, {'c', GTPBearer::container}, {'q', GTPBearer::sequenced}, {'a', GTPBearer::announced}, {'i', GTPBearer::idle}};

CLICK_ENDDECLS
#endif
