#!/usr/bin/python3
"""A Click file system (click.o(8)) for tests: `clickfs.py DIRECTORY LCLICK` mounts it there by FUSE, and prints `mounted`.

It behaves as Click's manual says of the kernel module's: what is written to `config` or `hotconfig` is a configuration and is tried when the file is
closed, whose error is the result, with the words in `errors`; elements are directories, handlers files. The router itself is a lclick process.
Unmounts and ends with SIGTERM, or when its standard input ends.
"""
import ctypes
import errno
import os
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time

OPCODES = {1: 'lookup', 3: 'getattr', 4: 'setattr', 14: 'open', 15: 'read', 16: 'write', 17: 'statfs', 18: 'release', 20: 'fsync', 25: 'flush', 26: 'init',
           27: 'opendir', 28: 'readdir', 29: 'release', 34: 'access'}
SILENT = (2, 36, 42)                      # FORGET, INTERRUPT, BATCH_FORGET have no answer
DIRECT_IO = 1
KEPT = 4096                               # of errors and messages
READ_ONLY = ('errors', 'messages', 'classes', 'list', 'flatconfig', 'packages', 'requirements', 'cycles', 'meminfo', 'threads', 'version')


class Router:
    """A running configuration: lclick, asked by its ControlSocket."""

    def __init__(self, lclick, text, folder):
        self.text = text
        self.path = tempfile.mktemp(dir=folder)
        with open(self.path + '.click', 'w') as f:
            f.write(text)
        self.output = open(self.path + '.log', 'w+b')
        self.process = subprocess.Popen([lclick, '-u', self.path, '-f', self.path + '.click'], stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output)
        while self.process.poll() is None:
            try:
                self.socket = socket.socket(socket.AF_UNIX)
                self.socket.connect(self.path)
                self.stream = self.socket.makefile('rwb')
                self.stream.readline()
                break
            except OSError:
                time.sleep(0.002)
        self.failed = self.process.poll() is not None
        self.names = [] if self.failed else self.read('list').decode().split('\n')[1:]
        self.names = [n for n in self.names if n]

    def printed(self):
        with open(self.path + '.log', 'rb') as f:
            return f.read()

    def _answer(self):
        words = []
        while True:
            line = self.stream.readline().decode()
            words.append(line[4:].rstrip())
            if line[3] == ' ':
                return int(line[:3]), '\n'.join(words)

    def read(self, handler):
        self.stream.write(f'READ {handler}\r\n'.encode())
        self.stream.flush()
        code, words = self._answer()
        if code >= 300:
            raise HandlerError(words)
        return self.stream.read(int(self.stream.readline().split()[1]))

    def write(self, handler, data):
        self.stream.write(f'WRITEDATA {handler} {len(data)}\r\n'.encode() + data)
        self.stream.flush()
        code, words = self._answer()
        if code >= 300:
            raise HandlerError(words)

    def handlers(self, element):
        """Name and permissions of each."""
        return {line.split('\t')[0]: line.split('\t')[1] for line in self.read(f'{element}.handlers').decode().split('\n') if '\t' in line}

    def end(self):
        self.process.kill()
        self.process.wait()


class HandlerError(Exception):
    pass


class ClickFs:
    def __init__(self, lclick):
        self.lclick, self.folder, self.router = lclick, tempfile.mkdtemp(), None
        self.config, self.errors, self.priority = b'', b'', b'120'

    def install(self, text, hot):
        self.errors = b''
        old = self.router
        if not hot and old:
            old.end()
            self.router = None
        new = Router(self.lclick, text.decode(), self.folder) if text.strip() else None
        if not hot:
            self.config = text
        if new and new.failed:
            self.errors = new.printed()[-KEPT:]
            return errno.EINVAL
        if hot and old:
            old.end()
        self.router, self.config = new, text
        return 0

    def element(self, parts):
        """The element whose directory this is, and what is left of the path."""
        if self.router is None or not parts:
            return None, parts
        if parts[0] == '.e' and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(self.router.names):
            return self.router.names[int(parts[1])], parts[2:]
        for n in range(len(parts), 0, -1):
            if '/'.join(parts[:n]) in self.router.names:
                return '/'.join(parts[:n]), parts[n:]
        return None, parts

    def mode(self, parts):
        """What lies at this path, as a mode; None: nothing."""
        directory = stat.S_IFDIR | 0o555
        if parts in ([], ['.h']) or (parts == ['.e'] and self.router):
            return directory
        plain = parts[1:] if parts[0] == '.h' else parts
        if len(plain) == 1 and (self.router is None or plain[0] not in self.router.names):
            if plain[0] in READ_ONLY:
                return stat.S_IFREG | 0o444
            known = {'config': 0o644, 'hotconfig': 0o200, 'priority': 0o644}.get(plain[0])
            if known:
                return stat.S_IFREG | known
        element, rest = self.element(parts)
        if element is None:
            inside = self.router and any(n.startswith('/'.join(parts) + '/') for n in self.router.names)
            return directory if inside else None
        if rest in ([], ['.h']):
            return directory
        name = rest[1] if rest[0] == '.h' and len(rest) == 2 else rest[0] if len(rest) == 1 else None
        bits = self.router.handlers(element).get(name)
        return None if bits is None else stat.S_IFREG | (0o444 if 'r' in bits else 0) | (0o200 if 'w' in bits else 0)

    def names(self, parts):
        if parts == []:
            return [*READ_ONLY, 'config', 'hotconfig', 'priority', '.h', *(['.e'] + sorted({n.split('/')[0] for n in self.router.names}) if self.router else [])]
        element, rest = self.element(parts)
        return list(self.router.handlers(element)) if element else []

    def read(self, parts):
        plain = parts[1:] if parts[0] == '.h' else parts
        router = self.router
        if len(plain) == 1 and (router is None or plain[0] not in router.names):
            name = plain[0]
            fixed = {'config': self.config, 'errors': self.errors, 'priority': self.priority, 'threads': b'%d\n' % router.process.pid if router else b'', 'cycles': b'', 'packages': b'',
                     'meminfo': b'', 'requirements': b'', 'messages': router.printed()[-KEPT:] if router else b'', 'version': b'2.1\n'}
            if name in fixed:
                return fixed[name]
            return router.read(name) if router else b'0\n' if name == 'list' else b''
        element, rest = self.element(parts)
        return router.read(f'{element}.{rest[-1]}')

    def write(self, parts, data):
        """The error with which the file is closed."""
        plain = parts[1:] if parts[0] == '.h' else parts
        if plain in (['config'], ['hotconfig']):
            return self.install(data, plain == ['hotconfig'])
        if plain == ['priority']:
            self.priority = data
            return 0
        element, rest = self.element(parts)
        try:
            self.router.write(f'{element}.{rest[-1]}', data)
            return 0
        except HandlerError as e:
            self.errors = (self.errors + str(e).encode() + b'\n')[-KEPT:]
            return errno.EINVAL


