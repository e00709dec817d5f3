#!/bin/sh
# Makes a machine ready to build, test and demonstrate LightMANO: Debian packages, Node's packages, a
# build. Does only what is missing, so that `npm test` and `npm run demo` can call it each time; when
# all is there it takes a fraction of a second and prints nothing.
#
#   sh scripts/setup.sh [--no-build]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
build=yes
[ "${1:-}" = --no-build ] && build=no

# Package → something that only it brings, which is quicker to look for than to ask dpkg.
packages='
openvswitch-switch  ovs-vswitchd
docker.io           dockerd
osmo-ggsn           sgsnemu
osmo-gtphub         osmo-gtphub
file                file
tcpdump             tcpdump
tshark              tshark
iperf3              iperf3
squid               squid
chromium            chromium
busybox-static      busybox
curl                curl
ethtool             ethtool
iputils-ping        ping
iproute2            ip
util-linux          nsenter
mount               umount
iptables            iptables
nftables            nft
g++                 g++
gcc                 gcc
cmake               cmake
ninja-build         ninja
libdpdk-dev         /usr/include/dpdk/rte_ethdev.h
pkg-config          pkg-config
clang-14            clang-14
python3-scapy       /usr/lib/python3/dist-packages/scapy/__init__.py
'

fail() {
  echo "setup: $1" >&2
  shift
  for line in "$@"; do echo "  $line" >&2; done
  exit 1
}

is_there() {
  case $1 in
  /*) [ -e "$1" ] ;;
  *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

missing_packages() {
  echo "$packages" | while read -r package sign; do
    [ -z "$package" ] || is_there "$sign" || printf '%s ' "$package"
  done
}

# Debian starts a daemon when its package is installed. We only want the programs: the lab runs its own.
# A policy that is there already is somebody's decision and stays, unless a killed setup.sh left it.
policy=/usr/sbin/policy-rc.d
policy_mark='Put here by LightMANO setup.sh for the length of one apt-get.'
forbid_daemons() {
  [ -e "$policy" ] && ! grep -qF "$policy_mark" "$policy" && return
  trap allow_daemons EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\n# %s\nexit 101\n' "$policy_mark" >"$policy"
  chmod 755 "$policy"
}

allow_daemons() {
  [ ! -e "$policy" ] || ! grep -qF "$policy_mark" "$policy" || rm -f "$policy"
}

install_packages() {
  [ "$(id -u)" = 0 ] || fail "these packages are missing: $*" "run as root: sh scripts/setup.sh"
  command -v apt-get >/dev/null 2>&1 ||
    fail "these packages are missing, and there is no apt-get to install them with: $*" \
      "install what your system calls them (the names are Debian's)"
  log=$(mktemp)
  echo "setup: installing $*"
  forbid_daemons
  # The lists may be absent (a fresh container) or old, so a first failure is answered by an update.
  # A lock held by another apt is waited for, and named when it does not go.
  apt="apt-get -q -y -o DPkg::Lock::Timeout=120"
  if ! DEBIAN_FRONTEND=noninteractive $apt install --no-install-recommends "$@" >"$log" 2>&1; then
    echo "setup: refreshing the package lists"
    $apt update >"$log" 2>&1 || apt_failed "apt-get update"
    DEBIAN_FRONTEND=noninteractive $apt install --no-install-recommends "$@" >"$log" 2>&1 ||
      apt_failed "apt-get install $*"
  fi
  allow_daemons
  rm -f "$log"
}

apt_failed() {
  echo "setup: $1 failed; its last lines:" >&2
  tail -n 15 "$log" | sed 's/^/  | /' >&2
  if grep -qi 'could not get lock\|lock-frontend' "$log"; then
    fail "another apt or dpkg is running" "wait until it is done and run this again"
  elif grep -qi 'could not resolve\|failed to fetch\|connection' "$log"; then
    fail "the package mirror cannot be reached" "check the network and the proxy (http_proxy, /etc/apt/apt.conf.d)"
  fi
  fail "the whole log is in $log" "run the command above by hand to see more"
}

check_node() {
  command -v node >/dev/null 2>&1 || fail "Node.js is missing" "install Node.js 20.19 or later, with npm"
  # package.json says the same in "engines".
  version=$(node --version)
  version=${version#v}
  major=${version%%.*}
  rest=${version#*.}
  minor=${rest%%.*}
  if [ "$major" -lt 20 ] || { [ "$major" = 20 ] && [ "$minor" -lt 19 ]; }; then
    fail "Node.js $version is too old" "install Node.js 20.19 or later"
  fi
}

# npm keeps its own copy of the lock file in node_modules; it is as old as the last install.
install_node_packages() {
  installed=node_modules/.package-lock.json
  [ -e "$installed" ] && [ -z "$(find package-lock.json -newer "$installed")" ] && return
  command -v npm >/dev/null 2>&1 || fail "npm is missing" "install it beside Node.js"
  echo "setup: npm ci"
  npm ci --no-audit --no-fund --loglevel=error ||
    fail "npm ci failed (its reason is above)" "check the network; with a registry mirror: npm config get registry"
  touch "$installed"
}

# One stamp for the whole build: any source that is newer asks for a new one, and so does a folder, which is
# newer when a file has gone from it.
build_all() {
  stamp=build/.setup-stamp
  sources='model bus store agent controller dashboard lab click-elements watchdog links scripts bench package.json package-lock.json tsconfig.json'
  if [ -e "$stamp" ] && [ -d dist ] && [ -x build/click/lclick ] && [ -x build/watchdog/lightmano-watchdog ] &&
    [ -x build/links/lightmano-links ]; then
    # shellcheck disable=SC2086 # a list of plain words
    [ -z "$(find $sources -newer "$stamp" -print -quit)" ] && return
  fi
  echo "setup: npm run build"
  mkdir -p build
  # Stamped with the time before the build: what changes during it is built again.
  touch "$stamp.part"
  npm run --silent build || fail "the build failed (its reason is above)" "npm run build"
  mv "$stamp.part" "$stamp"
}

check_node
missing=$(missing_packages)
# shellcheck disable=SC2086 # a list of package names
[ -z "$missing" ] || install_packages $missing
install_node_packages
[ "$build" = no ] || build_all
