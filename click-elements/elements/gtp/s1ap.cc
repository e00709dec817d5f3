// S1AP, TS 36.413: the procedures that tell of E-RABs' tunnels. §9.3 has the ASN.1, encoded in aligned PER (§9.3.1).
#include <click/config.h>
#include "s1ap.hh"
CLICK_DECLS

const char *s1ap_name(uint8_t procedure) {
    switch (procedure) {
    case 0: return "handover-preparation";
    case 1: return "handover-resource-allocation";
    case 2: return "handover-notification";
    case 3: return "path-switch-request";
    case 4: return "handover-cancel";
    case 5: return "e-rab-setup";
    case 6: return "e-rab-modify";
    case 7: return "e-rab-release";
    case 8: return "e-rab-release-indication";
    case 9: return "initial-context-setup";
    case 10: return "paging";
    case 11: return "downlink-nas-transport";
    case 12: return "initial-ue-message";
    case 13: return "uplink-nas-transport";
    case 14: return "reset";
    case 15: return "error-indication";
    case 17: return "s1-setup";
    case 18: return "ue-context-release-request";
    case 22: return "ue-capability-info-indication";
    case 23: return "ue-context-release";
    case 50: return "e-rab-modification-indication";
    default: return nullptr;
    }
}

namespace {
/** A list of E-RABs among the IEs, the IE that each of its items is, and what is in that. */
struct ListLayout {
    uint16_t list, item;
    S1APMessage::Role role;
    enum Content : uint8_t { qos_end_nas, end, end_qos, id, qos_nas } content;
    uint8_t optional;               // how many fields the preamble tells of; the last one is iE-Extensions
};
const ListLayout layouts[] = {
    {24, 52, S1APMessage::asked, ListLayout::qos_end_nas, 2},       // E-RABToBeSetupListCtxtSUReq: its NAS-PDU is the first optional field
    {51, 50, S1APMessage::done, ListLayout::end, 1},                // E-RABSetupListCtxtSURes
    {16, 17, S1APMessage::asked, ListLayout::qos_end_nas, 1},       // E-RABToBeSetupListBearerSUReq: here it is mandatory
    {28, 39, S1APMessage::done, ListLayout::end, 1},                // E-RABSetupListBearerSURes
    {30, 36, S1APMessage::asked, ListLayout::qos_nas, 1},           // E-RABToBeModifiedListBearerModReq
    {31, 37, S1APMessage::done, ListLayout::id, 1},                 // E-RABModifyListBearerModRes
    {69, 15, S1APMessage::released, ListLayout::id, 1},             // E-RABReleaseListBearerRelComp
    {110, 35, S1APMessage::released, ListLayout::id, 1},            // E-RABReleasedList, of a release indication
    {33, 35, S1APMessage::released, ListLayout::id, 1},             // E-RABToBeReleasedList, of a path switch acknowledge; in a release command it only asks
    {22, 23, S1APMessage::asked, ListLayout::end, 1},               // E-RABToBeSwitchedDLList
    {95, 94, S1APMessage::done, ListLayout::end, 1},                // E-RABToBeSwitchedULList
    {53, 27, S1APMessage::asked, ListLayout::end_qos, 1},           // E-RABToBeSetupListHOReq
    {18, 20, S1APMessage::done, ListLayout::end, 5},                // E-RABAdmittedList
    {199, 200, S1APMessage::asked, ListLayout::end, 1},             // E-RABToBeModifiedListBearerModInd
    {203, 204, S1APMessage::done, ListLayout::id, 1}};              // E-RABModifyListBearerModConf
enum { id_mme_ue = 0, id_cause = 2, id_enb_ue = 8, id_source_mme_ue = 88, id_connection = 91, id_reset_type = 92, id_ue_ids = 99, id_transport_information = 185 };
}

/** TransportLayerAddress, BIT STRING (SIZE(1..160, ...)), §9.2.2.1, and GTP-TEID, §9.2.2.2. */
static void read_end(AlignedPer &r, GTPControlEnd &end) {
    if (r.bit()) return r.fail();
    uint32_t n = r.bits(8) + 1;
    if (n > 160) return r.fail();
    if (n <= 16)
        r.bits((int) n);
    else if (const unsigned char *a = r.octets((n + 7) / 8)) {
        // TS 36.414 §5.3: of 160 bits, the first 32 are the IPv4 address
        if (n == 32 || n == 160) end.v4 = GTPControlReader::address4(a);
        if (n == 128 || n == 160) end.v6 = GTPAddress::from6(n == 160 ? a + 4 : a);
        if (n & 7) r.fail();
    }
    end.teid = r.number(4);
}

