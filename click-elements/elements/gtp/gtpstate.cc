// GTPTable as text: JSON for people and programs, and the state format that moves sessions between processes.
//
//   lightmano-gtp-state 1
//   session UE IDLE UP DOWN COUNTERS BEARER...          least recently used first
//   flow PROTO UE PORT REMOTE PORT breakout|core open|closing UL-TEID IDLE
//   end SESSIONS FLOWS CRC32
//
// UP and DOWN are SRC-MAC/DST-MAC/TPID/TCI or `-`; BEARER is ul:TEID/ENB/CORE or `-`, a comma, then dl:TEID/CORE/ENB
// (dl-stale: for a stale one) or `-`. IDLE is in seconds, since clocks differ. The CRC (ISO 3309, as zlib's) is over
// all before the last line.
#include <click/config.h>
#include <click/confparse.hh>
#include <click/error.hh>
#include <click/etheraddress.hh>
#include <click/ipaddress.hh>
#include <click/straccum.hh>
#include <clicknet/ip.h>
#include <initializer_list>
#include "gtptable.hh"
CLICK_DECLS

static uint32_t crc32(const String &s) {
    uint32_t c = ~0U;
    for (unsigned char byte : s) {
        c ^= byte;
        for (int k = 0; k < 8; ++k)
            c = c >> 1 ^ (c & 1 ? 0xEDB88320U : 0);
    }
    return ~c;
}

// ---- JSON

static void json_leg(StringAccum &sa, const char *name, const GTPLeg &leg) {
    sa << ",\"" << name << "\":";
    if (!leg.known) {
        sa << "null";
        return;
    }
    sa << "{\"src\":\"" << EtherAddress(leg.src).unparse_colon() << "\",\"dst\":\"" << EtherAddress(leg.dst).unparse_colon() << '"';
    if (leg.vlan_tpid)
        sa << ",\"vlan\":" << (leg.vlan_tci & 0xFFF);
    sa << '}';
}

String GTPTable::unparse_sessions() const {
    StringAccum sa;
    uint32_t t = now();
    sa << '[';
    _sessions.each([&](const GTPSessionKey &k, const GTPSession &s) {
        sa << (sa.length() > 1 ? ",\n" : "\n") << "{\"ue\":\"" << IPAddress(k.ue) << "\",\"idleSeconds\":" << (t - s.last_seen) << ",\"bearers\":[";
        for (int i = 0; i < s.nbearers; ++i) {
            const GTPBearer &b = s.bearer[i];
            sa << (i ? "," : "") << "{\"uplink\":";
            if (b.ul)
                sa << "{\"teid\":" << b.ul_teid << ",\"enb\":\"" << IPAddress(b.ul_enb) << "\",\"core\":\"" << IPAddress(b.ul_core) << "\"}";
            else
                sa << "null";
            sa << ",\"downlink\":";
            if (b.dl)
                sa << "{\"teid\":" << b.dl_teid << ",\"core\":\"" << IPAddress(b.dl_core) << "\",\"enb\":\"" << IPAddress(b.dl_enb) << "\",\"stale\":" << b.dl_stale << '}';
            else
                sa << "null";
            sa << '}';
        }
        sa << ']';
        json_leg(sa, "uplinkEthernet", s.up);
        json_leg(sa, "downlinkEthernet", s.down);
        sa << ",\"uplinkPackets\":" << s.up_packets << ",\"uplinkBytes\":" << s.up_bytes << ",\"downlinkPackets\":" << s.down_packets
           << ",\"downlinkBytes\":" << s.down_bytes << ",\"breakoutPackets\":" << s.encap_packets << ",\"breakoutBytes\":" << s.encap_bytes << '}';
    });
    sa << (_sessions.size() ? "\n]" : "]");
    return sa.take_string();
}

String GTPTable::unparse_stats() const {
    StringAccum sa;
    sa << "{\"sessions\":" << _sessions.size() << ",\"sessionsCreated\":" << _stats.sessions_created << ",\"sessionsEvicted\":" << _stats.sessions_evicted
       << ",\"sessionsExpired\":" << _stats.sessions_expired << ",\"bearersReplaced\":" << _stats.bearers_replaced
       << ",\"uplinkMoves\":" << _stats.moved_up << ",\"downlinkMoves\":" << _stats.moved_down
       << ",\"flows\":" << nflows() << ",\"flowsCreated\":" << _stats.flows_created << ",\"flowsEvicted\":" << _stats.flows_evicted
       << ",\"flowsExpired\":" << _stats.flows_expired << ",\"flowsBreakout\":" << _stats.flows_breakout << ",\"flowsCore\":" << _stats.flows_core
       << ",\"noDownlink\":" << _stats.no_downlink << ",\"packetsWithoutSyn\":" << _stats.no_syn;
    for (int d = 0; d < 2; ++d) {
        sa << (d ? ",\"downlink\":{" : ",\"uplink\":{");
        for (int v = 0; v < GTP_NVERDICTS; ++v)
            sa << (v ? "," : "") << '"' << gtp_reason_name((GTPVerdict) v) << "\":" << _verdicts[d][v];
        sa << '}';
    }
    sa << '}';
    return sa.take_string();
}

