#!/bin/sh
# Builds the root file system of the image lightmano/squid:1 from the squid that Debian installed on
# this machine: the program, the libraries it loads, its error pages, and busybox for a look inside.
# No registry is asked, nothing is downloaded, Squid is not modified.
#
#   build-image.sh OUT.tar
#   docker import -c 'USER proxy' -c 'CMD ["/usr/sbin/squid","-N","-f","/etc/squid/squid.conf"]' \
#     OUT.tar lightmano/squid:1
set -eu

out=${1:?usage: build-image.sh OUT.tar}
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
for program in squid busybox ldd tar; do
  command -v "$program" >/dev/null || {
    echo "build-image: $program is missing (apt-get install squid busybox-static)" >&2
    exit 1
  }
done

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM
mkdir -p "$root/bin" "$root/sbin" "$root/usr/bin" "$root/usr/sbin" "$root/etc/squid" \
  "$root/usr/share/squid" "$root/var/log/squid" "$root/var/spool/squid" "$root/run" "$root/tmp"
chmod 755 "$root"
chmod 1777 "$root/tmp"

squid=$(command -v squid)
cp "$squid" "$root/usr/sbin/squid"
# Squid refuses to start where unlinkd is missing, also when it has no disk cache to unlink from.
mkdir -p "$root/usr/lib/squid"
cp /usr/lib/squid/unlinkd "$root/usr/lib/squid/"
# ldd prints "name => /path (addr)" and, for the loader, "/path (addr)".
ldd "$squid" /usr/lib/squid/unlinkd | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u |
  while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done

cp /usr/share/squid/mime.conf "$root/usr/share/squid/"
mkdir -p "$root/usr/share/squid/errors"
cp -rL /usr/share/squid/errors/templates "$root/usr/share/squid/errors/templates"
[ -d /usr/share/squid/icons ] && cp -rL /usr/share/squid/icons "$root/usr/share/squid/icons"
[ -e /etc/squid/errorpage.css ] && cp /etc/squid/errorpage.css "$root/etc/squid/"
cp "$here/squid.conf" "$root/etc/squid/squid.conf"
echo 'error_directory /usr/share/squid/errors/templates' >>"$root/etc/squid/squid.conf"

cp -L "$(command -v busybox)" "$root/bin/busybox"
for applet in sh cat ls ps ip netstat wget head tail grep kill; do ln -s busybox "$root/bin/$applet"; done

printf 'root:x:0:0:root:/root:/bin/sh\nproxy:x:13:13:proxy:/var/spool/squid:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nproxy:x:13:\nnogroup:x:65534:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
chown -R 13:13 "$root/var/log/squid" "$root/var/spool/squid" "$root/run"

# Under another name first, so that a build cut short leaves no half image behind.
tar --sort=name --mtime=@0 --numeric-owner -C "$root" -cf "$out.part" .
mv "$out.part" "$out"
