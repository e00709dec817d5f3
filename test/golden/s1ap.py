"""S1AP messages for the tests: an encoder of its own for what they need of ASN.1's aligned PER (X.691), and SCTP packets by scapy. tshark must
read them as intended, which the tests check."""
import ipaddress

from gtpcontrol import A, B, Ether, IP, IPv6
from scapy.layers.sctp import SCTP, SCTPChunkData, SCTPChunkSACK


class Per:
    def __init__(self):
        self.b = ''

    def bits(self, value, n):
        self.b += format(value, f'0{n}b') if n else ''
        return self

    def align(self):
        self.b += '0' * (-len(self.b) % 8)
        return self

    def octets(self, data):
        self.align()
        self.b += ''.join(format(x, '08b') for x in data)
        return self

    def length(self, n):
        return self.octets([n] if n < 128 else [0x80 | n >> 8, n & 255])

    def open(self, content):
        data = content.bytes() if isinstance(content, Per) else content
        return self.length(len(data)).octets(data)

    def add(self, f, *a, **k):
        f(self, *a, **k)
        return self

    def bytes(self):
        b = self.b + '0' * (-len(self.b) % 8)
        return int(b, 2).to_bytes(len(b) // 8, 'big') if b else b'\0'


def sized(n):
    """A number in as few octets as it needs."""
    return n.to_bytes(max(1, (n.bit_length() + 7) // 8), 'big')


def field(id, content, criticality=0):
    """An element of a ProtocolIE-Container."""
    return lambda p: p.octets(id.to_bytes(2, 'big')).bits(criticality, 2).open(content)


def extensions(*elements):
    def f(p):
        p.octets((len(elements) - 1).to_bytes(2, 'big'))
        for e in elements:
            e(p)
    return f


def message(kind, procedure, *elements, more=b''):
    """kind: 0 initiating, 1 successful, 2 unsuccessful. more: additions to the sequence."""
    body = Per().bits(1 if more else 0, 1).octets(len(elements).to_bytes(2, 'big'))
    for e in elements:
        e(body)
    if more:
        body.bits(0, 1).bits(0, 6).bits(1, 1).open(more)
    return Per().bits(0, 1).bits(kind, 2).octets([procedure]).bits(0, 2).open(body).bytes()


# ---- Elements

def mme_id(n, id=0):
    return field(id, Per().bits(len(sized(n)) - 1, 2).octets(sized(n)))


def enb_id(n):
    return field(8, Per().bits(len(sized(n)) - 1, 2).octets(sized(n)))


def ue_ids(mme, enb=None):
    p = Per().bits(0, 1)
    if enb is None:
        p.bits(1, 1)
    else:
        p.bits(0, 1).bits(0, 1).bits(0, 1)
    p.bits(len(sized(mme)) - 1, 2).octets(sized(mme))
    if enb is not None:
        p.bits(len(sized(enb)) - 1, 2).octets(sized(enb))
    return field(99, p)


def cause(group, value):
    """radioNetwork 0 (36 values), transport 1 (2), nas 2 (4), protocol 3 (7), misc 4 (6)."""
    return field(2, Per().bits(0, 1).bits(group, 3).bits(0, 1).bits(value, (6, 1, 2, 3, 3)[group]))


def address(v4=None, v6=None):
    return (ipaddress.ip_address(v4).packed if v4 else b'') + (ipaddress.ip_address(v6).packed if v6 else b'')


def end(teid, v4=None, v6=None):
    def f(p):
        a = address(v4, v6)
        p.bits(0, 1).bits(len(a) * 8 - 1, 8).octets(a).octets(teid.to_bytes(4, 'big'))
    return f


def qos(qci=9, gbr=None, ext=None, arp_ext=None):
    def f(p):
        p.bits(0, 1).bits(1 if gbr else 0, 1).bits(1 if ext else 0, 1).octets([qci])
        p.bits(0, 1).bits(1 if arp_ext else 0, 1).bits(8, 4).bits(0, 1).bits(1, 1)
        if arp_ext:
            arp_ext(p)
        if gbr:
            p.bits(0, 1).bits(0, 1)
            for rate in gbr:
                p.bits(len(sized(rate)) - 1, 3).octets(sized(rate))
        if ext:
            ext(p)
    return f


def items(list_id, item_id, *those):
    p = Per().octets([len(those) - 1])
    for x in those:
        p.octets(item_id.to_bytes(2, 'big')).bits(0, 2).open(x)
    return field(list_id, p)


def head(erab, optional, more=0):
    return Per().bits(more, 1).bits(int(optional, 2), len(optional)).bits(0, 1).bits(erab, 4)


def octet_string(data):
    return lambda p: p.length(len(data)).octets(data)


def setup_item(erab, e, nas=None, quality=None, ext=None, of_context=True):
    """An item of an initial context setup (of_context) or E-RAB setup request."""
    p = head(erab, ('1' if nas else '0') * of_context + ('1' if ext else '0')).add(quality or qos()).add(e)
    if nas:
        p.add(octet_string(nas))
    return p.add(ext) if ext else p


def end_item(erab, e, ext=None):
    p = head(erab, '1' if ext else '0').add(e)
    return p.add(ext) if ext else p


def id_item(erab):
    return head(erab, '0')


def cause_item(erab):
    return head(erab, '0').bits(0, 1).bits(2, 3).bits(0, 1).bits(0, 2)


def admitted_item(erab, e, forward=None):
    p = head(erab, '11000' if forward else '00000').add(e)
    if forward:
        teid, v4 = forward
        p.bits(0, 1).bits(31, 8).octets(address(v4)).octets(teid.to_bytes(4, 'big'))
    return p


# ---- NAS (TS 24.301)

def activate_default(ebi, v4, apn=b'\x08internet', both=False):
    pdn = b'\x03' + bytes(8) + address(v4) if both else b'\x01' + address(v4)
    return bytes([ebi << 4 | 2, 1, 0xC1, 1, 9, len(apn)]) + apn + bytes([len(pdn)]) + pdn


def activate_dedicated(ebi, linked):
    return bytes([ebi << 4 | 2, 0, 0xC5, linked, 1, 1, 6, 0x21, 0x31, 0x00, 2, 0x30, 17])


def attach_accept(esm):
    tai = b'\x00\x42\xf0\x10\x00\x01'
    return b'\x07\x42\x01\x21' + bytes([len(tai)]) + tai + len(esm).to_bytes(2, 'big') + esm


def protected(nas):
    """Integrity protected and ciphered, with EEA0."""
    return b'\x27\xaa\xbb\xcc\xdd\x05' + nas


# ---- SCTP

class Association:
    """One between an eNB and an MME. Calling it with messages gives a packet with a DATA chunk each."""

    count = 0

    def __init__(self, enb, mme, port=36412):
        Association.count += 1
        tag = 0x11110000 + Association.count
        self.side = {'enb': [enb, port, tag, 1000], 'mme': [mme, 36412, tag + 0x11110000, 4294967294]}

    def packet(self, sender, chunks):
        (src, sport, _, _), (dst, dport, tag, _) = (self.side[x] for x in ((sender, 'mme') if sender == 'enb' else (sender, 'enb')))
        p = SCTP(sport=sport, dport=dport, tag=tag)
        for c in chunks:
            p = p / c
        return bytes(Ether(src=A, dst=B) / (IPv6(src=src, dst=dst) if ':' in src else IP(src=src, dst=dst)) / p)

    def data(self, sender, m, ppid=18, beginning=1, ending=1):
        tsn = self.side[sender][3]
        self.side[sender][3] = (tsn + 1) % 2**32
        return SCTPChunkData(beginning=beginning, ending=ending, tsn=tsn, stream_id=1, proto_id=ppid, data=m)

    def enb(self, *messages):
        return self.packet('enb', [self.data('enb', m) for m in messages])

    def mme(self, *messages):
        return self.packet('mme', [self.data('mme', m) for m in messages])
