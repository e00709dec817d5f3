#include <click/config.h>
#include "decision.hh"
#include <click/packet.hh>
CLICK_DECLS

/** Null if the packet has none that is whole. */
const unsigned char *DecisionProgram::link_header(const Packet *p) {
    enum { ethernet = 14 };
    const unsigned char *m = p->has_mac_header() ? p->mac_header() : nullptr;
    return m && m >= p->buffer() && m + ethernet <= p->end_data() ? m : nullptr;
}

int DecisionProgram::field_index(const DecisionField &f) {
    for (int i = 0; i < _fields.size(); ++i)
        if (_fields[i] == f) return i;
    _fields.push_back(f);
    return _fields.size() - 1;
}

void DecisionProgram::add_arm(Vector<Arm> &arms, uint32_t high, int to) {
    if (!arms.empty() && arms.back().to == to) arms.back().high = high;
    else arms.push_back(Arm{high, to});
}

/** A node, or what does the same: where arms lead to nodes of the same field, those are drawn in; a node that always goes one way is none. */
int DecisionProgram::make(int field, const Vector<Arm> &arms, int absent) {
    Node n{field, absent, Vector<Arm>()};
    uint32_t low = 0;
    for (const Arm &a : arms) {
        if (a.to >= 0 && _nodes[a.to].field == field) {
            uint32_t from = 0;
            for (const Arm &b : _nodes[a.to].arms) {
                if (b.high >= low && from <= a.high) add_arm(n.arms, b.high < a.high ? b.high : a.high, b.to);
                if (b.high >= a.high) break;
                from = b.high + 1;
            }
        } else
            add_arm(n.arms, a.high, a.to);
        low = a.high + 1;
    }
    while (n.absent >= 0 && _nodes[n.absent].field == field) n.absent = _nodes[n.absent].absent;
    if (n.arms.size() == 1 && n.arms[0].to == n.absent) return n.absent;
    // The same node may be there. Those of late are the likely ones.
    for (int i = _nodes.size() - 1, last = i - 256; i >= 0 && i > last; --i) {
        const Node &o = _nodes[i];
        if (o.field == field && o.absent == n.absent && o.arms.size() == n.arms.size() && memcmp(o.arms.begin(), n.arms.begin(), n.arms.size() * sizeof(Arm)) == 0) return i;
    }
    _nodes.push_back(n);
    return _nodes.size() - 1;
}

int DecisionProgram::test(DecisionField f, uint32_t low, uint32_t high, int yes, int no) {
    uint32_t all = f.width == 4 ? 0xFFFFFFFFU : f.width == 2 ? 0xFFFF : 0xFF, rest = ~f.mask & all;
    // Under the mask of a prefix, a range is one of the whole field: tests of addresses and nets are of one field then.
    if (rest && (rest & (rest + 1)) == 0 && f.mask) f.mask = all, high |= rest;
    Vector<Arm> arms;
    if (low) add_arm(arms, low - 1, no);
    add_arm(arms, high, yes);
    if (high < f.mask) add_arm(arms, f.mask, no);
    arms.back().high = 0xFFFFFFFFU;
    return make(field_index(f), arms, no);
}

/** What is known where several ways meet: the union. */
void DecisionProgram::meet(Facts &a, const Facts &b, bool first) {
    if (first) { a = b; return; }
    for (int f = 0; f < a.size(); ++f) {
        Domain &x = a[f];
        const Domain &y = b[f];
        if (!x.known) continue;
        if (!y.known) { x = Domain(); continue; }
        x.absent |= y.absent;
        Vector<std::pair<uint32_t, uint32_t>> sum;
        for (int i = 0, k = 0; i < x.values.size() || k < y.values.size(); ) {
            bool left = k == y.values.size() || (i < x.values.size() && x.values[i].first <= y.values[k].first);
            std::pair<uint32_t, uint32_t> v = left ? x.values[i++] : y.values[k++];
            if (!sum.empty() && (sum.back().second == 0xFFFFFFFFU || v.first <= sum.back().second + 1)) {
                if (v.second > sum.back().second) sum.back().second = v.second;
            } else
                sum.push_back(v);
        }
        if (sum.size() > 64) x = Domain();          // less is known, at no harm
        else x.values.swap(sum);
    }
}

/** Past the nodes that can go but one way. */
int DecisionProgram::follow(int to, const Facts &facts) const {
    while (to >= 0) {
        const Node &n = _nodes[to];
        const Domain &d = facts[n.field];
        if (!d.known) return to;
        bool one = true, some = d.absent;
        int only = n.absent, k = 0;
        uint32_t low = 0;
        for (const Arm &a : n.arms) {
            while (k < d.values.size() && d.values[k].second < low) ++k;
            if (k < d.values.size() && d.values[k].first <= a.high) {
                if (some && only != a.to) { one = false; break; }
                some = true, only = a.to;
            }
            low = a.high + 1;
        }
        if (!one || !some) return to;
        to = only;
    }
    return to;
}

