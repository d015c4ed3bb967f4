#!/bin/bash
# SPDX-License-Identifier: MIT
# Reading a repository of 10,000 files and writing its tree, against `git clone --no-local` of the same, in
# turn, in memory (a disk would be measured instead). The goal is a ratio of at most 1.2. Removing what was
# written counts on neither side.
set -eu
cd "$(dirname "$0")/../.."
program=${BUILD:-build/release}/tests/live/intake/t_repositories
[ -x "$program" ] || make -s "$program"
work=$(mktemp -d -p /dev/shm 2> /dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
export TMPDIR=$work
tests/helper/repositories.sh "$work" large
ours=() theirs=()
for turn in 1 2 3 4 5 6 7; do
	start=$(date +%s%N)
	git -c safe.directory='*' clone -q --no-local "$work/large" "$work/clone-$turn"
	theirs+=($((($(date +%s%N) - start) / 1000000)))
	rm -rf "$work/clone-$turn"
	read -r line < <("$program" read "$work/large")
	ours+=("$(expr "$line" : '.* in \([0-9]*\) ms')")
done
median() {
	printf '%s\n' "$@" | sort -n | sed -n 4p
}
echo "$line"
awk -v ours="$(median "${ours[@]}")" -v theirs="$(median "${theirs[@]}")" 'BEGIN {
	printf "intake of 10,000 files: %d ms, git clone --no-local: %d ms, ratio %.2f (goal 1.2)\n", ours, theirs, ours / theirs
	exit ours > 1.2 * theirs }'
