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

for command in check grade init list show start prove lint new doctor; do
	runs 0 "$milepost" $command --help
	says "milepost $command" "help of $command names it" "$out"
	is "help of $command fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80')" ""
	runs 2 "$milepost" $command --no-such-option
	says "unknown option '--no-such-option'" "$command names an unknown option" "$err"
done

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
runs 2 "$milepost" grade . --trust maybe
says "own foreign" "--trust names its words" "$err"
runs 2 "$milepost" grade . --folder x
says "exactly one --exercise" "--folder needs one exercise" "$err"
runs 2 "$milepost" list --exercises "$work"
says "no milestones.yaml" "a folder that holds no exercises is named" "$err"
runs 2 "$milepost" show hello-apo
says "did you mean 'hello-api'?" "the nearest exercise is offered" "$err"
runs 2 "$milepost" show first-push
says "not published yet" "an exercise that is to come is named" "$err"
is "no errors on standard output" "$out" ""

# A program whose standard descriptors are closed or full.
runs 0 "$milepost" list
"$milepost" list <&- 2>&- > "$work/list"
is "closed descriptors change nothing" "$(cat "$work/list")" "$out"
"$milepost" list > /dev/full 2> "$work/err"
is "a full disk is not silent" $? 4
says "could not be written" "and says so" "$(cat "$work/err")"

done_testing
