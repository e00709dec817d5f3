"""Runs lclick for tests: once over a capture (through), or alive, with its ControlSocket (Live)."""
import atexit
import os
import re
import socket
import struct
import subprocess
import sys
import time

LCLICK = os.environ['LCLICK'].split()      # a command and its first arguments


def write_pcap(name, frames, order='<', magic=0xA1B2C3D4, linktype=1, times=None):
    """Frames (anything that bytes() takes) in a pcap file; times are (seconds, fraction) pairs."""
    with open(name, 'wb') as f:
        f.write(struct.pack(order + 'IHHiIII', magic, 2, 4, 0, 0, 262144, linktype))
        for i, frame in enumerate(map(bytes, frames)):
            sec, fraction = times[i] if times else (1, i)
            f.write(struct.pack(order + 'IIII', sec, fraction, len(frame), len(frame)) + frame)


def read_pcap(name):
    with open(name, 'rb') as f:
        data, at, frames = f.read(), 24, []
    while at < len(data):
        n = struct.unpack_from('=I', data, at + 8)[0]
        frames.append(data[at + 16:at + 16 + n])
        at += 16 + n
    return frames


class Result:
    """out, other: frames; values: what the handlers gave, in order; err: standard error."""


def through(config, frames, *handlers, options=()):
    """What becomes of frames on the way from `in` to `out` and, if mentioned, `other`."""
    write_pcap('in.pcap', frames)
    text = 'in::FromDump(in.pcap, STOP true);'
    for name in ('out', 'other'):
        if name in config:
            text += f'{name}::ToDump({name}.pcap);'
    asked = [*handlers, 'version', 'version']
    p = subprocess.run([*LCLICK, *options, '-e', text + config] + [x for h in asked for x in ('-h', h)],
                       capture_output=True, timeout=20, encoding='latin1')
    r = Result()
    r.err, r.code = p.stderr, p.returncode
    if 'runtime error: ' in r.err or 'Sanitizer:' in r.err:
        sys.stderr.write(r.err)                 # for run.mjs to see
    r.out = read_pcap('out.pcap') if 'out' in config else []
    r.other = read_pcap('other.pcap') if 'other' in config else []
    r.values, rest = [], p.stdout
    for here, after in zip(asked, asked[1:]):
        rest = rest.removeprefix(here + ':\n')
        value, _, rest = f'\n{rest}'.partition(f'\n\n{after}:\n')      # a value may be empty
        r.values.append(value[1:])
        rest = f'{after}:\n{rest}'
    r.values.pop()
    return r


def annotations(err):
    """The annotation bytes, in hexadecimal, of each line that Print(LABEL, 0, PRINTANNO true) printed."""
    return [re.sub('[^0-9a-f]', '', x) for x in re.findall(r'(?:\[|\| )((?:[0-9a-f]{4,} ?)+)', err)]


class Live:
    """A running lclick. Ends with the test, in any case."""

    def __init__(self, config, *arguments, path='s'):
        self.process = subprocess.Popen([*LCLICK, '-u', path, '-e', config, *arguments])
        atexit.register(self.process.kill)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(path)
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit('lclick does not serve') from None
                time.sleep(0.001)
        self.socket.settimeout(10)
        self.file = self.socket.makefile('rwb')
        self.file.readline()

    def answer(self):
        """An answer's text, its lines joined."""
        lines = []
        while True:
            line = self.file.readline().decode('latin1').rstrip('\r\n')
            lines.append(line)
            if line[3:4] != '-':
                return ' | '.join(lines)

    def command(self, line):
        self.file.write(line.encode('latin1') + b'\r\n')
        self.file.flush()

    def read(self, handler):
        self.command(f'READ {handler}')
        a = self.answer()
        if not a.startswith('200'):
            return a
        return self.file.read(int(self.file.readline().split()[1])).decode('latin1')

    def write(self, handler, value=''):
        """The answer to a write: 'ok', or its lines."""
        data = value if isinstance(value, bytes) else str(value).encode('latin1')
        self.file.write(f'WRITEDATA {handler} {len(data)}\r\n'.encode() + data)
        self.file.flush()
        a = self.answer()
        return 'ok' if a.startswith('200') else a

    def wait(self, handler, value, seconds=10):
        """Wait until a handler reads so; returns what it reads in the end."""
        deadline = time.monotonic() + seconds
        while (got := self.read(handler)) != str(value) and time.monotonic() < deadline:
            time.sleep(0.01)
        return got

    def stop(self):
        self.command('WRITE stop')
        return self.process.wait(10)
