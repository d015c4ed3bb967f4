#!/bin/bash
# SPDX-License-Identifier: MIT
# Proves every exercise, as TAP: `content.sh MILEPOST MILEPOST_BOX SEEDS`. With one seed: seed 1, and
# then a fresh one, which is printed so that it can be repeated.
set -u
cd "$(dirname "$0")/../.." || exit
milepost=$1
seeds=$3
fresh=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
count=0
failed=0

tap() {
	local line
	while IFS= read -r line; do
		case $line in
		"  ok "*)
			count=$((count + 1))
			echo "ok $count - $1: ${line#  ok }"
			;;
		"  WRONG "*)
			count=$((count + 1))
			failed=$((failed + 1))
			echo "not ok $count - $1: ${line#  WRONG }"
			;;
		"  LACKS "*)
			count=$((count + 1))
			if [ -n "${MILEPOST_MUST_RUN:-}" ]; then
				failed=$((failed + 1))
				echo "not ok $count - $1: ${line#  LACKS }"
			else
				lacked=1
				echo "ok $count - $1: ${line#  LACKS } # SKIP not possible here"
			fi
			;;
		*) echo "# $line" ;;
		esac
	done
}

prove_one() {
	local before=$count status lacked=
	tap "$1" < <("$milepost" prove "$1" --seeds "$2" --first-seed "$3" 2>&1; echo "exit $?" > "$status_file")
	status=$(sed 's/exit //' "$status_file")
	# 4: some language is not on this machine, which is told above.
	[ "$status" = 4 ] && [ -n "$lacked" ] && status=0
	if [ "$status" != 0 ] && [ "$failed" = 0 ] || [ "$count" = "$before" ]; then
		count=$((count + 1))
		failed=$((failed + 1))
		echo "not ok $count - $1: milepost prove ended with $status"
	fi
}

status_file=$(mktemp)
trap 'rm -f "$status_file"' EXIT
ids=$("$milepost" list | awk '/^    [a-z]/ {print $1}')
for id in $ids; do
	prove_one "$id" "$seeds" 1
	[ "$seeds" = 1 ] && prove_one "$id" 1 "$fresh"
done
echo "# the fresh seed was $fresh"
echo "1..$count"
[ "$failed" = 0 ] && [ "$count" != 0 ]
