#ifndef CLICK_AGGREGATECOUNTER_HH
#define CLICK_AGGREGATECOUNTER_HH
#include <click/batchelement.hh>
#include <click/handlercall.hh>
#include <click/hashtable.hh>
CLICK_DECLS

/*
=c
AggregateCounter([BYTES, IP_BYTES, MULTIPACKET, EXTRA_LENGTH, AGGREGATE_STOP, AGGREGATE_FREEZE, AGGREGATE_CALL, COUNT_STOP, COUNT_FREEZE, COUNT_CALL, BANNER])
=s aggregates
counts packets for each value of the aggregate annotation
=d
With BYTES true, counts bytes: those behind the link header only with IP_BYTES true; with those of the extra-length annotation unless EXTRA_LENGTH is
false. Packets count as many as their extra-packets annotation says, unless MULTIPACKET is false. While frozen, values that are new are not counted. What comes on
input 1 is counted only if its value is known. Packets that were not counted leave on output 1, if connected. AGGREGATE_STOP N stops the router,
AGGREGATE_FREEZE N freezes and AGGREGATE_CALL 'N HANDLER [VALUE]' writes a handler when N values have been seen; COUNT_STOP, COUNT_FREEZE and COUNT_CALL
when N packets (or bytes) have.
=h write_file write-only
Writes the counts to a file: BANNER, then pairs of 32-bit integers.
=h write_text_file write-only
=h write_ip_file write-only
As text; the values as IP addresses.
=h counts_pdf write-only
Counts how often each count occurs, instead.
=h nagg read-only
=h count read-only
=h freeze read/write
=h active read/write
=h stop write-only
=h clear write-only
=h banner read/write
=h aggregate_call read/write
=h count_call read/write
*/
class AggregateCounter : public BatchElement { public:
    const char *class_name() const override { return "AggregateCounter"; }
    const char *port_count() const override { return "1-2/1-2"; }
    int configure(Vector<String> &, ErrorHandler *) override;
    int initialize(ErrorHandler *) override;
    void add_handlers() override;
    void push(int port, Packet *p) override;
    Packet *pull(int port) override;
    void push_batch(int port, PacketBatch *) override;
    PacketBatch *pull_batch(int port, unsigned max) override;

  private:
    struct Trigger { uint64_t at = UINT64_MAX; String text; };
    enum Format { f_binary, f_text, f_ip, f_pdf };
    HashTable<uint32_t, uint32_t> _counts;
    uint64_t _count = 0;
    bool _bytes = false, _ip_bytes = false, _multipacket = true, _extra_length = true, _frozen = false, _active = true;
    Trigger _on_aggregates, _on_count;
    String _banner;

    bool update(Packet *, bool frozen);
    int set_trigger(Trigger &, const String &, const char *handler, ErrorHandler *);
    void fire(Trigger &);
    Vector<uint32_t> sorted() const;
    int write_file(const String &name, Format, ErrorHandler *) const;
    static String read(Element *, void *);
    static int write(const String &, Element *, void *, ErrorHandler *);
    static int write_file_handler(const String &, Element *, void *, ErrorHandler *);
};

CLICK_ENDDECLS
#endif
