#!/bin/sh
# SPDX-License-Identifier: MIT
# The sample repository: what demo and tests grade is the same everywhere, each time.
set -u
here=$(cd "$(dirname "$0")" && pwd)
sample=$here/../helper/sample.sh
exercises=${MILEPOST_EXERCISES:-$here/../../exercises}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0

is() { # TITLE WANTED GOT
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		echo "# wanted: $2"
		echo "# got:    $3"
	fi
}

for state in python/starter python/reference python/html-errors python/mixed \
	node/starter node/reference node/mixed; do
	track=${state%/*}
	once=$(sh "$sample" "$work/$state/once" "$track" "${state#*/}")
	again=$(umask 077 && cd "$work" && TZ=Asia/Tokyo GIT_AUTHOR_NAME=other GIT_DIR=/nowhere \
		sh "$sample" "$state/again" "$track" "${state#*/}")
	is "$state is the same commit for everybody" "$once" "$again"
	is "$state leaves a clean work tree" "" "$(git -C "$work/$state/once" status --porcelain)"
done

default=$(sh "$sample" "$work/default")
is "python and mixed are the default" "$(git -C "$work/python/mixed/once" rev-parse HEAD)" "$default"
is "the handle is filled in everywhere" "" \
	"$(grep -rl '{{' "$work/default" "$work/node/mixed/once" --exclude-dir=.git)"

solved=$work/python/reference/once/exercises/khata-totals/totals.py
is "reference holds the reference" "" \
	"$(diff "$solved" "$exercises/2/khata-totals/reference/python/totals.py")"
is "mixed holds the slip" "1" \
	"$(grep -c 'self.send_error(problem.status)' "$work/default/exercises/hello-api/app.py")"

sh "$sample" "$work/default" >"$work/out" 2>&1
is "a folder with something in it is refused" "2" "$?"
sh "$sample" "$work/new" cobol >"$work/out" 2>&1
is "an unknown track is refused" "2" "$?"
sh "$sample" "$work/new" node html-errors >"$work/out" 2>&1
is "html-errors is there in Python only" "2" "$?"
is "what is refused leaves nothing behind" "" "$(ls -A "$work/new" 2>/dev/null)"
echo "1..$count"
