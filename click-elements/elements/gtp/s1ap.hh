#ifndef LCLICK_S1AP_HH
#define LCLICK_S1AP_HH
#include "elements/gtp/alignedper.hh"
#include "elements/gtp/gtpcontrolmessage.hh"
CLICK_DECLS

/** Of an item of UE-associatedLogicalS1-ConnectionListRes (§9.1.8.1), the MME's id (bit 0 of what it returns: there is one) and the eNB's (bit 1). */
uint8_t s1ap_read_connection(AlignedPer &, uint32_t ids[2]);

/** What was read of a message of S1AP (TS 36.413), as far as it tells of E-RABs. */
struct S1APMessage {
    enum Procedure : uint8_t {              // §9.3.7: id-…
        handover_resource_allocation = 1, handover_notification = 2, path_switch_request = 3, e_rab_setup = 5, e_rab_modify = 6, e_rab_release = 7,
        e_rab_release_indication = 8, initial_context_setup = 9, reset = 14, s1_setup = 17, ue_context_release = 23, e_rab_modification_indication = 50 };
    enum Kind : uint8_t { initiating, successful, unsuccessful };
    enum Role : uint8_t {
        asked,                              // to be set up, switched or modified; the end is the sender's
        done,                               // it was; the end, if there is one, is the sender's
        released };
    struct Item {
        uint8_t erab;
        Role role;
        bool has_nas;                       // a message to the UE comes with it
        uint8_t linked;                     // of that message, if it is not ciphered: the default bearer; 0: not told
        GTPAddress ue4;                     // and the UE's address
        GTPControlEnd end;
    };
    enum { max_items = 32 };
    uint8_t procedure;
    Kind kind;
    bool has_mme, has_enb;
    bool leaving;                           // the cause is that the UE detached, or is not who it says
    uint8_t nitems;
    bool reset_all;
    uint16_t nconnections;                  // those that a reset means, if not all: see each_connection()
    AlignedPer connections;
    uint32_t mme, enb;                      // MME-UE-S1AP-ID (of a path switch request, the source MME's), eNB-UE-S1AP-ID
    Item item[max_items];

    /** Calls f(MME's id, eNB's id), of which one may be null. As long as the message's bytes are there. */
    template <typename F> bool each_connection(F f) const {
        AlignedPer r = connections;
        for (uint32_t i = 0; i < nconnections; ++i) {
            uint32_t ids[2];
            uint8_t has = s1ap_read_connection(r, ids);
            if (!r.ok()) return false;
            f(has & 1 ? &ids[0] : nullptr, has & 2 ? &ids[1] : nullptr);
        }
        return true;
    }
    const Item *find(uint8_t erab, Role role) const {
        for (int i = 0; i < nitems; ++i)
            if (item[i].erab == erab && item[i].role == role) return &item[i];
        return nullptr;
    }
};

/** Read a message that is @a n bytes long. */
GTPControlVerdict s1ap_parse(const unsigned char *d, uint32_t n, S1APMessage &m);
/** `initial-context-setup`; null if it has no name here. */
const char *s1ap_name(uint8_t procedure);
/** What a NAS message (TS 24.301) of at most @a n bytes that activates the EPS bearer @a ebi tells; nothing of a ciphered one. */
void s1ap_read_nas(const unsigned char *d, uint32_t n, uint8_t ebi, GTPAddress &ue4, uint8_t &linked);

CLICK_ENDDECLS
#endif
