#!/bin/sh
# SPDX-License-Identifier: MIT
# The catalogues of other languages: whole, without mistakes, true to the English of the program,
# and readable in 80 columns.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
milepost=$top/${BUILD:-build/release}/milepost
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

is "no catalogue has a mistake or a gap" "" \
	"$("$milepost" lint --exercises "$top/exercises" | grep 'messages.yaml')"
is "what a catalogue translates is a sentence that the program makes" "" \
	"$(/usr/bin/python3 "$top/tests/helper/sentences.py" "$top" 2>&1)"

# A slip in each kind of entry must be told: this test can fail.
cp -R "$top/exercises" "$work/exercises"
sed -i 's/"port %d": "port %1"/"portt %d": "port"/' "$work/exercises/text/hi/messages.yaml"
is "a place that is missing is told with its line" 1 \
	"$("$milepost" lint --exercises "$work/exercises" | grep -c 'hi/messages.yaml:[0-9]*:[0-9]*: the place %1 is missing')"
sed -i 's/"portt %d": "port"/"portt %d": "port %1"/' "$work/exercises/text/hi/messages.yaml"
ln -s "$top/grader" "$work/grader"
is "a sentence that nothing makes is told" 1 \
	"$(/usr/bin/python3 "$top/tests/helper/sentences.py" "$work" 2>&1 | grep -c "portt")"

for task in "$top"/exercises/[1-9]/*/text/hi/task.md; do
	id=$(basename "${task%/text/hi/task.md}")
	is "milepost show $id speaks Hindi when asked" 1 \
		"$("$milepost" show $id --language hi --exercises "$top/exercises" | grep -c '^## क्या बनाना है$')"
	is "the task of $id is English without asking" 1 \
		"$(cd / && "$milepost" show $id --exercises "$top/exercises" | grep -c '^## What you build$')"
	is "the task of $id has the same commands in both languages" \
		"$(grep '^    ' "$top"/exercises/*/$id/text/en/task.md)" \
		"$(grep '^    ' "$top"/exercises/*/$id/text/hi/task.md | sed 's|text/hi|text/en|')"
done
is "a language without a catalogue is refused, with what there is" \
	"milepost: --language: there is no 'ta' yet; there is: en, hi" \
	"$("$milepost" show first-push --language ta --exercises "$top/exercises" 2>&1 | head -1)"
echo "1..$count"
