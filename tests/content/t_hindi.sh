#!/bin/bash
# SPDX-License-Identifier: MIT
# A known-bad submission of each exercise, graded in Hindi: no English sentence of ours is left, and
# every line fits a terminal.
. "$(dirname "$0")/../helper/tap.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

# left REPORT: what is still English, or too wide.
left() {
	printf '%s\n' "$1" | /usr/bin/python3 "$top/tests/helper/english_left.py"
}

# spoil ID TRACK NAME: a reference becomes a known-bad submission.
spoil() {
	local folder from
	folder=$(echo "$top"/exercises/[1-9]/"$1")
	from=$folder/reference/$2
	[ -d "$from" ] || from=$folder/reference/plain
	mkdir -p "exercises/$1"
	cp -R "$from/." "exercises/$1"
	git apply --directory="exercises/$1" "$folder/bad/$3.patch"
}

runs 0 "$milepost" init "$work/road" --track python --handle asha
cd "$work/road" || exit
git config user.name "Asha Rao"
git config user.email asha@example.com
sed -i 's/^feedback: en/feedback: hi/' learner.yaml
mkdir -p exercises/first-push
printf asha > exercises/first-push/hello.txt
while read -r id track name; do
	ok "$id: $name is made" spoil "$id" "$track" "$name"
done << 'END'
profile-page python no-labels
khata-totals python skips-bad-lines
log-detective node standard-input-only
route-planner python unknown-is-none
hello-api python html-errors
END
git add --all
git commit -q -m "Try each exercise, with a slip in each"

# One that is not in the table above would go unread.
for folder in "$top"/exercises/[1-9]/*/; do
	ok "$(basename "$folder") is tried" test -d "exercises/$(basename "$folder")"
done
capture "$milepost" grade .
is "graded, and the exit status says that not all passed" "$status" 1
for folder in exercises/*/; do
	id=$(basename "$folder")
	says " ठीक करो: milepost check $id" "$id has something to mend, in Hindi" "$out"
done
is "no English sentence of ours is left in the report" "$(left "$out")" ""
capture "$milepost" list
is "none in the road" "$(left "$out")" ""
for folder in exercises/*/; do
	id=$(basename "$folder")
	capture "$milepost" show "$id"
	# The task between them is a page of its own.
	is "none around the task of $id" \
		"$(left "$(printf '%s\n' "$out" | sed -n '1,2p; /^क्या जाँचा जाता है:$/,$p')")" ""
done

# This test can fail: without one sentence of the catalogue, the English one is found.
cp -R "$top/exercises" "$work/exercises"
sed -i '/^  "The exit status is not the wanted one."/d' "$work/exercises/text/hi/messages.yaml"
capture "$milepost" check khata-totals --exercises "$work/exercises"
is "a sentence without translation is found" \
	"$(left "$out")" "English: bad-line: The exit status is not the wanted one."
is "a line that is too wide is found" "$(left "$(printf 'की%.0s' $(seq 41))")" \
	"82 columns: $(printf 'की%.0s' $(seq 41))"
done_testing
