#!/usr/bin/env python3
"""Packets a second through the breakout by the slow or the fast path: `fastpath.py off|generic|tc|native|auto FLOWS SECONDS`, as root in a network
namespace of its own; prints JSON, by direction. Needs lclick and xdp-flood in build/click. Frames are made and counted in the kernel; see flood.cc."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.dirname(__file__) + '/../..')
os.environ.setdefault('LCLICK', ROOT + '/build/click/lclick')
os.environ.setdefault('SOURCE', ROOT + '/click-elements')
sys.path.insert(0, ROOT + '/test/golden')
from fastpath import *  # noqa: E402,F403

# Above what else the machine runs, on the core that bed.ts calls the ends'
FLOOD = ['chrt', '--fifo', '2', 'taskset', '-c', '0', ROOT + '/build/click/xdp-flood']


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))      # so that lclick ends with this
    mode, flows, seconds = sys.argv[1:]
    os.chdir(tempfile.mkdtemp())
    n = Node(f'MODE {mode}, FLOWS 262144')
    print(n.read('fast.status'), file=sys.stderr)
    n.introduce()
    time.sleep(.1)
    payload = Raw(b'x' * 22)
    answer = IP(src=WEB, dst=UE) / UDP(sport=80, dport=10000) / payload
    # From, to, the frame, and where in it the UE's port is
    cases = {'up.breakout': ('r', 'l', up(IP(src=UE, dst=WEB) / UDP(sport=10000, dport=80) / payload), 70),
             'up.core': ('r', 'c', up(IP(src=UE, dst=WEB) / UDP(sport=10000, dport=81) / payload), 70),
             'down.core': ('c', 'r', down(IP(src=WEB, dst=UE) / UDP(sport=81, dport=10000) / payload), 72),
             'down.breakout': ('l', 'r', leg(answer), 36)}
    rates = {}
    for name, (a, b, frame, port) in cases.items():
        write_pcap('frame.pcap', [frame])
        for length in ('1', seconds):              # the first one is to learn from
            out = subprocess.run([*FLOOD, a + '1', b + '1', length, 'frame.pcap', str(port), flows], capture_output=True, text=True, check=True).stdout
        r = json.loads(out)
        rates[name] = r['received'] / r['seconds']
    n.stop()
    print(json.dumps(rates))


main()
