// GTPTable for people and programs: JSON, a text table, Prometheus' exposition format.
#include <click/config.h>
#include <click/etheraddress.hh>
#include <click/straccum.hh>
#include "gtptable.hh"
CLICK_DECLS

static const char *const direction_names[] = {"uplink", "downlink"};
static const char *const end_names[] = {"enb", "core"};
static const char *const end_states[] = {"unknown", "up", "down"};

static void json_leg(StringAccum &sa, const char *name, const GTPLeg *leg, uint32_t vlan) {
    sa << ",\"" << name << "\":";
    if (!leg || !leg->known) {
        sa << "null";
        return;
    }
    sa << "{\"src\":\"" << EtherAddress(leg->src).unparse_colon() << "\",\"dst\":\"" << EtherAddress(leg->dst).unparse_colon() << '"';
    if (vlan)
        sa << ",\"vlan\":" << (vlan & 0xFFF);
    sa << ",\"assumed\":" << (leg->known == GTPLeg::assumed) << '}';
}

String GTPTable::unparse_sessions() const {
    StringAccum sa;
    uint32_t t = now();
    sa << '[';
    _sessions.each([&](const GTPSessionKey &key, const GTPSession &s) {
        sa << (sa.length() > 1 ? ",\n" : "\n") << "{\"ue\":\"" << key.address().unparse() << (key.is4() ? "" : "/64") << "\",\"idleSeconds\":" << (t - s.last_seen) << ",\"bearers\":[";
        const GTPPath *up = nullptr, *down = nullptr;
        uint32_t up_vlan = 0, down_vlan = 0;
        for (int i = 0; i < s.nbearers; ++i) {
            const GTPBearer &b = bearer(s, i);
            sa << (i ? "," : "") << "{\"uplink\":";
            if (b.up.path) {
                const GTPPathKey &k = _paths.key_at(b.up.path);
                sa << "{\"teid\":" << b.up.teid << ",\"enb\":\"" << k.enb.unparse() << "\",\"core\":\"" << k.core.unparse() << "\"}";
                if (!up)
                    up = &_paths.at(b.up.path), up_vlan = k.vlan;
            } else
                sa << "null";
            sa << ",\"downlink\":";
            if (b.down.path) {
                const GTPPathKey &k = _paths.key_at(b.down.path);
                sa << "{\"teid\":" << b.down.teid << ",\"core\":\"" << k.core.unparse() << "\",\"enb\":\"" << k.enb.unparse() << "\",\"stale\":" << ((b.flags & GTPBearer::stale) != 0) << '}';
                if (!down)
                    down = &_paths.at(b.down.path), down_vlan = k.vlan;
            } else
                sa << "null";
            if (b.ebi)
                sa << ",\"ebi\":" << (int) b.ebi;
            sa << ",\"announced\":" << ((b.flags & GTPBearer::announced) != 0) << '}';
        }
        sa << ']';
        json_leg(sa, "uplinkEthernet", up ? &up->leg[GTP_UPLINK] : nullptr, up_vlan);
        json_leg(sa, "downlinkEthernet", down ? &down->leg[GTP_DOWNLINK] : nullptr, down_vlan);
        sa << ",\"uplinkPackets\":" << s.packets(GTP_UPLINK) << ",\"uplinkBytes\":" << s.bytes(GTP_UPLINK) << ",\"downlinkPackets\":" << s.packets(GTP_DOWNLINK)
           << ",\"downlinkBytes\":" << s.bytes(GTP_DOWNLINK) << ",\"breakoutPackets\":" << s.breakout_packets() << ",\"breakoutBytes\":" << s.breakout_bytes() << '}';
    });
    sa << (_sessions.size() ? "\n]" : "]");
    return sa.take_string();
}

String GTPTable::unparse_table() const {
    StringAccum sa;
    uint32_t t = now();
    sa << "UE\tIDLE\tEBI\tUPLINK\tDOWNLINK\tUP\tDOWN\tBROKEN-OUT\n";
    _sessions.each([&](const GTPSessionKey &key, const GTPSession &s) {
        for (int i = 0; i < s.nbearers; ++i) {
            const GTPBearer &b = bearer(s, i);
            sa << key.address().unparse() << '\t' << (t - s.last_seen) << '\t' << (int) b.ebi << '\t';
            if (b.up.path)
                sa << _paths.key_at(b.up.path).core.unparse() << '#' << b.up.teid;
            else
                sa << '-';
            sa << '\t';
            if (b.down.path)
                sa << _paths.key_at(b.down.path).enb.unparse() << '#' << b.down.teid << (b.flags & GTPBearer::stale ? " stale" : "");
            else
                sa << '-';
            sa << '\t' << s.packets(GTP_UPLINK) << '\t' << s.packets(GTP_DOWNLINK) << '\t' << s.breakout_packets() << '\n';
        }
    });
    return sa.take_string();
}

