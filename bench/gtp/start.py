#!/usr/bin/env python3
"""How long the start of a breakout takes, with a fast path and without, in turns: `start.py [RUNS]` as root in a network namespace of its own (`ip netns
exec`); prints JSON, milliseconds from the start of the process. Confined as the agent's functions are."""
import json
import os
import statistics
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.dirname(__file__) + '/../..')
os.environ.setdefault('LCLICK', ROOT + '/build/click/lclick')
os.environ.setdefault('SOURCE', ROOT + '/click-elements')
sys.path.insert(0, ROOT + '/test/golden')
from fastpath import *  # noqa: E402,F403


def start(mode):
    """Until the ControlSocket answers, and until the fast path has joined or is known not to."""
    text = PORTS + SCRIPT.replace('MODE $FASTPATH', f'MODE {mode}')
    begun = time.monotonic()
    n = Live(text, '--seccomp=on')
    served = time.monotonic()
    while n.read('fast.status') == 'loading':
        time.sleep(.0005)
    joined, status = time.monotonic(), n.read('fast.status')
    n.stop()
    return (served - begun) * 1e3, (joined - begun) * 1e3, status


def main():
    os.chdir(tempfile.mkdtemp())
    for side in SIDES:
        make(side)
    runs = {'off': [], 'auto': []}
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 11):
        for mode, seen in runs.items():
            seen.append(start(mode))
    spread = lambda values: dict(zip(('min', 'median', 'max'), (round(x, 1) for x in (min(values), statistics.median(values), max(values)))))
    print(json.dumps({mode: {'served': spread([s for s, _, _ in seen]), 'joined': spread([j for _, j, _ in seen]), 'status': seen[-1][2]} for mode, seen in runs.items()}, indent=1))


main()
