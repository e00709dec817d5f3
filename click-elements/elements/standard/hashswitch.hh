#ifndef CLICK_HASHSWITCH_HH
#define CLICK_HASHSWITCH_HH
#include <click/args.hh>
#include <click/batchelement.hh>
#include <click/error.hh>
CLICK_DECLS

/*
=c
HashSwitch(OFFSET, LENGTH)
=s classification
chooses the output by a hash of some of the packet's bytes
=d
Packets with the same LENGTH bytes at OFFSET leave on the same output. Packets too short for that leave on output 0. The hash is not Click's.
=a RoundRobinSwitch, StrideSwitch, RandomSwitch, Switch
*/
class HashSwitch : public ClassifyElement<HashSwitch> { public:
    const char *class_name() const override { return "HashSwitch"; }
    const char *port_count() const override { return "1/1-"; }
    const char *processing() const override { return PUSH; }
    int configure(Vector<String> &conf, ErrorHandler *errh) override {
        if (Args(conf, this, errh).read_mp("OFFSET", BoundedIntArg(0, 65535), _offset).read_mp("LENGTH", BoundedIntArg(0, 65535), _length).complete() < 0)
            return -1;
        return _length ? 0 : errh->error("length must be > 0");
    }
    int classify(Packet *p) {
        if (p->length() < _offset + _length) return 0;
        uint32_t h = 2166136261U;
        for (const unsigned char *d = p->data() + _offset, *e = d + _length; d < e; ++d) h = (h ^ *d) * 16777619U;
        return (int) (((uint64_t) (h * 0x9E3779B1U) * (unsigned) noutputs()) >> 32);
    }

  private:
    uint32_t _offset = 0, _length = 0;
};

CLICK_ENDDECLS
#endif