/** ProtocolExtensionContainer: calls f(id, content) for each. */
template <typename F> static void each_extension(AlignedPer &r, F f) {
    uint32_t count = r.number(2) + 1;
    for (uint32_t i = 0; i < count && r.ok(); ++i) {
        uint32_t id = r.number(2);
        r.bits(2);
        AlignedPer content = r.open();
        f(id, content);
    }
}
static void skip_extensions(AlignedPer &r) { each_extension(r, [](uint32_t, AlignedPer &) {}); }

/** E-RABLevelQoSParameters, §9.2.1.15. */
static void skip_qos(AlignedPer &r) {
    bool more = r.bit(), gbr = r.bit(), extensions = r.bit();
    r.number(1);                                            // QCI
    bool arp_more = r.bit(), arp_extensions = r.bit();      // AllocationAndRetentionPriority
    r.bits(6);
    if (arp_extensions) skip_extensions(r);
    if (arp_more) r.skip_additions();
    if (gbr) {                                              // GBR-QosInformation
        bool gbr_more = r.bit(), gbr_extensions = r.bit();
        for (int i = 0; i < 4; ++i) r.octets(r.bits(3) + 1);        // BitRate, INTEGER (0..10000000000): up to 5 octets
        if (gbr_extensions) skip_extensions(r);
        if (gbr_more) r.skip_additions();
    }
    if (extensions) skip_extensions(r);
    if (more) r.skip_additions();
}

static void read_nas(AlignedPer &r, S1APMessage::Item &item) {
    uint32_t n = r.length();
    if (const unsigned char *p = r.octets(n)) {
        item.has_nas = true;
        s1ap_read_nas(p, n, item.erab, item.ue4, item.linked);
    }
}

/** An item: what is behind the fields that count is not read, for it has an open type of its own. */
static bool read_item(AlignedPer r, const ListLayout &layout, S1APMessage::Item &item) {
    item = S1APMessage::Item();
    item.role = layout.role;
    r.bit();                                                // extension additions come last
    uint32_t optional = r.bits(layout.optional);
    if (r.bit()) return false;                              // E-RAB-ID, INTEGER (0..15, ...): there are none above 15
    item.erab = (uint8_t) r.bits(4);
    switch (layout.content) {
    case ListLayout::qos_end_nas:
        skip_qos(r);
        read_end(r, item.end);
        if (layout.optional == 1 || optional & 2) read_nas(r, item);
        break;
    case ListLayout::end:
    case ListLayout::end_qos:
        read_end(r, item.end);
        break;
    case ListLayout::qos_nas:
        skip_qos(r);
        read_nas(r, item);
        // TransportInformation: the core's end, if it moves
        if (optional & 1)
            each_extension(r, [&](uint32_t id, AlignedPer &x) {
                if (id != id_transport_information) return;
                x.bit();
                GTPControlEnd end = GTPControlEnd();
                read_end(x, end);
                if (x.ok()) item.end = end;
                else r.fail();
            });
        break;
    case ListLayout::id: break;
    }
    return r.ok();
}

static bool read_list(AlignedPer r, const ListLayout &layout, S1APMessage &m) {
    uint32_t count = r.number(1) + 1;
    for (uint32_t i = 0; i < count; ++i) {
        uint32_t id = r.number(2);
        r.bits(2);
        AlignedPer content = r.open();
        if (!r.ok()) return false;
        if (id != layout.item || m.nitems == S1APMessage::max_items) continue;
        if (!read_item(content, layout, m.item[m.nitems])) return false;
        ++m.nitems;
    }
    return true;
}

/** MME-UE-S1AP-ID, INTEGER (0..2^32-1), or eNB-UE-S1AP-ID, INTEGER (0..2^24-1): the length has two bits. */
static uint32_t read_ue_id(AlignedPer &r, uint32_t octets) {
    uint32_t n = r.bits(2) + 1;
    if (n > octets) r.fail();
    return r.number(n);
}

