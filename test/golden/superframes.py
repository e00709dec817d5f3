"""Frames that wait for segmentation offload, with the virtio_net header that says so, for tests of devices; and the kernel as the one
who knows what becomes of them: sent to a device that offloads nothing, it cuts them itself."""
import logging
import socket
import struct
import subprocess
logging.getLogger('scapy').setLevel(40)
from scapy.all import Dot1Q, Ether, IP, IPv6, Raw, TCP, UDP
import scapy.layers.vxlan

TCP4, TCP6, UDP_L4, ECN = 1, 4, 5, 0x80
E = dict(src='02:00:00:00:00:01', dst='02:00:00:00:00:02')
V4 = dict(src='10.0.0.1', dst='10.0.0.2')
V6 = dict(src='fd00::1', dst='fd00::2')


def sh(command):
    subprocess.run(command, shell=True, check=True, timeout=10)


def port(name, seconds=5):
    """A packet socket whose frames have virtio_net headers, both ways; it hears what comes in."""
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(263, 15, 1)                    # PACKET_VNET_HDR
    s.setsockopt(263, 8, 1)                     # PACKET_AUXDATA
    s.setsockopt(263, 23, 1)                    # PACKET_IGNORE_OUTGOING
    s.setsockopt(socket.SOL_SOCKET, 33, 1 << 23)        # SO_RCVBUFFORCE
    s.bind((name, 3))
    s.settimeout(seconds)
    return s


def payload(n, seed=0):
    return Raw(bytes((i * 7 + i // 256 + seed) % 251 for i in range(n)))


def waiting(packet, size, kind):
    """Virtio header and frame of an Ethernet packet, its checksum partial, to be cut into pieces of so many bytes."""
    f = bytearray(bytes(packet))
    field = 16 if TCP in packet else 6
    inner = packet[TCP] if TCP in packet else packet[UDP]
    l4 = len(f) - len(bytes(inner))
    v6 = packet.haslayer(IPv6)
    ip = l4 - len(bytes(packet[IPv6] if v6 else packet[IP])) + len(bytes(inner))
    addresses = f[ip + 8:ip + 40] if v6 else f[ip + 12:ip + 20]
    s = sum(struct.unpack(f'>{len(addresses) // 2}H', addresses)) + len(f) - l4 + (6 if TCP in packet else 17)
    while s >> 16:
        s = (s & 65535) + (s >> 16)
    f[l4 + field:l4 + field + 2] = struct.pack('>H', s)
    header = l4 + (bytes(inner)[12] >> 4) * 4 if TCP in packet else l4 + 8
    return struct.pack('<BBHHHH', 1, kind, header, size, l4, field) + bytes(f)


STAMP = [('NOP', None), ('NOP', None), ('Timestamp', (17, 4))]
SUPER = [
    waiting(Ether(**E)/IP(**V4, id=7, flags='DF')/TCP(sport=1, dport=2, seq=1000, ack=5, flags='A', options=STAMP)/payload(64000), 1448, TCP4),
    waiting(Ether(**E)/IP(**V4, id=65534, tos=0x6A)/TCP(sport=1, dport=2, seq=0xFFFFFF00, flags='PFA')/payload(5000), 1000, TCP4),
    waiting(Ether(**E)/IP(**V4, id=9, flags='DF', tos=1)/TCP(sport=1, dport=2, flags='CEA')/payload(2000), 900, TCP4 | ECN),
    waiting(Ether(**E)/IPv6(**V6, tc=0xB8, fl=0x12345)/TCP(sport=1, dport=2, seq=1, flags='PA', options=STAMP)/payload(14281), 1428, TCP6),
    waiting(Ether(**E)/IP(**V4, id=77, flags='DF')/UDP(sport=3, dport=4)/payload(14720), 1472, UDP_L4),
    waiting(Ether(**E)/IP(**V4, id=1)/UDP(sport=3, dport=4)/payload(1001), 100, UDP_L4),
    waiting(Ether(**E)/IPv6(**V6)/UDP(sport=3, dport=4)/payload(4321), 1200, UDP_L4),
    waiting(Ether(**E)/Dot1Q(vlan=5, prio=3)/IP(**V4, id=7, flags='DF')/TCP(sport=1, dport=2, seq=1, flags='PA')/payload(4000), 1400, TCP4),
    waiting(Ether(**E)/Dot1Q(vlan=6)/IPv6(**V6)/UDP(sport=3, dport=4)/payload(3000), 1000, UDP_L4),
]


def without_offloads(device):
    sh(f'ethtool -K {device} tx off tso off gso off sg off txvlan off >/dev/null 2>&1 || ethtool -K {device} tx off')


def frames_of(s, until):
    """Frames that come at a port, whole, up to one that is `until`; those that no test sends are left out."""
    out = []
    while True:
        data, control, *_ = s.recvmsg(70000, 200)
        header, f = struct.unpack('<BBHHHH', data[:10]), data[10:]
        for level, kind, value in control:
            if (level, kind) == (263, 8):               # PACKET_AUXDATA: a tag that the kernel took out
                status, *_, tci, tpid = struct.unpack_from('=IIIHHHH', value)
                if status & 0x10:
                    f = f[:12] + struct.pack('>HH', tpid or 0x8100, tci) + f[12:]
        if f == until:
            return out
        if f[:6] == b'\x02\0\0\0\0\x02':
            out.append((header[1], header[0] & 1, f))


def flow_of(frame):
    """Whose order a frame is in: (addresses, protocol and ports) of TCP and UDP; (addresses, None) of what goes between two addresses and
    tells no ports; (None, None) of what is not IP."""
    at = 14
    while frame[at - 2:at] in (b'\x81\0', b'\x88\xa8') and at < 22:
        at += 4
    kind = frame[at - 2:at]
    if kind == b'\x08\0' and len(frame) >= at + 20:
        pair, protocol, ports = frame[at + 12:at + 20], frame[at + 9], at + (frame[at] & 15) * 4
        known = frame[at] >> 4 == 4 and frame[at] & 15 >= 5 and not (frame[at + 6] & 0x3F or frame[at + 7])
    elif kind == b'\x86\xdd' and len(frame) >= at + 40:
        pair, protocol, ports, known = frame[at + 8:at + 40], frame[at + 6], at + 40, True
    else:
        return None, None
    known = known and protocol in (6, 17) and len(frame) >= ports + 4
    return pair, (protocol, frame[ports:ports + 4]) if known else None


def orders(frames):
    """What must stay as it is when flows are sent one after the other: of each flow its frames, together with those between the same two
    addresses of which nobody knows the flow."""
    out = {}
    flows = [flow_of(f) for f in frames]
    for key in set(flows):
        out[key] = [f for f, (pair, flow) in zip(frames, flows) if (pair, flow) == key or (pair == key[0] and flow is None)]
    return out


def is_right(frame):
    """Are all lengths and checksums of a frame, in a tunnel too, as scapy computes them? A UDP checksum of zero is none."""
    p = layer = Ether(frame)
    while not isinstance(layer, Raw) and layer:
        for field in ('len', 'plen', 'chksum'):
            if field in layer.fields and not (field == 'chksum' and isinstance(layer, UDP) and layer.chksum == 0):
                del layer.fields[field]
        layer = layer.payload
    return bytes(Ether(bytes(p))) == frame
