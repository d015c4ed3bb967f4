#!/bin/bash
# SPDX-License-Identifier: MIT
# What a user types wrong gets one clear line and exit status 2.
. "$(dirname "$0")/../helper/tap.sh"

runs 0 "$milepost" --version
says "milepost 0." "--version says which" "$out"
runs 0 "$milepost" --help
says "check" "--help lists the commands" "$out"
is "--help fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80')" ""
runs 2 "$milepost"
runs 2 "$milepost" chekc
says "did you mean 'check'?" "the nearest command is offered" "$err"
runs 2 "$milepost" xyzzy
says "milepost --help" "an unknown command leads to the list" "$err"

for command in check grade init list show start prove lint new doctor "admin learner add" "admin tickets list" "admin backup"; do
	# shellcheck disable=SC2086
	runs 0 "$milepost" $command --help
	says "milepost $command" "help of $command names it" "$out"
	is "help of $command fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80')" ""
	# shellcheck disable=SC2086
	runs 2 "$milepost" $command --no-such-option
	says "unknown option '--no-such-option'" "$command names an unknown option" "$err"
done

for group in "" admin "admin learner" "admin tickets" "admin policy" "admin instructor"; do
	# shellcheck disable=SC2086
	runs 0 "$milepost" $group --help
	is "the list of 'milepost $group' fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80')" ""
done

runs 0 "$milepost" check hello-api --help
says "milepost check [ID]" "help may be asked for behind a word" "$out"
runs 0 "$milepost" help grade
says "milepost grade REPOSITORY" "help of a command, the other way round" "$out"
runs 2 "$milepost" check -x
says "unknown option '-x'" "an option is named as it was typed" "$err"

runs 2 "$milepost" grade
says "a word is missing" "grade without a repository says so" "$err"
runs 2 "$milepost" grade a b
says "too many words" "grade of two repositories says so" "$err"
runs 2 "$milepost" grade . --sed 7
says "did you mean '--seed'?" "the nearest option is offered" "$err"
runs 2 "$milepost" grade . --seed seven
says "'seven' is not a whole number" "a seed that is none is named" "$err"
runs 2 "$milepost" grade . --seed 18446744073709551616
says "18446744073709551615" "the largest seed is named" "$err"
runs 2 "$milepost" grade . --format pdf
says "unknown format 'pdf'; there is text, json" "an unknown format leads to those there are" "$err"
runs 2 "$milepost" grade . --fail-under 101
says "0 to 100" "--fail-under has bounds" "$err"
for percent in -1 60%% 1000% 60.5 "" %; do
	runs 2 "$milepost" grade . --fail-under "$percent"
	says "'$percent' is not a per cent from 0 to 100" "'$percent' is no bar" "$err"
done
runs 2 "$milepost" grade . --seed ""
says "'' is not a whole number" "an empty seed is named" "$err"
for folder in /etc .. a/../../b; do
	runs 2 "$milepost" grade . --exercise hello-api --folder $folder
	says "below the top of the repository" "--folder $folder is refused" "$err"
done
runs 2 "$milepost" grade . --output "$work"
says "Is a directory" "a folder is no report" "$err"
runs 2 "$milepost" grade . --output "$work/nowhere/card.html"
says "No such file" "a folder that is not there is named" "$err"
runs 2 "$milepost" grade . --trust maybe
says "own foreign" "--trust names its words" "$err"
runs 2 "$milepost" grade . --folder x
says "exactly one --exercise" "--folder needs one exercise" "$err"
runs 2 "$milepost" list --exercises "$work"
says "no milestones.yaml" "a folder that holds no exercises is named" "$err"
runs 2 "$milepost" show hello-apo
says "did you mean 'hello-api'?" "the nearest exercise is offered" "$err"
for language in en hi; do
	for task in "$top"/exercises/[1-9]/*/text/$language/task.md; do
		id=$(basename "${task%/text/*}")
		runs 0 "$milepost" show "$id" --language $language
		is "the $language task of $id fits 80 columns, but for code" "" \
			"$(printf '%s\n' "$out" | /usr/bin/python3 -c '
import sys, unicodedata
for line in sys.stdin:
    width = sum(unicodedata.category(c) not in ("Mn", "Me", "Cf") for c in line.rstrip("\n"))
    if width > 80 and not line.startswith("    "):
        print(line, end="")')"
	done
done
runs 2 "$milepost" show hello
says "unknown exercise 'hello'; did you mean 'hello-api'?" "an exercise whose id begins so is offered" "$err"
runs 2 "$milepost" show totals
says "did you mean 'khata-totals'?" "and one whose id contains it" "$err"
runs 2 "$milepost" show -- pag
says "did you mean 'profile-page'?" "by a part of a word too" "$err"
runs 2 "$milepost" show ro
says "milepost list shows them" "two letters may be anything" "$err"
runs 2 "$milepost" show contract-first
says "not published yet" "an exercise that is to come is named" "$err"
is "no errors on standard output" "$out" ""

MILEPOST_EXERCISES='' runs 0 "$milepost" list

# A program whose standard descriptors are closed or full.
runs 0 "$milepost" list
"$milepost" list <&- 2>&- > "$work/list"
is "closed descriptors change nothing" "$(cat "$work/list")" "$out"
"$milepost" list > /dev/full 2> "$work/err"
is "a full disk is not silent" $? 4
says "could not be written" "and says so" "$(cat "$work/err")"
# A reader that has enough. (The first write fails: head is gone already.)
(sleep 0.3; "$milepost" list; echo $? > "$work/status") 2> "$work/err" | true
is "a reader that is gone is no mistake" "$(cat "$work/status" "$work/err")" 0

done_testing
