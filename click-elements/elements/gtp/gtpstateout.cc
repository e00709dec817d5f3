// GTPTable's state as text (gtpstate.hh), in one go or bit by bit.
#include <click/config.h>
#include <click/etheraddress.hh>
#include <click/straccum.hh>
#include "gtpstate.hh"
CLICK_DECLS

uint32_t gtp_state_crc(uint32_t c, const char *s, const char *end) {
    static uint32_t table[256];
    if (!table[1])
        for (uint32_t i = 0; i < 256; ++i) {
            uint32_t x = i;
            for (int k = 0; k < 8; ++k)
                x = x >> 1 ^ (x & 1 ? 0xEDB88320U : 0);
            table[i] = x;
        }
    c = ~c;
    for (; s != end; ++s)
        c = c >> 8 ^ table[(c ^ (unsigned char) *s) & 255];
    return ~c;
}

namespace {
void put_leg(StringAccum &sa, const GTPLeg &leg) {
    if (!leg.known)
        sa << " -";
    else
        sa << ' ' << EtherAddress(leg.src).unparse_colon() << '/' << EtherAddress(leg.dst).unparse_colon() << '/' << leg.vlan_tci << (leg.known == GTPLeg::seen ? "/seen" : "/assumed");
}

template <typename T> void put_counters(StringAccum &sa, const T &x) {
    sa << ' ' << x.packets[0] << '/' << x.bytes[0] << '/' << x.packets[1] << '/' << x.bytes[1] << '/' << x.breakout_packets << '/' << x.breakout_bytes;
}
}

class GTPTable::StateOut { public:
    explicit StateOut(const GTPTable &t) : _t(t), _now(t.now()), _numbers(t._paths.capacity() + 1, 0) {}

    static void begin(StringAccum &sa) { sa << "lightmano-gtp-state 2\n"; }
    void path(StringAccum &sa, uint32_t id) { number_of(sa, id); }
    void session(StringAccum &sa, const GTPSessionKey &k, const GTPSession &s) {
        uint32_t up[GTPSession::max_bearers], down[GTPSession::max_bearers];
        for (int i = 0; i < s.nbearers; ++i)            // whose lines come first, if they have none yet
            up[i] = number_of(sa, _t.bearer(s, i).up.path), down[i] = number_of(sa, _t.bearer(s, i).down.path);
        ++_nsessions;
        sa << "session " << k.address().unparse() << ' ' << idle(s.last_seen);
        put_counters(sa, s.counts());
        for (int i = 0; i < s.nbearers; ++i) {
            const GTPBearer &b = _t.bearer(s, i);
            sa << ' ';
            put_tunnel(sa, b.up, up[i]);
            sa << ',';
            put_tunnel(sa, b.down, down[i]);
            sa << ',' << (int) b.ebi << ',' << b.sequence << ',';
            for (const GTPStateFlag &x : gtp_state_flags)
                if (b.flags & x.flag)
                    sa << x.letter;
            if (!b.flags)
                sa << '-';
        }
        sa << '\n';
    }
    void announced(StringAccum &sa, const EndpointKey &k, const Announced &a) {
        ++_nannounced;
        sa << "announced " << k.end.address.unparse() << ' ' << k.end.teid << ' ';
        if (a.downlink)
            sa << a.downlink.address.unparse() << ' ' << a.downlink.teid;
        else
            sa << "- 0";
        sa << ' ' << (int) a.ebi << ' ' << idle(a.last_seen) << '\n';
    }
    void flow(StringAccum &sa, const GTPFlowKey &k, const GTPFlow &f) { flow(sa, k, GTPAddress::from4(k.ue), GTPAddress::from4(k.remote), f); }
    void flow(StringAccum &sa, const GTPFlowKey6 &k, const GTPFlow &f) { flow(sa, k, GTPAddress{{k.ue[0], k.ue[1]}}, GTPAddress{{k.remote[0], k.remote[1]}}, f); }
    /** @a crc: of all before. */
    void end(StringAccum &sa, uint32_t crc) {
        sa << "end " << _npaths << ' ' << _nsessions << ' ' << _nannounced << ' ' << _nflows;
        sa.snprintf(16, " %08x\n", crc);
    }

  private:
    const GTPTable &_t;
    uint32_t _now, _npaths = 0, _nsessions = 0, _nannounced = 0, _nflows = 0;
    Vector<uint32_t> _numbers;      // of a path of the table, in the text; 0: it has no line yet
    Vector<GTPPathKey> _keys;       // of a number in the text, from 1