uint8_t s1ap_read_connection(AlignedPer &r, uint32_t ids[2]) {
    uint32_t id = r.number(2);
    r.bits(2);
    AlignedPer x = r.open();
    x.bit();                                                // additions come last
    bool mme = x.bit(), enb = x.bit();
    x.bit();                                                // and iE-Extensions
    if (mme) ids[0] = read_ue_id(x, 4);
    if (enb) ids[1] = read_ue_id(x, 3);
    if (id != id_connection || !x.ok()) r.fail();
    return (uint8_t) (mme | enb << 1);
}

/** ResetType, §9.1.8.1: CHOICE of the whole interface and some connections. */
static bool read_reset_type(AlignedPer r, S1APMessage &m) {
    if (r.bit()) return false;                              // what an alternative of later means cannot be known
    if (!r.bit()) {
        m.reset_all = !r.bit();                             // of ResetAll there is one value, and its extension bit
        return r.ok() && m.reset_all;
    }
    m.nconnections = (uint16_t) (r.number(1) + 1);
    m.connections = r;
    return r.ok() && m.each_connection([](const uint32_t *, const uint32_t *) {});
}

static bool read_ie(uint32_t id, AlignedPer r, S1APMessage &m) {
    switch (id) {
    case id_mme_ue:
    case id_source_mme_ue:
        m.mme = read_ue_id(r, 4), m.has_mme = true;
        return r.ok();
    case id_enb_ue:
        m.enb = read_ue_id(r, 3), m.has_enb = true;
        return r.ok();
    case id_ue_ids: {                                       // CHOICE of a pair and the MME's alone
        if (r.bit()) return true;
        bool pair = !r.bit(), extensions = false;
        if (pair) r.bit(), extensions = r.bit();
        m.mme = read_ue_id(r, 4), m.has_mme = true;
        if (pair) m.enb = read_ue_id(r, 3), m.has_enb = true;
        (void) extensions;                                  // and additions come last
        return r.ok();
    }
    case id_reset_type: return read_reset_type(r, m);
    case id_cause:                                          // §9.2.1.3: of NAS' causes, authentication-failure and detach
        if (!r.bit() && r.bits(3) == 2 && !r.bit()) {
            uint32_t cause = r.bits(2);
            m.leaving = cause == 1 || cause == 2;
        }
        return r.ok();
    default:
        for (const ListLayout &layout : layouts)
            if (layout.list == id) return read_list(r, layout, m);
        return true;
    }
}

static bool tells_of_bearers(uint8_t procedure) {
    switch (procedure) {
    case S1APMessage::handover_resource_allocation: case S1APMessage::handover_notification: case S1APMessage::path_switch_request: case S1APMessage::e_rab_setup:
    case S1APMessage::e_rab_modify: case S1APMessage::e_rab_release: case S1APMessage::e_rab_release_indication: case S1APMessage::initial_context_setup:
    case S1APMessage::ue_context_release: case S1APMessage::e_rab_modification_indication: case S1APMessage::reset: case S1APMessage::s1_setup: return true;
    default: return false;
    }
}

GTPControlVerdict s1ap_parse(const unsigned char *d, uint32_t n, S1APMessage &m) {
    m = S1APMessage();
    AlignedPer r(d, n);
    bool more = r.bit();
    uint32_t kind = r.bits(2), procedure = r.number(1);
    r.bits(2);
    AlignedPer value = r.open();
    if (!r.ok() || more || kind > S1APMessage::unsuccessful) return GTPC_BAD_ENCODING;
    m.kind = (S1APMessage::Kind) kind, m.procedure = (uint8_t) procedure;
    if (!tells_of_bearers(m.procedure)) return GTPC_OTHER;
    value.bit();                                            // additions to the message's sequence come last
    uint32_t count = value.number(2);
    for (uint32_t i = 0; i < count; ++i) {
        uint32_t id = value.number(2);
        value.bits(2);
        AlignedPer content = value.open();
        if (!value.ok() || !read_ie(id, content, m)) return GTPC_BAD_ENCODING;
    }
    return value.ok() ? GTPC_OK : GTPC_BAD_ENCODING;
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(S1AP)
