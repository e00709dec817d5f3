"""A service manager's end of sd_notify(3): binds the datagram socket, prints a line of JSON a datagram. Argument: its name."""
import json
import socket
import sys

name = sys.argv[1]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind("\0" + name[1:] if name.startswith("@") else name)
print(json.dumps("bound"), flush=True)
while True:
    print(json.dumps(manager.recv(4096).decode()), flush=True)