/** Let every way skip the tests that are decided on it. Nodes come after those they lead to. */
int DecisionProgram::thread(int entry, uint32_t always) {
    if (entry < 0) return entry;
    Vector<Node> old;
    Vector<Facts> facts(entry + 1, Facts());
    Vector<char> reached(entry + 1, 0);
    reached[entry] = 1;
    facts[entry].resize(_fields.size());
    for (int f = 0; f < _fields.size(); ++f)
        if (!_fields[f].base && _fields[f].offset + _fields[f].width <= always) {
            Domain &d = facts[entry][f];
            d.known = true, d.absent = false;
            d.values.push_back(std::make_pair(0U, 0xFFFFFFFFU));
        }
    auto go = [&](int to, const Facts &known) {
        to = follow(to, known);
        if (to >= 0) {
            meet(facts[to], known, !reached[to]);
            reached[to] = 1;
        }
        return to;
    };
    for (int i = entry; i >= 0; --i) {
        if (!reached[i]) continue;
        Node &n = _nodes[i];
        Facts known = facts[i];
        facts[i] = Facts();
        Domain &d = known[n.field], was = d;
        Vector<Arm> arms;
        uint32_t low = 0;
        d.known = true;
        for (const Arm &a : n.arms) {
            d.absent = false;
            d.values.clear();
            if (!was.known) d.values.push_back(std::make_pair(low, a.high));
            else
                for (const auto &v : was.values)
                    if (v.first <= a.high && v.second >= low) d.values.push_back(std::make_pair(v.first > low ? v.first : low, v.second < a.high ? v.second : a.high));
            // Values that cannot be go with their neighbours.
            if (!d.values.empty()) add_arm(arms, a.high, go(a.to, known));
            else if (!arms.empty()) arms.back().high = a.high;
            low = a.high + 1;
        }
        int absent = arms.empty() ? n.absent : arms.back().to;
        if (arms.empty() || !was.known || was.absent) {
            d.values.clear();
            d.absent = true;
            absent = go(n.absent, known);
        }
        if (arms.empty()) add_arm(arms, 0xFFFFFFFFU, absent);
        n.arms.swap(arms);
        n.absent = absent;
    }
    // Again from below: what became alike becomes one.
    old.swap(_nodes);
    Vector<int> now(entry + 1, 0);
    for (int i = 0; i <= entry; ++i) {
        if (!reached[i]) continue;
        for (Arm &a : old[i].arms)
            if (a.to >= 0) a.to = now[a.to];
        now[i] = make(old[i].field, old[i].arms, old[i].absent >= 0 ? now[old[i].absent] : old[i].absent);
    }
    return now[entry];
}

void DecisionProgram::finish(int entry, uint32_t always) {
    for (int round = 0, before = INT_MAX; round < 4 && _nodes.size() < before && _nodes.size() < 20000; ++round) {
        before = round ? _nodes.size() : INT_MAX;
        entry = thread(entry, always);
    }
    // Steps in the order of running, so that near ones are near in memory.
    _steps.clear();
    _arms.clear();
    Vector<int> place(_nodes.size(), -1);
    Vector<char> wanted(_nodes.size(), 0);
    if (entry >= 0) wanted[entry] = 1;
    int count = 0;
    for (int i = entry; i >= 0; --i) {
        if (!wanted[i]) continue;
        place[i] = count++;
        for (const Arm &a : _nodes[i].arms)
            if (a.to >= 0) wanted[a.to] = 1;
        if (_nodes[i].absent >= 0) wanted[_nodes[i].absent] = 1;
    }
    for (int i = entry; i >= 0; --i) {
        if (!wanted[i]) continue;
        const Node &n = _nodes[i];
        const DecisionField &f = _fields[n.field];
        _steps.push_back(Step{f.base, f.width, f.offset + (f.base == DecisionField::link ? (uint32_t) link_offset : 0), f.mask, (uint32_t) _arms.size(), (uint32_t) n.arms.size(), n.absent >= 0 ? place[n.absent] : n.absent});
        for (const Arm &a : n.arms) _arms.push_back(Arm{a.high, a.to >= 0 ? place[a.to] : a.to});
    }
    _entry = entry >= 0 ? place[entry] : entry;
    Vector<Node>().swap(_nodes);
    Vector<DecisionField>().swap(_fields);
}

bool DecisionProgram::reaches(int output) const {
    const int wanted = leaf(output);
    bool found = _entry == wanted;
    for (const Arm &a : _arms) found |= a.to == wanted;
    for (const Step &s : _steps) found |= s.absent == wanted;
    return found;
}

String DecisionProgram::unparse() const {
    StringAccum sa;
    auto target = [&sa](int x) { if (x == INT_MIN) sa << "drop"; else if (x < 0) sa << '[' << ~x << ']'; else sa << "step " << x; };
    if (_entry < 0) {
        sa << "all ";
        target(_entry);
        sa << '\n';
    }
    for (int k = 0; k < _steps.size(); ++k) {
        const Step &s = _steps[k];
        sa.snprintf(80, "%3d  %s+%d/%d & 0x%x", k, s.base == DecisionField::link ? "link" : s.base ? "transport" : "header", s.offset & ~link_offset, s.width, s.mask);
        uint32_t low = 0;
        for (uint32_t i = s.first; i < s.first + s.narms; ++i) {
            sa << "  ";
            uint32_t high = _arms[i].high < s.mask ? _arms[i].high : s.mask;
            sa << low;
            if (high > low) sa << '-' << high;
            sa << " -> ";
            target(_arms[i].to);
            low = high + 1;
        }
        sa << "  none -> ";
        target(s.absent);
        sa << '\n';
    }
    return sa.take_string();
}

CLICK_ENDDECLS