// ---- State: out

static void put_leg(StringAccum &sa, const GTPLeg &leg) {
    if (!leg.known)
        sa << " -";
    else {
        sa << ' ' << EtherAddress(leg.src).unparse_colon() << '/' << EtherAddress(leg.dst).unparse_colon() << '/' << leg.vlan_tpid << '/' << leg.vlan_tci;
    }
}

String GTPTable::export_state() {
    StringAccum sa;
    uint32_t t = now();
    sa << "lightmano-gtp-state 1\n";
    _sessions.each([&](const GTPSessionKey &k, const GTPSession &s) {
        sa << "session " << IPAddress(k.ue) << ' ' << (t - s.last_seen);
        put_leg(sa, s.up);
        put_leg(sa, s.down);
        sa << ' ' << s.up_packets << '/' << s.up_bytes << '/' << s.down_packets << '/' << s.down_bytes << '/' << s.encap_packets << '/' << s.encap_bytes;
        for (int i = 0; i < s.nbearers; ++i) {
            const GTPBearer &b = s.bearer[i];
            sa << ' ';
            if (b.ul)
                sa << "ul:" << b.ul_teid << '/' << IPAddress(b.ul_enb) << '/' << IPAddress(b.ul_core);
            else
                sa << '-';
            sa << ',';
            if (b.dl)
                sa << (b.dl_stale ? "dl-stale:" : "dl:") << b.dl_teid << '/' << IPAddress(b.dl_core) << '/' << IPAddress(b.dl_enb);
            else
                sa << '-';
        }
        sa << '\n';
    });
    for (const FlowTable &table : _flows)
        table.each([&](const GTPFlowKey &k, const GTPFlow &f) {
            sa << "flow " << k.proto << ' ' << IPAddress(k.ue) << ' ' << ntohs(k.ue_port) << ' ' << IPAddress(k.remote) << ' ' << ntohs(k.remote_port)
               << (f.breakout ? " breakout" : " core") << (f.closing ? " closing " : " open ") << f.ul_teid << ' ' << (t - f.last_seen) << '\n';
        });
    String body = sa.take_string();
    sa << body << "end " << nsessions() << ' ' << nflows();
    sa.snprintf(16, " %08x\n", crc32(body));
    return sa.take_string();
}

// ---- State: in

namespace {
struct Reader {
    String rest;
    bool ok = true;
    explicit Reader(const String &s) : rest(s) {}
    /** The next field, up to @a sep or the end. */
    String field(char sep) {
        if (!rest) {
            ok = false;
            return String();
        }
        int i = rest.find_left(sep);
        String f = rest.substring(0, i < 0 ? rest.length() : i);
        rest = i < 0 ? String() : rest.substring(i + 1);
        return f;
    }
    template <typename T> void number(char sep, T &x, uint64_t max) {
        uint64_t v;
        String f = field(sep);
        bool digits = f.length() > 0;
        for (char c : f) digits &= isdigit((unsigned char) c) != 0;
        if (!digits || (f.length() > 1 && f[0] == '0') || !cp_integer(f, &v) || v > max) ok = false;
        else x = (T) v;
    }
    void address(char sep, uint32_t &x) {
        IPAddress a;
        if (cp_ip_address(field(sep), &a)) x = a.addr();
        else ok = false;
    }
    void mac(char sep, uint8_t *x) {
        EtherAddress a;
        if (cp_ethernet_address(field(sep), &a)) memcpy(x, a.data(), 6);
        else ok = false;
    }
};

void get_leg(Reader &r, GTPLeg &leg) {
    Reader f(r.field(' '));
    if (f.rest == "-")
        return;
    f.mac('/', leg.src);
    f.mac('/', leg.dst);
    f.number('/', leg.vlan_tpid, 65535);
    f.number('/', leg.vlan_tci, 65535);
    leg.known = true;
    r.ok &= f.ok && !f.rest;
}

bool get_session(Reader &r, uint32_t &ue, GTPSession &s) {
    r.address(' ', ue);
    r.number(' ', s.last_seen, UINT32_MAX);
    get_leg(r, s.up);
    get_leg(r, s.down);
    Reader n(r.field(' '));
    for (uint64_t *x : {&s.up_packets, &s.up_bytes, &s.down_packets, &s.down_bytes, &s.encap_packets, &s.encap_bytes})
        n.number('/', *x, UINT64_MAX);
    r.ok &= n.ok && !n.rest;
    while (r.ok && r.rest) {
        if (s.nbearers == GTPSession::max_bearers)
            return false;
        GTPBearer &b = s.bearer[s.nbearers++];
        Reader f(r.field(' '));
        Reader ul(f.field(',')), dl(f.rest);
        if (ul.rest != "-") {
            b.ul = true;
            ul.ok &= ul.field(':') == "ul";
            ul.number('/', b.ul_teid, UINT32_MAX);
            ul.address('/', b.ul_enb);
            ul.address('/', b.ul_core);
            r.ok &= ul.ok && !ul.rest;
        }
        if (dl.rest != "-") {
            String tag = dl.field(':');
            b.dl = true, b.dl_stale = tag == "dl-stale";
            dl.ok &= b.dl_stale || tag == "dl";
            dl.number('/', b.dl_teid, UINT32_MAX);
            dl.address('/', b.dl_core);
            dl.address('/', b.dl_enb);
            r.ok &= dl.ok && !dl.rest;
        }
    }
    uint32_t top = ntohl(ue) >> 24;
    return r.ok && top != 0 && top < 224;
}

bool get_flow(Reader &r, GTPFlowKey &k, GTPFlow &f) {
    uint16_t port = 0, remote_port = 0;
    r.number(' ', k.proto, 255);
    r.address(' ', k.ue);
    r.number(' ', port, 65535);
    r.address(' ', k.remote);
    r.number(' ', remote_port, 65535);
    k.ue_port = htons(port), k.remote_port = htons(remote_port);
    String way = r.field(' '), phase = r.field(' ');
    f.breakout = way == "breakout", f.closing = phase == "closing";
    r.number(' ', f.ul_teid, UINT32_MAX);
    r.number(' ', f.last_seen, UINT32_MAX);
    return r.ok && !r.rest && (f.breakout || way == "core") && (f.closing || phase == "open");
}
}

