# For tests of the language of IPFilter and IPClassifier, after frames.sh: more packets, and what patterns match.
TOS=45bb002212340000011166c80a0102030a01ff0203e807d0000e9c2468656c6c6f21
RST=450000280001000040060000c0a80001ac1000010016ffff00000001000000005004100000000000
FIN=450000280001000040060000c0a80001ac100001ffff005000000001000000005019100000000000
HOST=4500001c0001000040010000c0a800010a0000020301000000000000
GRE=4500001c00010000402f0000c0a80001e00000090000080000000000
LATETCP=4500002400010002400600000a0000010a00000203e8005000000001000000005002200077a70000

# which PATTERN: the packets that it matches, by their names; or what is wrong with it.
which() {
  elements=''
  for name in UDP SYN DATA PING FIRST LATER OPTIONS TOS RST FIN HOST GRE LATETCP; do
    eval "bytes=\$$name"
    elements="$elements InfiniteSource(\\<020202020202 030303030303 0800 $bytes>, LIMIT 1) -> MarkMACHeader -> Strip(14) -> MarkIPHeader -> IPFilter(allow $1) -> Print($name, 0) -> Discard;"
  done
  $LCLICK --simtime -e "$2 $elements Script(wait 1ms, stop)" 2>&1 |
    sed -n 's/^\([A-Z0-9]*\): .*$/\1/p;s/^  \(pattern\|rule\) 0/error/p' | sort -u | tr '\n' ' '
  echo
}
