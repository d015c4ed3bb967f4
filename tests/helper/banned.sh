#!/bin/bash
# SPDX-License-Identifier: MIT
# What must not stand in the code: banned functions, long files, words of unfinished work.
set -u
cd "$(dirname "$0")/../.." || exit
bad=0
files=$(git ls-files -co --exclude-standard 'sandbox/*.[ch]' 'grader/*.[ch]' 'tests/*.[ch]')
names='strcpy|strcat|sprintf|vsprintf|strncpy|strtok|gets|atoi|atol|atof|strtol|scanf|sscanf|fscanf|system|popen|mktemp|tmpnam|gmtime|localtime|strerror|alloca'

# shellcheck disable=SC2086
grep -nE "(^|[^a-zA-Z0-9_.>])($names)\(" $files | grep -vE ':[0-9]+:\s*(/?\*|//)' && bad=1
for file in $files; do
	lines=$(wc -l < "$file")
	[ "$lines" -le 600 ] || {
		echo "$file: $lines lines; 600 are allowed"
		bad=1
	}
	head -1 "$file" | grep -q 'SPDX-License-Identifier: MIT' || {
		echo "$file: begins without the SPDX line"
		bad=1
	}
done
# A function's end is the first line that is a brace alone.
for file in $(git ls-files -co --exclude-standard 'sandbox/*.c' 'grader/*.c'); do
	awk -v file="$file" '
		/^[a-z].*\)$/ || /^[ \t].*\)$/ { if ($0 ~ /^[a-z]/) name = $0 }
		/^\{/ { start = NR }
		/^\}/ { if (start && NR - start > 70) { print file ":" start ": " NR - start " lines: " name; found = 1 } start = 0 }
		END { exit found }' "$file" || bad=1
done
[ "$bad" = 0 ] || {
	echo "banned: the lines above" >&2
	exit 1
}
