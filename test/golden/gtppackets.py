"""Packets for the GTP tests, made by scapy: nothing here knows our code."""
from scapy.all import ICMP, IP, TCP, UDP, Dot1Q, Ether, IPOption_NOP, Raw, rdpcap, wrpcap  # noqa: F401
from scapy.contrib.gtp import (GTP_UDPPort_ExtensionHeader, GTP_U_Header, GTPEchoRequest, GTPErrorIndication,  # noqa: F401
                               GTPPDUSessionContainer)

RAN, CORE = '02:00:00:00:00:01', '02:00:00:00:00:02'
ENB, SGW = '10.9.0.1', '10.9.0.2'
UE, WEB = '172.16.222.3', '10.20.0.2'


def outer(up, vlan=None, enb=ENB, sgw=SGW, **ip):
    """Ethernet, IP and UDP of a tunnel packet, uplink or downlink."""
    e = Ether(src=RAN, dst=CORE) if up else Ether(src=CORE, dst=RAN)
    if vlan is not None:
        e = e / Dot1Q(vlan=vlan)
    src, dst = (enb, sgw) if up else (sgw, enb)
    return e / IP(src=src, dst=dst, **ip) / UDP(sport=2152, dport=2152)


def up(inner, teid=0x11, vlan=None, enb=ENB, sgw=SGW, ip=None, **gtp):
    return outer(True, vlan, enb, sgw, **(ip or {})) / GTP_U_Header(teid=teid, gtp_type=255, **gtp) / inner


def down(inner, teid=0x22, vlan=None, enb=ENB, sgw=SGW, ip=None, **gtp):
    return outer(False, vlan, enb, sgw, **(ip or {})) / GTP_U_Header(teid=teid, gtp_type=255, **gtp) / inner


def request(flags='S', sport=40000, dport=80, ue=UE, web=WEB, seq=1, payload=b''):
    p = IP(src=ue, dst=web) / TCP(sport=sport, dport=dport, flags=flags, seq=seq)
    return p / Raw(payload) if payload else p


def reply(flags='SA', sport=80, dport=40000, ue=UE, web=WEB, payload=b''):
    p = IP(src=web, dst=ue) / TCP(sport=sport, dport=dport, flags=flags)
    return p / Raw(payload) if payload else p


def ping(ue=UE, web=WEB, ident=7):
    return IP(src=ue, dst=web) / ICMP(id=ident) / Raw(b'0123456789')


def raw_up(gtp, **ip):
    """A tunnel packet with these bytes after UDP."""
    return outer(True, **ip) / Raw(bytes(gtp))


def write(name, packets):
    wrpcap(name, [Ether(bytes(p)) for p in packets])


def same(a, b):
    """Do two captures hold the same frames, byte for byte?"""
    x, y = [bytes(p) for p in rdpcap(a)], [bytes(p) for p in rdpcap(b)]
    print('identical' if x == y else 'DIFFERENT: %d frames and %d' % (len(x), len(y)))
