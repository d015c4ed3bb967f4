#!/bin/bash
# SPDX-License-Identifier: MIT
# Names and installs the Debian packages that are missing: `install.sh build` or `install.sh test`.
# Nothing to do: says nothing, asks nobody.
set -eu

build="gcc libc6-dev make git ca-certificates pkg-config libseccomp-dev libgit2-dev libssh2-1-dev libcurl4-openssl-dev libyaml-dev libjansson-dev
	libpcre2-dev libsodium-dev libsqlite3-dev libmicrohttpd-dev scdoc libgumbo-dev libcmark-gfm-dev libcmark-gfm-extensions-dev
	libarchive-dev python3 nodejs"
languages="openjdk-17-jdk-headless ruby ruby-webrick bundler php-cli npm"
test="$build $languages
	perl util-linux procps curl hostname openssl openssh-server openssh-client runc libcap2-bin debootstrap dpkg-dev python3-yaml
	libxml2-utils python3-junitparser cmark-gfm python3-jsonschema
	systemd mandoc zsh fish chromium fonts-lohit-deva clang llvm libclang-rt-14-dev"

case ${1:-} in
build) wanted=$build ;;
test) wanted=$test ;;
*)
	echo "usage: install.sh build|test" >&2
	exit 2
	;;
esac

missing=
for package in $wanted; do
	case $package in
	# A newer Node.js from elsewhere does as well as Debian's.
	nodejs) [ -x /usr/bin/node ] && continue ;;
	npm) [ -x /usr/bin/npm ] && continue ;;
	esac
	dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "milepost needs these Debian packages:$missing" >&2
if [ "$(id -u)" = 0 ]; then
	as_root=
elif command -v sudo > /dev/null; then
	as_root=sudo
else
	echo "Installing them needs root, and there is no sudo. As root type, and then come back:" >&2
	echo "  apt-get update && apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
echo "Installing them now${as_root:+, with sudo}." >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt_get() {
	# shellcheck disable=SC2086
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@" > "$log" 2>&1 || {
		cat "$log" >&2
		return 1
	}
}
# shellcheck disable=SC2086
apt_get install -y --no-install-recommends $missing 2> /dev/null || {
	apt_get update
	apt_get install -y --no-install-recommends $missing
}