String GTPTable::unparse_paths() const {
    StringAccum sa;
    uint32_t t = now();
    sa << '[';
    _paths.each([&](const GTPPathKey &k, const GTPPath &p) {
        sa << (sa.length() > 1 ? ",\n" : "\n") << "{\"enb\":\"" << k.enb.unparse() << "\",\"core\":\"" << k.core.unparse() << '"';
        if (k.vlan)
            sa << ",\"vlan\":" << (k.vlan & 0xFFF);
        sa << ",\"tunnels\":" << p.references << ",\"idleSeconds\":" << (t - p.last_seen);
        for (int d = 0; d < 2; ++d)
            sa << ",\"" << direction_names[d] << "Packets\":" << p.packets[d] << ",\"" << direction_names[d] << "Bytes\":" << p.bytes[d];
        sa << ",\"breakoutPackets\":" << p.breakout_packets << ",\"breakoutBytes\":" << p.breakout_bytes;
        json_leg(sa, "uplinkEthernet", &p.leg[GTP_UPLINK], k.vlan);
        json_leg(sa, "downlinkEthernet", &p.leg[GTP_DOWNLINK], k.vlan);
        for (int d = 0; d < 2; ++d) {
            const GTPPathEnd &e = p.end[d];
            sa << ",\"" << end_names[d] << "End\":{\"state\":\"" << end_states[e.state] << "\",\"echoRequests\":" << e.requests << ",\"echoResponses\":" << e.responses
               << ",\"errorIndications\":" << e.error_indications << ",\"endMarkers\":" << e.end_markers << ",\"probes\":" << e.probes << ",\"probesAnswered\":" << e.probes_answered;
            if (e.has_rtt)
                sa << ",\"rttMicroseconds\":" << e.rtt_us;
            if (e.has_recovery)
                sa << ",\"restartCounter\":" << (int) e.recovery;
            sa << '}';
        }
        sa << '}';
    });
    sa << (_paths.size() ? "\n]" : "]");
    return sa.take_string();
}

namespace { struct Counted { const char *name, *help; uint64_t value; bool gauge; }; }

String GTPTable::unparse_stats() const {
    StringAccum sa;
    sa << "{\"sessions\":" << _sessions.size() << ",\"sessionsCreated\":" << _stats.sessions_created << ",\"sessionsEvicted\":" << _stats.sessions_evicted
       << ",\"sessionsExpired\":" << _stats.sessions_expired << ",\"bearersReplaced\":" << _stats.bearers_replaced
       << ",\"uplinkMoves\":" << _stats.moved_up << ",\"downlinkMoves\":" << _stats.moved_down
       << ",\"paths\":" << _paths.size() << ",\"pathsRefused\":" << _stats.paths_refused
       << ",\"bearersAnnounced\":" << _stats.announced << ",\"bearersAnnouncedUsed\":" << _stats.announced_used
       << ",\"tunnelsUnknown\":" << _stats.tunnels_unknown << ",\"tunnelsEnded\":" << _stats.tunnels_ended
       << ",\"flows\":" << nflows() << ",\"flowsCreated\":" << _stats.flows_created << ",\"flowsEvicted\":" << _stats.flows_evicted
       << ",\"flowsExpired\":" << _stats.flows_expired << ",\"flowsBreakout\":" << _stats.flows_breakout << ",\"flowsCore\":" << _stats.flows_core
       << ",\"noDownlink\":" << _stats.no_downlink << ",\"packetsWithoutSyn\":" << _stats.no_syn;
    for (int d = 0; d < 2; ++d) {
        sa << ",\"" << direction_names[d] << "\":{";
        for (int v = 0; v < GTP_NVERDICTS; ++v)
            sa << (v ? "," : "") << '"' << gtp_reason_name((GTPVerdict) v) << "\":" << _verdicts[d][v];
        sa << '}';
    }
    sa << '}';
    return sa.take_string();
}

