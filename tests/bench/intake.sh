#!/bin/bash
# SPDX-License-Identifier: MIT
# Reading a repository of 10,000 files and writing its tree, against `git clone --no-local` of the same, in
# turn. The goal is a ratio of at most 1.2. Needs the built test program, which times one reading.
set -eu
cd "$(dirname "$0")/../.."
program=${BUILD:-build/release}/tests/live/intake/t_repositories
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
tests/helper/repositories.sh "$work" large
ms() {
	local start end
	start=$(date +%s%N)
	"$@" > /dev/null
	end=$(date +%s%N)
	echo $(((end - start) / 1000000))
}
# Both write to the same file system.
export TMPDIR=$work
ours=() theirs=()
for turn in 1 2 3 4 5 6 7; do
	theirs+=("$(ms git clone -q --no-local "$work/large" "$work/clone-$turn")")
	rm -rf "$work/clone-$turn"
	ours+=("$(ms "$program" read "$work/large")")
done
median() {
	printf '%s\n' "$@" | sort -n | sed -n 4p
}
"$program" read "$work/large"
awk -v ours="$(median "${ours[@]}")" -v theirs="$(median "${theirs[@]}")" 'BEGIN {
	printf "intake of 10,000 files: %d ms, git clone --no-local: %d ms, ratio %.2f (goal 1.2)\n", ours, theirs, ours / theirs
	exit ours > 1.2 * theirs }'
