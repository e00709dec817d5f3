#!/usr/bin/env python3
"""What the agent does to start a forwarder, done by hand: `by-hand.py LCLICK OVSDB-SOCKET BRIDGE` in the node's network namespace, as root.
Prints JSON, ms: "start", from the spawn of lclick, confined as the agent's are, to its ControlSocket's greeting; "deploy", that with two
veths made and put on the bridge before. Takes all away again."""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

LCLICK, OVSDB, BRIDGE = sys.argv[1:]
PORTS = [(f'byhb{n}', f'byhf{n}') for n in range(2)]
SCRIPT = '\n'.join(f'in{n} :: FromDevice({inner}, PROMISC true, SNIFFER true); out{n} :: {{ input -> Queue(1024) -> ToDevice({inner}) }};'
                   for n, (_, inner) in enumerate(PORTS)) + '\nin0 -> Counter -> out1; in1 -> Counter -> out0;'
MAKE = '\n'.join(f'link add {outer} type veth peer name {inner}\nlink set {outer} up\nlink set {inner} up' for outer, inner in PORTS)
VSCTL = ['ovs-vsctl', f'--db=unix:{OVSDB}', '--timeout=10']


def greeting(path, process):
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                return s.recv(64)
        except OSError:
            if process.poll() is not None:
                sys.exit(f'lclick ended with {process.returncode}')
            time.sleep(.001)


def run(argv, **options):
    subprocess.run(argv, check=True, **options)


os.chdir(tempfile.mkdtemp())
begun = time.monotonic()
run(['ip', '-batch', '-'], input=MAKE, text=True)
for _, inner in PORTS:
    run(['ethtool', '-K', inner, 'tx', 'off'], stdout=subprocess.DEVNULL)
run([*VSCTL, *(word for outer, _ in PORTS for word in ('--', 'add-port', BRIDGE, outer))])
attached = time.monotonic()
lclick = subprocess.Popen([LCLICK, '--seccomp=on', '-u', 's', '-e', SCRIPT])
try:
    if not greeting('s', lclick).startswith(b'Click::ControlSocket/'):
        sys.exit('no greeting')
    ready = time.monotonic()
finally:
    lclick.terminate()
    lclick.wait()
    run([*VSCTL, *(word for outer, _ in PORTS for word in ('--', 'del-port', BRIDGE, outer))])
    run(['ip', '-batch', '-'], input='\n'.join(f'link del {outer}' for outer, _ in PORTS), text=True)
print(json.dumps({'start': (ready - attached) * 1e3, 'deploy': (ready - begun) * 1e3}))
