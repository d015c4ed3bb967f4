#!/bin/bash
# SPDX-License-Identifier: MIT
# Transactions of the ledger beside bare appends to a file, on the disk that holds TMPDIR. Goal: at least 0.5.
set -eu
cd "$(dirname "$0")/../.."
build=${BUILD:-build/release}
rooms=()
for room in base model ledger; do rooms+=("$build/rooms/$room.a"); done
make -s "${rooms[@]}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${CC:-gcc}" -std=c17 -D_GNU_SOURCE -O2 -I. -Isandbox/include -o "$work/ledger" tests/bench/ledger.c \
	-Wl,--start-group "${rooms[@]}" -Wl,--end-group $(pkg-config --cflags --libs sqlite3 libsodium jansson)
"$work/ledger" "$work"
