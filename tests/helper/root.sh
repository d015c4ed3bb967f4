# SPDX-License-Identifier: MIT
# A new Debian 12 in a folder, for tests that want a machine with nothing of ours: source it.
#
#   root_make FOLDER PACKAGE,PACKAGE...     by debootstrap; needs root and Debian's package mirror
#   root_inside FOLDER WHERE COMMAND...     run there, in the folder WHERE, with the environment of a new login
# shellcheck shell=bash

root_make() {
	local root=$1 packages=$2 mirror file
	mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) bookworm main.*/\2/p' \
		/etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null | head -1)
	[ -n "$mirror" ] || {
		echo "no package mirror of bookworm stands in /etc/apt" >&2
		return 1
	}
	mkdir -p "$root"
	debootstrap --variant=minbase --include="$packages" bookworm "$root" "$mirror" > "$root.log" 2>&1 || {
		tail -20 "$root.log" >&2
		return 1
	}
	# Debian's own package sources and nothing else.
	cat > "$root/etc/apt/sources.list" << END
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb $mirror-security bookworm-security main
END
	# How this machine reaches its package sources, and whom it trusts.
	for file in /etc/apt/apt.conf /etc/npmrc /etc/ssl/certs/ca-certificates.crt /etc/resolv.conf /etc/hosts; do
		[ -f $file ] && cp $file "$root$file"
	done
}

# Not chroot: the kernel makes no user namespace for a process whose root is not that of its mount namespace.
# The mounts live in a namespace of their own, and go with its last process.
# shellcheck disable=SC2016
root_enter='set -eu
	cd "$0"
	mount --rbind . . && cd "$0"
	mount -t proc proc proc
	mount --rbind /sys sys
	mount --rbind /dev dev
	pivot_root . .
	umount -l .
	cd "$1"
	shift
	exec "$@"'
root_inside() {
	local root=$1 where=$2
	shift 2
	unshare --mount --propagation slave sh -c "$root_enter" "$root" "$where" env -i \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		${npm_config_registry:+npm_config_registry="$npm_config_registry"} \
		${MILEPOST_MUST_RUN:+MILEPOST_MUST_RUN=1} "$@"
}
