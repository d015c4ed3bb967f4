#!/bin/bash
# SPDX-License-Identifier: MIT
# Every include against the table of rooms in the Makefile (ROOM_TABLE comes in by the environment):
# a file may include its own room, the rooms that its row names, and what those may include.
set -eu

declare -A folder deps
while read -r room dir may _; do
	[ -n "${room:-}" ] || continue
	folder[$room]=$dir
	deps[$room]=${may//,/ }
done <<< "$ROOM_TABLE"

# All rooms below $1, itself included.
below() {
	local seen=" $1 " todo=$1 room
	while [ -n "$todo" ]; do
		room=${todo%% *}
		todo=${todo#"$room"}
		todo=${todo# }
		for d in ${deps[$room]}; do
			[ "$d" = - ] && continue
			case $seen in *" $d "*) continue ;; esac
			seen="$seen$d "
			todo="$todo $d"
			todo=${todo# }
		done
	done
	echo "$seen"
}

bad=0
complain() {
	echo "$1" >&2
	bad=$((bad + 1))
}

for room in "${!folder[@]}"; do
	allowed=$(below "$room")
	for file in "${folder[$room]}"/*.[ch]; do
		[ -e "$file" ] || continue
		while IFS=: read -r line header; do
			dir=${header%/*}
			owner=
			for r in "${!folder[@]}"; do [ "${folder[$r]}" = "$dir" ] && owner=$r; done
			if [ -z "$owner" ]; then
				complain "$file:$line: \"$header\" lies in no room of the table"
			else
				case $allowed in
				*" $owner "*) ;;
				*) complain "$file:$line: room $room may not include $header" ;;
				esac
			fi
		done < <(sed -n 's/^#include "\(\(sandbox\|grader\)\/[^"]*\)".*/\1/;t show;b;:show;=;p' "$file" | paste -d: - -)
		case ${folder[$room]} in
		grader/bench | grader/fixture | grader/intake | grader/wire | grader/serve | grader/cmd | grader/grade | sandbox/*) ;;
		*) grep -n '#include <milepost/box.h>' "$file" | while IFS=: read -r line _; do
			echo "$file:$line: room $room may not include <milepost/box.h>" >&2
		done | grep . && bad=$((bad + 1)) ;;
		esac
	done
done

# Folders with code that the table does not know.
for dir in sandbox/*/ grader/*/; do
	dir=${dir%/}
	[ "$dir" = sandbox/include ] && continue
	ls "$dir"/*.[ch] > /dev/null 2>&1 || continue
	known=
	for r in "${!folder[@]}"; do [ "${folder[$r]}" = "$dir" ] && known=1; done
	[ -n "$known" ] || complain "$dir: no row in the Makefile's ROOM_TABLE"
done

[ "$bad" = 0 ] || {
	echo "layers: $bad includes go the wrong way" >&2
	exit 1
}
echo "layers: every include follows the table of ${#folder[@]} rooms"
