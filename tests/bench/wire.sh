#!/bin/bash
# SPDX-License-Identifier: MIT
# Requests to a service in a box beside the same libcurl loop without one. Goal: at least 0.9.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build/release}
rooms=()
for room in base host plan jail box; do rooms+=("$build/rooms/$room.a"); done
make -s "${rooms[@]}"
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
"${CC:-gcc}" -std=c17 -D_GNU_SOURCE -O2 -I. -Isandbox/include -o "$work/wire" tests/bench/wire.c \
	-Wl,--start-group "${rooms[@]}" -Wl,--end-group $(pkg-config --cflags --libs libcurl libseccomp)
"$work/wire" "$work/wire"
