#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every kind of test, a stage each, and ends with one line for machines:
#   check: N passed, N failed, N skipped
# `check.sh full` does what is meant for a release: more seeds, more kills, longer fuzzing.
set -u
cd "$(dirname "$0")/../.." || exit
full=${1:-}
logs=build/check
rm -rf "$logs"
mkdir -p "$logs"
passed=0
failed=0
skipped=0

# stage NAME COMMAND...: counts TAP lines of the command's output; a command without any counts as one test.
stage() {
	local name=$1 log=$logs/$1.log begun=$SECONDS ok bad skips status
	shift
	"$@" > "$log" 2>&1
	status=$?
	skips=$(grep -cE '^ok .*# SKIP' "$log")
	ok=$(($(grep -cE '^ok ' "$log") - skips))
	bad=$(grep -cE '^not ok ' "$log")
	if [ $((ok + bad + skips)) = 0 ]; then
		[ "$status" = 0 ] && ok=1 || bad=1
	elif [ "$status" != 0 ] && [ "$bad" = 0 ]; then
		bad=1
	fi
	passed=$((passed + ok))
	failed=$((failed + bad))
	skipped=$((skipped + skips))
	printf '  %-10s %5d passed %4d failed %4d skipped  %4d s\n' "$name" "$ok" "$bad" "$skips" $((SECONDS - begun))
	if [ "$bad" != 0 ]; then
		# A test's notes stand before its line in C and behind it in shell; a stage without TAP shows its end.
		if [ $((ok + bad + skips)) -gt 1 ]; then
			awk '/^ok |^1\.\./ {notes = ""; behind = 0; next}
				/^not ok / {printf "%s%s\n", notes, $0; notes = ""; behind = 1; next}
				/^#/ {if (behind) print; else notes = notes $0 "\n"; next}
				/Dubious|Non-zero|Parse errors|[Ee]rror [0-9]|ERROR: / {print}' "$log"
		else
			tail -30 "$log"
		fi | head -120 | sed 's/^/    /'
		echo "    (all of it: $log)"
	fi
}

seeds=1
[ "$full" = full ] && seeds=20
# What is killed at random moments: so many.
[ "$full" = full ] && export ROUNDS=100
export VERBOSE=-v
stage layers make -s layers
stage headers make -s headers
stage banned make -s banned
stage unit make -s unit
stage plan make -s plan
stage cli make -s cli
stage live make -s live
stage push make -s push
stage content make -s content SEEDS=$seeds
stage corpus make -s corpus
stage sanitize make -s sanitize
[ "$full" = full ] && stage fuzz make -s fuzz FUZZ_SECONDS=120
echo "check: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
