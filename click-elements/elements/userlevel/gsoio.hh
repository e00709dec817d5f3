#ifndef LCLICK_GSOIO_HH
#define LCLICK_GSOIO_HH
#include "elements/userlevel/coalesce.hh"
#include "elements/userlevel/flowgroups.hh"
#include "elements/userlevel/frameio.hh"
CLICK_DECLS
namespace frameio {

/** When packets are put together for the device to cut (GSO). */
enum Gso { gso_off, gso_auto, gso_on, gso_atomic, gso_summed };
struct GsoArg { bool parse(const String &, Gso &, const ArgContext & = blank_args) const; };

/** Sends what belongs together as one frame, past the queueing discipline, and all else by another way of sending, in the order in which
    it comes, or is gathered: both hand it to the device before they return. */
class GsoSender { public:
    ~GsoSender();
    /** Only what the device itself cuts is put together; with gso_on it is an error if it cuts nothing. */
    int open(const Options &, Gso, ErrorHandler *);
    /** Bring together what may belong together: of @a packets that came after all that wait already. */
    void gather(Packet **, int n);
    /** As Sender::send(), through @a plain what stays as it is. */
    int send(Sender &plain, Packet *const *, int n);
    /** Frames of several packets, and the packets in them. */
    uint64_t frames = 0, packets = 0;
  private:
    struct Slots;
    Slots *_slots = nullptr;
    LengthLimit _limit;
    int _fd = -1, _allowed = 0, _alone = 0;     // the last so many packets share no flow
    int run(Packet *const *, int n, offload::SuperHeader &);
    int send_runs(Packet *const *, int n, int run);
};

/** What a device cuts itself, of offload::Coalescing. */
int segments_itself(const Options &);

}
CLICK_ENDDECLS
#endif
