// The VLAN arguments that several elements take, and the handlers that go with them.
#ifndef CLICK_VLANTCI_HH
#define CLICK_VLANTCI_HH
#include <click/args.hh>
#include <click/element.hh>
#include <click/packet_anno.hh>
CLICK_DECLS

/** A tag (IEEE 802.1Q): priority, a bit, VLAN number. */
struct VLANTag {
    int tci = 0;              // in host order; anno: each packet's annotation
    int native = 0;           // the VLAN whose frames go without a tag, -1 for none
    enum { anno = -1 };

    enum Flags { allow_anno = 1, has_native = 2 };
    /** Read VLAN_TCI, VLAN_PCP, VLAN_ID and, if asked for, NATIVE_VLAN; complete() is the caller's. */
    static Args &read(Args &args, VLANTag &result, int flags);
    /** Of this packet, in host order. */
    uint16_t of(const Packet *p) const { return tci == anno ? ntohs(VLAN_TCI_ANNO(p)) : (uint16_t) tci; }
    bool is_native(uint16_t t) const { return (t & 0xFFF) == native; }

    enum What { h_tci, h_id, h_pcp, h_native };
    /** The value for a handler, and the tag as arguments that mean the same. */
    String unparse(What) const;
    String unparse_arguments(int flags) const;
    /** Change one field as a handler would. */
    int set(What, const String &, int flags, ErrorHandler *);
};

/** vlan_tci, vlan_id, vlan_pcp (and native_vlan) for an element with a VLANTag; writing also rewrites `config`. */
template <typename T> struct VLANHandlers {
    static String read(Element *e, void *what) { return static_cast<T *>(e)->tag().unparse((VLANTag::What) (uintptr_t) what); }
    static int write(const String &s, Element *e, void *what, ErrorHandler *errh) {
        VLANTag tag = static_cast<T *>(e)->tag();
        int r = tag.set((VLANTag::What) (uintptr_t) what, cp_uncomment(s), T::vlan_flags, errh);
        return r < 0 ? r : static_cast<T *>(e)->set_tag(tag);
    }
    static void add(Element *e) {
        static const char *const names[] = {"vlan_tci", "vlan_id", "vlan_pcp", "native_vlan"};
        for (int i = 0; i < (T::vlan_flags & VLANTag::has_native ? 4 : 3); ++i) {
            e->add_read_handler(names[i], read, i);
            e->add_write_handler(names[i], write, i);
        }
    }
};

CLICK_ENDDECLS
#endif
