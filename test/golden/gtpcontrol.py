"""Control messages for the GTP tests, made by scapy: nothing here knows our code. S1AP's are in s1ap.py."""
import subprocess

import scapy.contrib.gtp as v1c
import scapy.contrib.gtp_v2 as v2c
from lclick import through
from scapy.all import IP, UDP, Dot1Q, Ether, IPv6, Raw, wrpcap

MME, SGW, PGW = '10.11.0.1', '10.11.0.2', '10.11.0.3'
SGSN, GGSN = '10.12.0.1', '10.12.0.2'
A, B = '02:00:00:00:0a:01', '02:00:00:00:0a:02'

# Interface types of F-TEIDs (TS 29.274 §8.22)
S1U_ENB, S1U_SGW, S12_RNC, S5U_SGW, S5U_PGW, S5C_SGW, S5C_PGW, S11_MME, S11_SGW = 0, 1, 2, 4, 5, 6, 7, 10, 11
# Messages of GTPv2-C
CSQ, CSA, MBQ, MBA, DSQ, DSA, CBQ, CBA, UBQ, UBA, DBQ, DBA = 32, 33, 34, 35, 36, 37, 95, 96, 97, 98, 99, 100
RABQ, RABA, MABQ, MABA = 170, 171, 211, 212


def udp(src, dst, payload, sport=2123, dport=2123, vlan=None):
    """A datagram between control entities, as a frame."""
    e = Ether(src=A, dst=B)
    if vlan is not None:
        e = e / Dot1Q(vlan=vlan)
    ip = IPv6(src=src, dst=dst) if ':' in src else IP(src=src, dst=dst)
    return bytes(e / ip / UDP(sport=sport, dport=dport) / Raw(bytes(payload)))


# ---- GTPv2-C. scapy wants to be told the lengths.

def ie2(x):
    b = bytes(x)
    return b[:1] + (len(b) - 4).to_bytes(2, 'big') + b[3:]


def ebi(n, instance=0):
    return ie2(v2c.IE_EPSBearerID(EBI=n, instance=instance))


def cause(c):
    return ie2(v2c.IE_Cause(Cause=c))


def fteid(interface, teid, v4=None, v6=None, instance=0):
    k = {'ipv4': v4} if v4 else {}
    if v6:
        k['ipv6'] = v6
    return ie2(v2c.IE_FTEID(InterfaceType=interface, GRE_Key=teid, instance=instance, ipv4_present=int(bool(v4)), ipv6_present=int(bool(v6)), **k))


def paa(v4=None, v6=None):
    kind = 3 if v4 and v6 else 2 if v6 else 1
    return ie2(v2c.IE_PAA(PDN_type=kind, ipv4=v4 or 0, ipv6=v6 or 0, ipv6_prefix_length=64))


def bearer(*elements, instance=0):
    return ie2(bytes(v2c.IE_BearerContext(instance=instance)) + b''.join(elements))


def v2(kind, teid, seq, *elements, piggybacked=0):
    body = b''.join(elements)
    return bytes(v2c.GTPHeader(P=piggybacked, T=1, gtp_type=kind, teid=teid, seq=seq, length=8 + len(body))) + body


# ---- GTPv1-C

def gsn(a):
    return bytes(v1c.IE_GSNAddress(length=16, ipv6_address=a) if ':' in a else v1c.IE_GSNAddress(length=4, ipv4_address=a))


def nsapi(n):
    return bytes(v1c.IE_NSAPI(NSAPI=n))


def user_address(v4=None, v6=None):
    if v4 and v6:
        return bytes(v1c.IE_EndUserAddress(length=22, PDPTypeNumber=0x8D, PDPAddress=v4, IPv6_PDPAddress=v6))
    if v6:
        return bytes(v1c.IE_EndUserAddress(length=18, PDPTypeNumber=0x57, IPv6_PDPAddress=v6))
    return bytes(v1c.IE_EndUserAddress(length=6, PDPTypeNumber=0x21, PDPAddress=v4) if v4 else v1c.IE_EndUserAddress(length=2, PDPTypeNumber=0x21))


def v1(kind, teid, seq, *elements):
    return bytes(v1c.GTPHeader(S=1, gtp_type=kind, teid=teid, seq=seq) / Raw(b''.join(elements)))


# ---- What is done with them

def learn(frames, conf='', more=()):
    """Frames through GTPControlLearn: the events it told of, and the values of these handlers. They must pass unchanged."""
    r = through(f'p::GTPBearerPrint(ACTIVE false, KEEP 4096); in -> l::GTPControlLearn(p{conf}) -> out', frames, 'p.events', *more)
    if r.out != [bytes(f) for f in frames]:
        print('FRAMES CHANGED', r.err)
    return [x for x in r.values[0].split('\n') if x], r.values[1:]


def story(*steps, conf='', more=()):
    """Steps are a text and frames; prints the events that each step causes, and the values of handlers in the end."""
    frames, before = [], 0
    for text, *those in steps:
        frames += those
        events, _ = learn(frames, conf)
        print(f'{text}:' + (' nothing' if len(events) == before else ''))
        for e in events[before:]:
            print('  ' + e)
        before = len(events)
    for value in learn(frames, conf, more)[1]:
        print(value.strip())


def decoded(frames, *fields):
    """What tshark reads of them; `malformed` if it finds anything wrong."""
    wrpcap('decoded.pcap', [Ether(f) for f in frames])
    args = [x for f in ('_ws.malformed', *fields) for x in ('-e', f)]
    p = subprocess.run(['tshark', '-r', 'decoded.pcap', '-T', 'fields', '-E', 'separator=|', *args], capture_output=True, text=True, check=True)
    return ['malformed' if (x := line.split('|'))[0] else ' '.join(x[1:]) for line in p.stdout.rstrip('\n').split('\n')]