class Mount:
    """The FUSE protocol, as linux/fuse.h has it: nodes are paths, and nothing is cached."""

    def __init__(self, fs, where):
        self.fs, self.where = fs, where
        self.fd = os.open('/dev/fuse', os.O_RDWR)
        libc = ctypes.CDLL(None, use_errno=True)
        options = f'fd={self.fd},rootmode=40000,user_id=0,group_id=0,allow_other'
        if libc.mount(b'click', where.encode(), b'fuse', 6, options.encode()):                # nosuid, nodev
            raise OSError(ctypes.get_errno(), 'mount')
        self.paths, self.numbers, self.handles, self.next = {1: []}, {(): 1}, {}, 1

    def number(self, parts):
        key = tuple(parts)
        if key not in self.numbers:
            self.numbers[key] = len(self.numbers) + 1
            self.paths[self.numbers[key]] = parts
        return self.numbers[key]

    def attributes(self, parts, mode):
        return struct.pack('<6Q10I', self.number(parts), 0, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

    def serve(self):
        request = os.read(self.fd, 1 << 20)
        _, opcode, unique, node = struct.unpack_from('<IIQQ', request)
        if opcode in SILENT:
            return
        try:
            name = OPCODES.get(opcode)
            if name is None:
                raise OSError(errno.ENOSYS, '')
            code, body = 0, getattr(self, name)(self.paths[node] if node else [], request[40:])
        except OSError as e:
            code, body = -e.errno, b''
        except HandlerError:
            code, body = -errno.EIO, b''
        os.write(self.fd, struct.pack('<IiQ', 16 + len(body), code, unique) + body)

    def init(self, _path, _body):
        return struct.pack('<IIIIHHIIHHI28x', 7, 31, 65536, 0, 12, 9, 131072, 1, 0, 0, 0)

    def lookup(self, path, body):
        parts = path + [body.rstrip(b'\0').decode()]
        mode = self.fs.mode(parts)
        if mode is None:
            raise OSError(errno.ENOENT, '')
        return struct.pack('<QQQQII', self.number(parts), 0, 0, 0, 0, 0) + self.attributes(parts, mode)

    def getattr(self, path, _body):
        mode = self.fs.mode(path)
        if mode is None:
            raise OSError(errno.ENOENT, '')
        return struct.pack('<QII', 0, 0, 0) + self.attributes(path, mode)

    setattr = getattr                      # it is truncated to be written

    def access(self, _path, _body):
        return b''

    def statfs(self, _path, _body):
        return bytes(80)

    def open(self, path, _body):
        self.next += 1
        self.handles[self.next] = [None, None]          # what is read, what was written
        return struct.pack('<QII', self.next, DIRECT_IO, 0)

    opendir = open

    def read(self, path, body):
        fh, offset, size = struct.unpack_from('<QQI', body)
        if self.handles[fh][0] is None:
            self.handles[fh][0] = self.fs.read(path)
        return self.handles[fh][0][offset:offset + size]

    def write(self, _path, body):
        fh, _offset, size = struct.unpack_from('<QQI', body)
        self.handles[fh][1] = (self.handles[fh][1] or b'') + body[40:40 + size]
        return struct.pack('<II', size, 0)

    def flush(self, path, body):
        fh, = struct.unpack_from('<Q', body)
        written, self.handles[fh][1] = self.handles[fh][1], None
        if written is not None:
            code = self.fs.write(path, written)
            if code:
                raise OSError(code, '')
        return b''

    def fsync(self, _path, _body):
        return b''

    def release(self, _path, body):
        self.handles.pop(struct.unpack_from('<Q', body)[0], None)
        return b''

    def readdir(self, path, body):
        _fh, offset, size = struct.unpack_from('<QQI', body)
        out = b''
        for i, name in enumerate(self.fs.names(path)):
            entry = struct.pack('<QQII', i + 2, i + 1, len(name), 0) + name.encode()
            entry += bytes(-len(entry) % 8)
            if i >= offset and len(out) + len(entry) <= size:
                out += entry
        return out

    def unmount(self):
        ctypes.CDLL(None).umount2(self.where.encode(), 2)                                      # MNT_DETACH
        if self.fs.router:
            self.fs.router.end()


def main():
    mount = Mount(ClickFs(sys.argv[2]), sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        print('mounted', flush=True)
        while True:
            ready, _, _ = select.select([mount.fd, sys.stdin], [], [])
            if sys.stdin in ready and not sys.stdin.readline():
                return
            if mount.fd in ready:
                mount.serve()
    finally:
        mount.unmount()


main()
