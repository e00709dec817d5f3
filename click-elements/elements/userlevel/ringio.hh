#ifndef LCLICK_RINGIO_HH
#define LCLICK_RINGIO_HH
#include "elements/userlevel/frameio.hh"
#include <linux/if_packet.h>
CLICK_DECLS
namespace frameio {

/** Slots of one size in memory shared with the kernel (packet(7): TPACKET_V2). Version 3 has blocks of frames that are handed
    over when full or after a timer of whole milliseconds, which a lone packet would have to wait for. */
class PacketRing { public:
    ~PacketRing();
    int map(int fd, int option, uint32_t slot_size, uint32_t count, const Options &, ErrorHandler *);
    /** The next one, or the one so many after it. */
    struct tpacket2_hdr *slot(uint32_t later = 0) const { return (struct tpacket2_hdr *) (_base + (size_t) ((_at + later) & (_count - 1)) * _size); }
    void advance() { _at = (_at + 1) & (_count - 1); }
    uint32_t slot_size() const { return _size; }
  private:
    unsigned char *_base = nullptr;
    uint32_t _size = 0, _count = 0, _at = 0;
};

class RingReceiver : public Receiver { public:
    explicit RingReceiver(Tally &t) : Receiver(t) {}
    enum { count = 2048, ahead = 4, most_ahead = 1536 };       // bytes of a frame that are asked for, in a slot so many on
    int open(const Options &o, ErrorHandler *errh) override { return prepare(o, errh) < 0 ? -1 : start(o, errh); }
    /** The part that takes a grace period; any thread may do it. */
    int prepare(const Options &, ErrorHandler *);
    int start(const Options &, ErrorHandler *);
    int receive(int max, BatchBuilder &) override;
    uint64_t kernel_drops() override { return socket_drops(_fd); }
    String describe() const override { return "PACKET_MMAP"; }
  private:
    PacketRing _ring;
    int _headroom = 0;
    void deliver(struct tpacket2_hdr *, BatchBuilder &);
    const unsigned char *fetch_whole(offload::VnetHeader &, uint32_t &length);
};

class RingSender : public Sender { public:
    enum { count = 512 };
    int open(const Options &, ErrorHandler *) override;
    int send(Packet *const *, int n) override;
    bool behind() override { return _unkicked; }
    String describe() const override { return "PACKET_MMAP"; }
  private:
    PacketRing _ring;
    LengthLimit _limit;
    bool _unkicked = false;
};

}
CLICK_ENDDECLS
#endif