    uint32_t idle(uint32_t last_seen) const { return last_seen < _now ? _now - last_seen : 0; }
    /** The number of a path, whose line comes now if it had none. 0: there is no such path, as a flow's may be gone; or so many came and went meanwhile that
        there would be more lines than a table like this one takes. */
    uint32_t number_of(StringAccum &sa, uint32_t path) {
        if (!path)
            return 0;
        const GTPPathKey &k = _t._paths.key_at(path);
        uint32_t &n = _numbers[path];
        if (n && _keys[n - 1] == k)
            return n;
        if (!k.enb || _npaths == _t._paths.capacity())
            return 0;
        // It is new; or another one has its place since
        const GTPPath &p = _t._paths.at(path);
        n = ++_npaths;
        _keys.push_back(k);
        sa << "path " << n << ' ' << k.enb.unparse() << ' ' << k.core.unparse() << ' ' << (k.vlan >> 16) << '/' << (k.vlan & 0xFFFF);
        put_leg(sa, p.leg[GTP_UPLINK]);
        put_leg(sa, p.leg[GTP_DOWNLINK]);
        put_counters(sa, p);
        sa << '\n';
        return n;
    }
    static void put_tunnel(StringAccum &sa, GTPTunnel t, uint32_t number) {
        if (number)
            sa << t.teid << '@' << number;
        else
            sa << '-';
    }
    template <typename K> void flow(StringAccum &sa, const K &k, const GTPAddress &ue, const GTPAddress &remote, const GTPFlow &f) {
        const uint32_t path = number_of(sa, f.up.path);
        ++_nflows;
        sa << "flow " << k.proto << ' ' << ue.unparse() << ' ' << ntohs(k.ue_port) << ' ' << remote.unparse() << ' ' << ntohs(k.remote_port)
           << (f.breakout ? " breakout" : " core") << (f.closing ? " closing " : " open ") << (int) f.tenant << ' ' << (int) f.qfi << ' ' << f.up.teid << '@' << path << ' '
           << idle(f.last_seen) << '\n';
    }
};

String GTPTable::export_state() const {
    StringAccum sa;
    StateOut out(*this);
    out.begin(sa);
    _paths.each([&](const GTPPathKey &, const GTPPath &p) { out.path(sa, _paths.id(&p)); });
    _sessions.each([&](const GTPSessionKey &k, const GTPSession &s) { out.session(sa, k, s); });
    _announced.each([&](const EndpointKey &k, const Announced &a) { out.announced(sa, k, a); });
    for (const Flows &table : _flows)
        table.each([&](const GTPFlowKey &k, const GTPFlow &f) { out.flow(sa, k, f); });
    for (const Flows6 &table : _flows6)
        table.each([&](const GTPFlowKey6 &k, const GTPFlow &f) { out.flow(sa, k, f); });
    out.end(sa, gtp_state_crc(0, sa.begin(), sa.end()));
    return sa.take_string();
}

#ifdef CLICK_LCLICK
/** Goes through the tables by number, for their order changes while packets pass. */
class GTPTable::StateReading : public GradualRead { public:
    explicit StateReading(const GTPTable &t) : _t(t), _out(t) {
        t._paths.each([&](const GTPPathKey &, const GTPPath &p) { _paths.push_back(t._paths.id(&p)); });
    }
    bool more(StringAccum &sa) override {
        enum { at_a_time = 32 };
        const int before = sa.length();
        const uint32_t from = _at, to = _at + at_a_time - 1;
        _at = to + 1;
        auto part = [&](const auto &table, auto put) {
            table.each_of(from, to, put);
            if (to >= table.last())
                ++_part, _at = 1;
        };
        auto put_flow = [&](const auto &k, const GTPFlow &f) { _out.flow(sa, k, f); };
        switch (_part) {
        case 0:
            _out.begin(sa);
            ++_part, _at = 1;
            break;
        case 1:                                 // those that have gone by now are left out
            for (uint32_t i = from - 1; i < to && i < (uint32_t) _paths.size(); ++i)
                _out.path(sa, _paths[(int) i]);
            if (to >= (uint32_t) _paths.size())
                ++_part, _at = 1;
            break;
        case 2: part(_t._sessions, [&](const GTPSessionKey &k, const GTPSession &s) { _out.session(sa, k, s); }); break;
        case 3: part(_t._announced, [&](const EndpointKey &k, const Announced &a) { _out.announced(sa, k, a); }); break;
        case 4: case 5: part(_t._flows[_part - 4], put_flow); break;
        case 6: case 7: part(_t._flows6[_part - 6], put_flow); break;
        default:
            _out.end(sa, _crc);
            return true;
        }
        _crc = gtp_state_crc(_crc, sa.begin() + before, sa.end());
        return false;
    }

  private:
    const GTPTable &_t;
    StateOut _out;
    Vector<uint32_t> _paths;        // in the order of their use
    int _part = 0;
    uint32_t _at = 1, _crc = 0;
};

GradualRead *GTPTable::begin_export(Element *e, void *) { return new StateReading(*static_cast<GTPTable *>(e)); }
#endif

CLICK_ENDDECLS
ELEMENT_PROVIDES(GTPStateOut)