String GTPTable::unparse_metrics() const {
    const Counted counters[] = {
        {"gtp_sessions", "UEs known.", _sessions.size(), true},
        {"gtp_flows", "Flows known.", nflows(), true},
        {"gtp_paths", "Pairs of eNB and core known.", _paths.size(), true},
        {"gtp_sessions_created_total", "UEs that appeared.", _stats.sessions_created, false},
        {"gtp_sessions_evicted_total", "UEs forgotten for want of room.", _stats.sessions_evicted, false},
        {"gtp_sessions_expired_total", "UEs forgotten after they were idle.", _stats.sessions_expired, false},
        {"gtp_flows_breakout_total", "Flows broken out.", _stats.flows_breakout, false},
        {"gtp_flows_core_total", "Selected flows left to the core.", _stats.flows_core, false},
        {"gtp_flows_evicted_total", "Flows forgotten for want of room.", _stats.flows_evicted, false},
        {"gtp_flows_expired_total", "Flows forgotten after they were idle.", _stats.flows_expired, false},
        {"gtp_uplink_moves_total", "Bearers that came from another eNB than before.", _stats.moved_up, false},
        {"gtp_downlink_moves_total", "Bearers whose downlink tunnel changed.", _stats.moved_down, false},
        {"gtp_paths_refused_total", "Packets of paths there was no room for.", _stats.paths_refused, false}};
    StringAccum sa;
    for (const Counted &c : counters)
        sa << "# HELP " << c.name << ' ' << c.help << "\n# TYPE " << c.name << (c.gauge ? " gauge\n" : " counter\n") << c.name << ' ' << c.value << '\n';
    sa << "# HELP gtp_packets_total Frames by what they were.\n# TYPE gtp_packets_total counter\n";
    for (int d = 0; d < 2; ++d)
        for (int v = 0; v < GTP_NVERDICTS; ++v)
            sa << "gtp_packets_total{direction=\"" << direction_names[d] << "\",reason=\"" << gtp_reason_name((GTPVerdict) v) << "\"} " << _verdicts[d][v] << '\n';
    auto labels = [&sa](const char *name, const GTPPathKey &k) -> StringAccum & {
        sa << name << "{enb=\"" << k.enb.unparse() << "\",core=\"" << k.core.unparse() << "\",vlan=\"" << (k.vlan & 0xFFF) << '"';
        return sa;
    };
    sa << "# HELP gtp_path_packets_total G-PDUs in a path.\n# TYPE gtp_path_packets_total counter\n";
    _paths.each([&](const GTPPathKey &k, const GTPPath &p) { for (int d = 0; d < 2; ++d) labels("gtp_path_packets_total", k) << ",direction=\"" << direction_names[d] << "\"} " << p.packets[d] << '\n'; });
    sa << "# HELP gtp_path_bytes_total Their inner bytes.\n# TYPE gtp_path_bytes_total counter\n";
    _paths.each([&](const GTPPathKey &k, const GTPPath &p) { for (int d = 0; d < 2; ++d) labels("gtp_path_bytes_total", k) << ",direction=\"" << direction_names[d] << "\"} " << p.bytes[d] << '\n'; });
    sa << "# HELP gtp_path_breakout_bytes_total Inner bytes put into a path by the breakout.\n# TYPE gtp_path_breakout_bytes_total counter\n";
    _paths.each([&](const GTPPathKey &k, const GTPPath &p) { labels("gtp_path_breakout_bytes_total", k) << "} " << p.breakout_bytes << '\n'; });
    sa << "# HELP gtp_path_end_up Does the end answer? 1 yes, 0 no; none if it was not asked.\n# TYPE gtp_path_end_up gauge\n";
    _paths.each([&](const GTPPathKey &k, const GTPPath &p) {
        for (int d = 0; d < 2; ++d)
            if (p.end[d].state != GTPPathEnd::unknown)
                labels("gtp_path_end_up", k) << ",end=\"" << end_names[d] << "\"} " << (p.end[d].state == GTPPathEnd::up ? 1 : 0) << '\n';
    });
    return sa.take_string();
}

String GTPTable::unparse_events() const {
    StringAccum sa;
    sa << '[';
    for (int i = 0; i < _events.size(); ++i)
        sa << (i ? ",\n" : "\n") << _events[i];
    sa << (_events.size() ? "\n]" : "]");
    return sa.take_string();
}

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPReport)
