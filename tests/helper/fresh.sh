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
. tests/helper/root.sh

leave() {
	rm -rf --one-file-system "$root"
}
trap leave EXIT
leave
mkdir -p "$root"
echo "fresh: making a Debian 12 with git and make"
root_make "$root" git,make,ca-certificates
git clone -q --no-hardlinks . "$root/srv/milepost"

for command in "make demo" "make check"; do
	echo "fresh: $command"
	begun=$SECONDS
	root_inside "$root" /srv/milepost sh -c "$command" || {
		echo "fresh: '$command' failed" >&2
		exit 1
	}
	echo "fresh: '$command' took $((SECONDS - begun)) s"
done
