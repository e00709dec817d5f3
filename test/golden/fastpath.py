"""A GTP breakout between three devices, whose frames a test sends and receives, with a fast path or without."""
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


def programs():
    """How many devices have a program."""
    return sh('ip -d link').count('prog/xdp')


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
        super().__init__(PORTS + script.replace('FLOWS $FASTPATH_FLOWS, ', '').replace('MODE $FASTPATH', options), 'RULE="dst port 80 or icmp type 8 and dst 10.20.0.80"', *arguments, path=path)
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

    def send_partial(self, side, packet, ip):
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
        s.send(struct.pack('=BBHHHH', 1, 0, 0, 0, at, field - at) + frame)      # VIRTIO_NET_HDR_F_NEEDS_CSUM
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
