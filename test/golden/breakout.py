"""A GTP breakout alive, into which a test lets packets in scenes."""
import json
import re

from lclick import Live, read_pcap, write_pcap

ROUTER = '''
t::GTPTable(%s);
up::Null -> u::GTPDecap(t, UPLINK);
u[0] -> rule::%s;
rule[0] -> [0]b::GTPBreakout(t%s); rule[1] -> [1]b;
b[0] -> local::ToDump(local.pcap, UNBUFFERED true);
core::ToDump(core.pcap, UNBUFFERED true);
b[1] -> GTPRestore -> core; u[1] -> core;
down::Null -> d::GTPDecap(t, DOWNLINK);
ran::ToDump(ran.pcap, UNBUFFERED true);
d[0] -> GTPRestore -> ran; d[1] -> ran;
back::Null -> family::Classifier(0/40%%f0, 0/60%%f0); family[0] -> CheckIPHeader -> e::GTPEncap(t%s); family[1] -> CheckIP6Header -> e;
e[0] -> enb::ToDump(enb.pcap, UNBUFFERED true);
e[1] -> unknown::ToDump(unknown.pcap, UNBUFFERED true);
'''
SIDES = ('local', 'core', 'ran', 'enb', 'unknown')


def steady(state):
    """A table's state without what each second changes: for how long sessions and flows were idle, and the checksum."""
    return re.sub(r'(?m)^(session \S+) \d+|(flow .*) \d+$|^end ([\d ]+) .*', lambda m: m[1] or m[2] or m[3], state)


class Breakout(Live):
    """Scenes are NAME=(WAY, PACKETS), WAY being up, down or back (from the local leg). A scene plays once. With rules, those of GTPRules,
    instead of one of IPClassifier."""

    def __init__(self, table='', rule='tcp and dst port 80', rules=None, breakout='', encap='', path='s', **scenes):
        text = ROUTER % (table, f'GTPRules({rules}, TABLE t)' if rules else f'IPClassifier({rule}, -)', breakout, encap) + 'Idle -> up; Idle -> down; Idle -> back;\n'
        self.scenes = {name: [bytes(p) for p in packets] for name, (_, packets) in scenes.items()}
        for name, (way, _) in scenes.items():
            write_pcap(f'{name}.pcap', self.scenes[name])
            text += f'{name}::FromDump({name}.pcap, ACTIVE false) -> {way};\n'
        super().__init__(text, path=path)
        self.seen = dict.fromkeys(SIDES, 0)

    def play(self, name):
        """Let a scene in; where its packets came out, as frames by side."""
        self.write(f'{name}.active', 'true')
        self.wait(f'{name}.count', len(self.scenes[name]))
        out = {}
        for side in SIDES:
            frames = read_pcap(f'{side}.pcap')
            if len(frames) > self.seen[side]:
                out[side] = frames[self.seen[side]:]
                self.seen[side] = len(frames)
        return out

    def where(self, name):
        """The same, as numbers; `*` where frames were changed on the way to core or RAN."""
        out = self.play(name)
        return ' '.join(f'{side} {len(frames)}' + ('*' if side in ('core', 'ran') and any(f not in self.scenes[name] for f in frames) else '')
                        for side, frames in out.items()) or 'nowhere'

    def sessions(self):
        """One line a session: the UE and its bearers."""
        lines = []
        for s in json.loads(self.read('t.sessions')):
            bearers = []
            for b in s['bearers']:
                u, d = b['uplink'], b['downlink']
                bearers.append((f"{u['enb']}->{u['core']} {u['teid']:#x}" if u else 'none') + ' / '
                               + (f"{d['core']}->{d['enb']} {d['teid']:#x}{' stale' if d['stale'] else ''}" if d else 'none'))
            lines.append(s['ue'] + '  ' + ', '.join(bearers))
        return '\n'.join(lines) or 'no sessions'

    def stats(self, *names):
        s = json.loads(self.read('t.stats'))
        return ' '.join(f'{n} {s[n]}' for n in names)
