#include <click/config.h>
#include "vlantci.hh"
#include <click/error.hh>
#include <click/straccum.hh>
CLICK_DECLS

namespace {
/** A TCI, or ANNO. */
struct TciArg {
    bool allow_anno;
    bool parse(const String &s, int &result, const ArgContext &args) const {
        if (allow_anno && s.upper() == "ANNO") {
            result = VLANTag::anno;
            return true;
        }
        return BoundedIntArg(0, 0xFFFF).parse(s, result, args);
    }
};
/** Parses at once, so that the fields can be put together before the caller completes its arguments. */
struct TagArg {
    int *field;
    int low, high;
    bool allow_anno;
    bool parse(const String &s, const ArgContext &args) const {
        return low == 0 && high == 0xFFFF ? TciArg{allow_anno}.parse(s, *field, args) : BoundedIntArg(low, high).parse(s, *field, args);
    }
};
}

Args &VLANTag::read(Args &args, VLANTag &result, int flags) {
    VLANTag tag;
    int id = -1, pcp = -1;
    args.read_p_with("VLAN_TCI", TagArg{&tag.tci, 0, 0xFFFF, (flags & allow_anno) != 0}).read_p_with("VLAN_PCP", TagArg{&pcp, 0, 7, false})
        .read_with("VLAN_ID", TagArg{&id, 0, 0xFFF, false});
    if (flags & has_native)
        args.read_with("NATIVE_VLAN", TagArg{&tag.native, -1, 0xFFF, false});
    if (tag.tci != anno) {
        if (id >= 0) tag.tci = (tag.tci & 0xF000) | id;
        if (pcp >= 0 && !(tag.tci >> 13)) tag.tci |= pcp << 13;
    }
    result = tag;
    return args;
}

String VLANTag::unparse(What what) const {
    if (what == h_native) return String(native);
    if (tci == anno) return String("ANNO");
    return String(what == h_tci ? tci : what == h_id ? tci & 0xFFF : tci >> 13);
}

String VLANTag::unparse_arguments(int flags) const {
    StringAccum sa;
    if (tci == anno) sa << "ANNO";
    else if (tci & 0x1000) sa << "VLAN_TCI " << tci;
    else sa << "VLAN_ID " << (tci & 0xFFF) << ", VLAN_PCP " << (tci >> 13);
    if (flags & has_native && native) sa << ", NATIVE_VLAN " << native;
    return sa.take_string();
}

int VLANTag::set(What what, const String &s, int flags, ErrorHandler *errh) {
    static const char *const names[] = {"VLAN_TCI", "VLAN_ID", "VLAN_PCP", "NATIVE_VLAN"};
    static const int low[] = {0, 0, 0, -1}, high[] = {0xFFFF, 0xFFF, 7, 0xFFF};
    int x = 0, old = tci == anno ? 0 : tci;
    if (TagArg{&x, low[what], high[what], (flags & allow_anno) != 0}.parse(s, ArgContext(errh))) {
        if (what == h_native) native = x;
        else if (what == h_tci) tci = x;
        else if (what == h_id) tci = (old & 0xF000) | x;
        else tci = (old & 0x1FFF) | x << 13;
        return 0;
    }
    return errh->error("bad %s", names[what]);
}

CLICK_ENDDECLS
