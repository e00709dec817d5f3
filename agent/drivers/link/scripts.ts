/**
 * The shell scripts of the link driver. To start a program from Node costs several ms, from a small shell less
 * than one, so each operation is one spawn of a fixed script. What varies comes as its positional parameters
 * and never becomes script text.
 */

/** Runs a command and, when it fails, says which one it was: `RTNETLINK answers: File exists` alone does not. */
const PRELUDE = `do_() { "$@" >/dev/null || { code=$?; echo "($*)" >&2; return $code; }; }
# A here-document, and no pipe: that would be two processes more.
ip_batch() {
  do_ ip -batch - <<END || { echo "$1" >&2; return 1; }
$1
END
}
`;

/** $1: lines for ip -batch (or nothing); $2: features for ethtool; then interfaces to set them on. */
export const PREPARE = `${PRELUDE}
[ -z "$1" ] || ip_batch "$1" || exit
features=$2; shift 2
for name; do
  # The features are words of their own: left unquoted on purpose.
  do_ ethtool -K "$name" $features || exit
done`;

/**
 * $1: lines for ip -batch; $2: interface; then pairs of a port and the local port to redirect it to. Run inside
 * the container's network namespace. A function meets senders that are not routed back the way they came
 * (subscribers behind a gateway): rp_filter would drop them. /proc/sys/net is that of the namespace of whoever
 * opens it, so this writes the container's.
 */
const CONFIGURE_INSIDE = `${PRELUDE}
ip_batch "$1" || exit
name=$2; shift 2
do_ ethtool -K "$name" tx off || exit
for scope in all "$name"; do echo 0 >"/proc/sys/net/ipv4/conf/$scope/rp_filter" || exit; done
redirect() {
  do_ iptables -w -t nat "$1" PREROUTING -i "$name" -p tcp --dport "$2" -j REDIRECT --to-ports "$3"
}
while [ $# -ge 2 ]; do
  redirect -C "$1" "$2" 2>/dev/null || redirect -A "$1" "$2" || exit
  shift 2
done`;

/**
 * $1: container's pid; $2: lines for ip -batch outside; $3: interface outside; the rest is CONFIGURE_INSIDE's.
 * A pid may be another process's by now: one in the node's own namespace must never get a container's address.
 */
export const ATTACH = `${PRELUDE}
pid=$1
[ "/proc/$pid/ns/net" -ef /proc/self/ns/net ] && { echo "process $pid is not in a container" >&2; exit 1; }
ip_batch "$2" || exit
do_ ethtool -K "$3" tx off || exit
shift 3
exec nsenter -t "$pid" -n sh -c '${CONFIGURE_INSIDE.replaceAll("'", `'\\''`)}' sh "$@"`;

/** $1: interface. Not there is no error. */
export const REMOVE = `
words=$(ip link del dev "$1" 2>&1) || ! ip link show dev "$1" >/dev/null 2>&1 || { echo "$words" >&2; exit 1; }`;
