"""Sends its arguments to ControlSocket `s`, each a write, and prints the answers."""
import socket
import sys
import time

for _ in range(200):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.connect('s')
        break
    except OSError:
        time.sleep(0.02)
s.settimeout(5)
for a in sys.argv[1:]:
    s.sendall(a.encode().decode('unicode_escape').encode('latin1'))
    time.sleep(0.02)
s.sendall(b'QUIT\n')
out = b''
while True:
    b = s.recv(65536)
    if not b:
        break
    out += b
print(out.decode('latin1').replace('\r\n', '<CRLF>\n'))