int GTPTable::import_state(const String &text, ErrorHandler *errh) {
    struct S { uint32_t ue; GTPSession s; };
    struct F { GTPFlowKey k; GTPFlow f; };
    Vector<S> sessions;
    Vector<F> flow_list;
    uint32_t nflow[2] = {0, 0};
    bool ended = false;
    int number = 0;
    for (int at = 0; at < text.length(); ) {
        int eol = text.find_left('\n', at);
        if (eol < 0)
            return errh->error("state is cut off after line %d", number);
        Reader r(text.substring(at, eol - at));
        ++number;
        if (ended)
            return errh->error("state line %d: text after the end", number);
        String kind = r.field(' ');
        if (number == 1) {
            if (kind != "lightmano-gtp-state")
                return errh->error("this is not a GTPTable state");
            uint32_t version = 0;
            r.number(' ', version, UINT32_MAX);
            if (!r.ok || r.rest)
                return errh->error("state line 1: bad version");
            if (version != 1)
                return errh->error("state version %u is not known, only 1", version);
        } else if (kind == "session") {
            S x;
            memset((void *) &x, 0, sizeof x);
            if (!get_session(r, x.ue, x.s))
                return errh->error("state line %d: bad session", number);
            sessions.push_back(x);
        } else if (kind == "flow") {
            F x;
            memset((void *) &x, 0, sizeof x);
            if (!get_flow(r, x.k, x.f))
                return errh->error("state line %d: bad flow", number);
            ++nflow[x.k.proto != IP_PROTO_TCP];
            flow_list.push_back(x);
        } else if (kind == "end") {
            uint32_t ns = 0, nf = 0;
            r.number(' ', ns, UINT32_MAX);
            r.number(' ', nf, UINT32_MAX);
            StringAccum sum;
            sum.snprintf(16, "%08x", crc32(text.substring(0, at)));
            if (!r.ok || ns != (uint32_t) sessions.size() || nf != (uint32_t) flow_list.size())
                return errh->error("state line %d: counts do not agree", number);
            if (r.rest != sum.take_string())
                return errh->error("state checksum does not match");
            ended = true;
        } else
            return errh->error("state line %d: expected session, flow or end", number);
        at = eol + 1;
    }
    if (!ended)
        return errh->error("state is cut off after line %d", number);
    if ((uint32_t) sessions.size() > _sessions.capacity() || nflow[0] > _flow_capacity || nflow[1] > _flow_capacity)
        return errh->error("state holds %d sessions and %d flows, more than this table can", sessions.size(), flow_list.size());

    // All is sound: now, and only now, it replaces what is there.
    clear();
    uint32_t t = now();
    auto since = [t](uint32_t idle) { return idle < t ? t - idle : 0; };
    for (S &x : sessions)
        if (!_sessions.find(GTPSessionKey{x.ue})) {
            x.s.last_seen = since(x.s.last_seen);
            for (int i = 0; i < x.s.nbearers; ++i)
                x.s.bearer[i].used = x.s.last_seen;
            *_sessions.insert(GTPSessionKey{x.ue}) = x.s;
        }
    for (F &x : flow_list)
        if (!flows(x.k.proto).find(x.k)) {
            x.f.last_seen = since(x.f.last_seen);
            *flows(x.k.proto).insert(x.k) = x.f;
        }
    return 0;
}

CLICK_ENDDECLS
