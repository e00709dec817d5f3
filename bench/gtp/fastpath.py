#!/usr/bin/env python3
"""Packets a second through the breakout by the slow or the fast path: `fastpath.py off|generic|native|auto FLOWS`, as root in a network
namespace of its own. Needs lclick and xdp-flood in build/click. Frames are made and counted in the kernel; see flood.cc."""
import json
import os
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.dirname(__file__) + '/../..')
os.environ.setdefault('LCLICK', ROOT + '/build/click/lclick')
os.environ.setdefault('SOURCE', ROOT + '/click-elements')
sys.path.insert(0, ROOT + '/test/golden')
from fastpath import *  # noqa: E402,F403

FLOOD = ROOT + '/build/click/xdp-flood'


def main():
    mode, flows = sys.argv[1], sys.argv[2]
    os.chdir(tempfile.mkdtemp())
    n = Node(f'MODE {mode}, FLOWS 262144', script=SCRIPT.replace('breakout $RULE', 'breakout udp && dst port 80'))
    print(n.read('fast.status'))
    n.introduce()
    time.sleep(.1)
    payload = Raw(b'x' * 22)
    answer = IP(src=WEB, dst=UE) / UDP(sport=80, dport=10000) / payload
    # From, to, the frame, and where in it the UE's port is
    cases = {'uplink, broken out': ('r', 'l', up(IP(src=UE, dst=WEB) / UDP(sport=10000, dport=80) / payload), 70),
             'uplink, to the core': ('r', 'c', up(IP(src=UE, dst=WEB) / UDP(sport=10000, dport=81) / payload), 70),
             'downlink, from the core': ('c', 'r', down(IP(src=WEB, dst=UE) / UDP(sport=81, dport=10000) / payload), 72),
             'downlink, broken out': ('l', 'r', leg(answer), 36)}
    for name, (a, b, frame, port) in cases.items():
        write_pcap('frame.pcap', [frame])
        for seconds in ('1', '3'):              # the first one is to learn from
            out = subprocess.run([FLOOD, a + '1', b + '1', seconds, 'frame.pcap', str(port), flows], capture_output=True, text=True, check=True).stdout
        r = json.loads(out)
        print(f"{name:24} {r['received'] / r['seconds'] / 1e6:.3f} of {r['sent'] / r['seconds'] / 1e6:.3f} Mpps, {len(bytes(frame))} bytes")
    n.stop()


main()
