#!/bin/bash
# SPDX-License-Identifier: MIT
# Common slips, forty and more, each made by a real service, and the sentence that its learner sees. The table is slips/slips.py.
# shellcheck source=tests/helper/tap.sh
. "$(dirname "$0")/../helper/tap.sh"
slips=$top/tests/live/slips/slips.py

is "docs/slips.md is what the table prints" "$(/usr/bin/python3 "$slips" print | diff - "$top/docs/slips.md")" ""
folders=$(/usr/bin/python3 "$slips" prepare "$work")
chmod -R a+rX "$work"
for folder in $folders; do
	[ -n "$folder" ] || continue
	git init -q -b main "$work/$folder" && git -C "$work/$folder" config core.autocrlf false && git -C "$work/$folder" add -A
	git -C "$work/$folder" -c user.name=Asha -c user.email=asha@example.invalid commit -q -m slip
	capture "$milepost" grade "$work/$folder" --exercises "$work/exercises" --seed 7 --format json --output "$work/$folder.json"
	is "$folder is graded, and below the bar" "$status $err" "1 "
done
# No slip: a script without its execute bit is run by the interpreter behind its #!, as Windows lets nobody set it.
place=$work/script-no-exec/exercises/hello-api
printf '#!/bin/sh\nexec python3 app.py\n' > "$place/serve.sh"
runs 0 "$milepost" grade "$work/script-no-exec" --worktree --exercises "$work/exercises" --seed 7
# Nor is CRLF in milepost.yaml: to YAML it is a line end like another, and no part of the command.
printf 'run: python3 totals.py\r\nlanguage: python\r\n' > "$work/sh-crlf/exercises/khata-totals/milepost.yaml"
runs 0 "$milepost" grade "$work/sh-crlf" --worktree --exercises "$work/exercises" --seed 7
/usr/bin/python3 "$slips" judge "$work" > "$work/judged"
while IFS= read -r line; do
	case $line in
	ok*) result 0 "${line#*- }" ;;
	not*) result 1 "${line#*- }" ;;
	1..*) ;;
	*) echo "$line" ;;
	esac
done < "$work/judged"
is "the table has forty rows or more" "$(($(grep -c 'ok [0-9]' "$work/judged") >= 40))" 1
done_testing
