"""A GTP breakout between three devices, whose frames a test sends and receives, with a fast path or without."""
import ctypes
import json
import select

from scapy.all import Padding  # noqa: F401

from gtppackets import *
from lclick import *

SCRIPT = open(os.environ['SOURCE'] + '/../examples/mobile-edge-cache/gtp-breakout.click').read()
# As the agent declares them
PORTS = '''
in0::FromDevice(r0, PROMISC true); in1::FromDevice(c0, PROMISC true); in2::FromDevice(l0, PROMISC true);
out0::Null -> Queue(1000) -> to0::ToDevice(r0); out1::Null -> Queue(1000) -> to1::ToDevice(c0); out2::Null -> Queue(1000) -> to2::ToDevice(l0);
'''
SIDES = {'r': 'ran', 'c': 'core', 'l': 'local'}
CACHE = '02:00:00:00:00:10'


def sh(command):
    return subprocess.run(command, shell=True, check=True, timeout=10, capture_output=True, text=True).stdout


def make(side, mtu=1500):
    """A device and its other end, which takes frames from a driver."""
    sh(f'ip link add {side}0 mtu {mtu} type veth peer name {side}1 mtu {mtu}; ip link set {side}0 up; ip link set {side}1 up;'
       f' ethtool -K {side}0 gro on; ethtool -K {side}1 gro on')


def at_traffic_control(device):
    """How many programs are there at ingress: BPF_PROG_QUERY of BPF_TCX_INGRESS, which ip(8) and tc(8) do not tell of."""
    try:
        attributes = ctypes.create_string_buffer(struct.pack('=IIIIQI', socket.if_nametoindex(device), 46, 0, 0, 0, 0), 144)
    except OSError:
        return 0                                        # there is no such device
    return 0 if bpf(16, attributes) is None else struct.unpack_from('=I', attributes, 24)[0]        # before Linux 6.6 it knows of none


def bpf(command, attributes):
    """bpf(2): what it returns, or None where there is no such thing. The attributes change."""
    number = {'x86_64': 321, 'aarch64': 280}.get(os.uname().machine, 386)
    n = ctypes.CDLL(None, use_errno=True).syscall(number, command, attributes, len(attributes))
    return n if n >= 0 else None


class InFront:
    """A program at traffic control that lets every packet pass, and comes before those that are there."""
    def __init__(self, device):
        code = ctypes.create_string_buffer(bytes.fromhex('b700000000000000' '9500000000000000'), 16)         # r0 = 0; exit
        name = ctypes.create_string_buffer(b'GPL')
        load = struct.pack('=IIQQ', 3, 2, ctypes.addressof(code), ctypes.addressof(name)) + bytes(44) + struct.pack('=I', 46)       # BPF_PROG_TYPE_SCHED_CLS, for BPF_TCX_INGRESS
        self.program = bpf(5, ctypes.create_string_buffer(load + bytes(144 - len(load)), 144))
        link = struct.pack('=IIII', self.program, socket.if_nametoindex(device), 46, 8)      # BPF_F_BEFORE
        self.link = bpf(28, ctypes.create_string_buffer(link + bytes(144 - len(link)), 144))

    def close(self):
        os.close(self.link)
        os.close(self.program)


def programs():
    """How many there are, at XDP and at traffic control."""
    return sh('ip -d link').count('prog/xdp') + sum(at_traffic_control(side + '0') for side in SIDES)


def beside(node):
    """The arguments of the processes beside lclick, by number."""
    numbers = open(f'/proc/{node.process.pid}/task/{node.process.pid}/children').read().split()
    return {int(n): words_of(n) for n in numbers}


def words_of(number):
    try:
        return open(f'/proc/{number}/cmdline').read().split('\0')[:-1]
    except FileNotFoundError:
        return []                                       # it has ended


def leg(packet, vlan=None):
    """On the local leg, from the cache."""
    e = Ether(src=CACHE, dst='02:4c:4d:00:00:01')
    return (e / Dot1Q(vlan=vlan) if vlan else e) / packet


