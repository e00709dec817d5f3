#include <click/config.h>
#include "setvlananno.hh"
#include <click/router.hh>
CLICK_DECLS

int SetVLANAnno::configure(Vector<String> &conf, ErrorHandler *errh) {
    VLANTag tag;
    Args args(conf, this, errh);
    if (VLANTag::read(args, tag, vlan_flags).complete() < 0)
        return -1;
    _tag = tag;
    return 0;
}

int SetVLANAnno::set_tag(const VLANTag &tag) {
    _tag = tag;
    router()->set_econfiguration(eindex(), tag.unparse_arguments(vlan_flags));
    return 0;
}

CLICK_ENDDECLS
EXPORT_ELEMENT(SetVLANAnno SetVLANAnno-SetVlanAnno)
