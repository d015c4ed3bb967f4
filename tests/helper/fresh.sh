#!/bin/bash
# SPDX-License-Identifier: MIT
# The README's two commands in a new Debian 12 made by debootstrap, with git and make and nothing else:
# what they need they must install themselves. Needs root, and Debian's package mirror.
#   FRESH_ROOT=DIR    where to make the root (default: build/fresh); it is removed afterwards
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || {
	echo "make fresh needs root: sudo make fresh" >&2
	exit 1
}
command -v debootstrap > /dev/null || apt-get install -y --no-install-recommends debootstrap > /dev/null
root=$(realpath -m "${FRESH_ROOT:-build/fresh}")
mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) bookworm main.*/\2/p' \
	/etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null | head -1)

leave() {
	rm -rf --one-file-system "$root"
}
trap leave EXIT
leave
mkdir -p "$root"
echo "fresh: making a Debian 12 with git and make"
debootstrap --variant=minbase --include=git,make,ca-certificates bookworm "$root" ${mirror:+"$mirror"} > "$root.log" 2>&1 || {
	tail -20 "$root.log" >&2
	exit 1
}
# Debian's own package sources and nothing else.
cat > "$root/etc/apt/sources.list" << END
deb ${mirror:-http://deb.debian.org/debian} bookworm main
deb ${mirror:-http://deb.debian.org/debian} bookworm-updates main
deb ${mirror:-http://deb.debian.org/debian}-security bookworm-security main
END
[ -f /etc/apt/apt.conf ] && cp /etc/apt/apt.conf "$root/etc/apt/"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
git clone -q --no-hardlinks . "$root/srv/milepost"

# Not chroot: the kernel makes no user namespace for a process whose root is not that of its mount namespace.
# The mounts live in a namespace of their own, and go with its last process.
# shellcheck disable=SC2016
enter='set -eu
	cd "$0"
	mount --rbind . . && cd "$0"
	mount -t proc proc proc
	mount --rbind /sys sys
	mount --rbind /dev dev
	pivot_root . .
	umount -l .
	cd /srv/milepost
	exec "$@"'
inside() {
	unshare --mount --propagation slave sh -c "$enter" "$root" env -i \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		${MILEPOST_MUST_RUN:+MILEPOST_MUST_RUN=1} "$@"
}
for command in "make demo" "make check"; do
	echo "fresh: $command"
	begun=$SECONDS
	inside sh -c "$command" || {
		echo "fresh: '$command' failed" >&2
		exit 1
	}
	echo "fresh: '$command' took $((SECONDS - begun)) s"
done