class Node(Live):
    def __init__(self, options, *arguments, path='s', script=SCRIPT, loaded=True):
        self.ends = {}
        for side in SIDES:
            if not os.path.exists(f'/sys/class/net/{side}1'):
                make(side)
        super().__init__(PORTS + script.replace('SUPER $FASTPATH_SUPER, FLOWS $FASTPATH_FLOWS, ', '').replace('MODE $FASTPATH', options), 'RULE="dst port 80 or icmp type 8 and dst 10.20.0.80"', *arguments, path=path)
        self.write('arp.insert', f'10.40.0.10 {CACHE}')
        self.listen()
        if loaded:
            self.loaded()

    def loaded(self):
        """Wait until the fast path has joined, or is known not to; what it says then."""
        deadline = time.monotonic() + 10
        while (status := self.read('fast.status')) == 'loading' and time.monotonic() < deadline:
            time.sleep(.005)
        return status

    def listen(self):
        for s in self.ends.values():
            s.close()
        for side in SIDES:
            s = self.ends[side] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            s.setsockopt(263, 23, 1)                  # PACKET_IGNORE_OUTGOING
            s.setsockopt(263, 8, 1)                     # PACKET_AUXDATA
            s.bind((side + '1', 3))

    def send(self, side, packet):
        self.ends[side].send(bytes(packet))

    def send_super(self, side, packet, ip, segment):
        """One that is to be cut, its TCP payload into so many bytes each, as a sender on this machine sends it."""
        self.send_partial(side, packet, ip, segment)

    def send_partial(self, side, packet, ip, segment=0):
        """Leave the checksum behind the IP header at this offset to the device, as a sender on this machine does."""
        frame = bytearray(bytes(packet))
        six = frame[ip] >> 4 == 6
        at, protocol, addresses = (ip + 40, frame[ip + 6], frame[ip + 8:ip + 40]) if six else (ip + 20, frame[ip + 9], frame[ip + 12:ip + 20])
        field = at + (16 if protocol == 6 else 6)
        length = struct.unpack_from('>H', frame, ip + 4)[0] if six else struct.unpack_from('>H', frame, ip + 2)[0] - 20
        total = sum(struct.unpack(f'>{len(addresses) // 2}H', addresses)) + protocol + length
        total = (total & 0xFFFF) + (total >> 16)
        struct.pack_into('>H', frame, field, (total & 0xFFFF) + (total >> 16))
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        s.setsockopt(263, 15, 1)                        # PACKET_VNET_HDR
        s.bind((side + '1', 0))
        header = at + (frame[at + 12] >> 4) * 4 if segment else 0
        kind = (4 if six else 1) if segment else 0      # VIRTIO_NET_HDR_GSO_TCPV6, _TCPV4
        s.send(struct.pack('=BBHHHH', 1, kind, header, segment, at, field - at) + frame)      # VIRTIO_NET_HDR_F_NEEDS_CSUM
        s.close()

    def receive(self, seconds=1.0):
        """A frame that comes out, and where; None if there is none."""
        ready = select.select(list(self.ends.values()), [], [], seconds)[0]
        for side, s in self.ends.items():
            if s in ready:
                return side, whole(*s.recvmsg(70000, 200)[:2])
        return None

    def passes(self, side, packet):
        self.send(side, packet)
        return self.receive()

    def where(self, side, packet):
        """On which side it comes out, with a star if that was the kernel's work."""
        before = self.hits()
        out = self.passes(side, packet)
        return (out[0] if out else '-') + ('*' if self.hits() != before else '')

    def introduce(self, ue=UE, **tunnel):
        """Both tunnels of a UE."""
        self.passes('r', up(ping(ue=ue), **tunnel.get('up', {})))
        self.passes('c', down(IP(src=WEB, dst=ue) / ICMP(type=0, id=7), **tunnel.get('down', {})))

    def hits(self):
        return int(self.read('fast.hits'))

    def stats(self):
        return json.loads(self.read('fast.stats'))

    def up(self, side):
        """What went up there, by reason."""
        return {k: n for k, n in self.stats()[SIDES[side]]['up'].items() if n}


def whole(frame, control):
    """With the VLAN tag that the kernel took out (struct tpacket_auxdata)."""
    for _, _, data in control:
        status, *_, tci, tpid = struct.unpack_from('=IIIHHHH', data)
        if status & 0x10:
            frame = frame[:12] + struct.pack('>HH', tpid if status & 0x40 else 0x8100, tci) + frame[12:]
    return frame


def plain(frame):
    """Without what may differ: the outer IP header's ID and checksum, the latter if it is right."""
    at = 14
    while frame[at - 2:at] in (b'\x81\0', b'\x88\xa8'):
        at += 4
    if frame[at - 2:at] != b'\x08\0':
        return frame
    total = sum(struct.unpack('>10H', frame[at:at + 20]))
    right = (total & 0xFFFF) + (total >> 16) == 0xFFFF or (total >> 16) + (total & 0xFFFF) == 0x1FFFE
    return frame[:at + 4] + b'ID' + frame[at + 6:at + 10] + (b'OK' if right else b'BAD') + frame[at + 12:]
