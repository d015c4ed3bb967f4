#!/bin/bash
# SPDX-License-Identifier: MIT
# The manual pages, shell completion and --help say the same: what the tables of commands and options hold.
. "$(dirname "$0")/../helper/tap.sh"

for program in milepost milepost-box; do
	"$top/${BUILD:-build/release}/$program" manual > "$work/$program.scd"
	is "docs/man/$program.1.scd is what $program manual prints" \
		"$(diff "$top/docs/man/$program.1.scd" "$work/$program.scd" && echo same)" same
	if command -v scdoc > /dev/null && command -v mandoc > /dev/null; then
		ok "scdoc reads the page of $program" sh -c "scdoc < '$work/$program.scd' > '$work/$program.1'"
		# scdoc itself writes a paragraph too many here and there, which changes nothing.
		is "mandoc finds no fault in it" \
			"$(mandoc -T lint -W warning "$work/$program.1" | grep -v 'skipping paragraph macro')" ""
	else
		skip "scdoc and mandoc are not installed" "the page of $program is a manual page"
	fi
done

for shell in bash zsh fish; do
	"$milepost" completion $shell > "$work/complete.$shell"
done
"$milepost_box" completion > "$work/complete.box"
# commands_of [WORD]...: every command that is no group, with the words before it.
commands_of() {
	local word
	for word in $("$milepost" "$@" --help | sed -n 's/^  \([a-z]*\)  *[^ -].*/\1/p' | grep -vx milepost); do
		if "$milepost" "$@" "$word" --help | head -1 | grep -q ' COMMAND '; then
			commands_of "$@" "$word"
		else
			echo "$* $word" | sed 's/^ //'
		fi
	done
}
# offers LINE: what bash offers behind it.
offers() {
	PATH=$(dirname "$milepost"):$PATH bash -c '. "$1"; read -ra COMP_WORDS <<< "$2"; COMP_WORDS+=("--")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _milepost; echo "${COMPREPLY[*]}"' offers "$work/complete.bash" "$1"
}
missing=
count=0
while read -r command; do
	page=$(awk -v command="milepost $command " '/^## / {here = index($0, command) > 0} here' "$work/milepost.scd")
	line=$(offers "milepost $command")
	# shellcheck disable=SC2086
	for option in $("$milepost" $command --help | sed -n 's/^  --\([a-z-]*\).*/\1/p'); do
		count=$((count + 1))
		grep -q -- "^\*--$option\*" <<< "$page" || missing="$missing manual:$command:$option"
		grep -q -- "--$option\b" <<< "$line" || missing="$missing bash:$command:$option"
		grep -q -- "'__milepost_in $command' -l $option\b" "$work/complete.fish" || missing="$missing fish:$command:$option"
	done
done < <(commands_of)
is "every option of every command is in the manual and completed" "$missing" ""
ok "and there are many" test "$count" -gt 60
missing=
for option in $("$milepost_box" run --help | sed -n 's/^  --\([a-z-]*\).*/\1/p'); do
	grep -q -- "^\*--$option\*" "$work/milepost-box.scd" || missing="$missing manual:$option"
	grep -q -- "--$option\b" "$work/complete.box" || missing="$missing bash:$option"
done
is "so is every option of milepost-box run" "$missing" ""

# completes LINE: what bash offers behind it.
completes() {
	PATH=$(dirname "$milepost"):$PATH bash -c '. "$1"; . "$2"; read -ra COMP_WORDS <<< "$3"
		[ "${3: -1}" = " " ] && COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "_${COMP_WORDS[0]//-/_}"; echo "${COMPREPLY[*]}"' \
		completes "$work/complete.bash" "$work/complete.box" "$1"
}
is "a command is completed" "$(completes "milepost gra")" grade
is "an option is completed" "$(completes "milepost grade --fol")" --folder
is "so is --help" "$(completes "milepost grade --he")" --help
is "a format is completed" "$(completes "milepost grade road --format ju")" junit
is "an exercise is completed" "$(completes "milepost start hello")" hello-api
is "a track is completed" "$(completes "milepost init road --track py")" python
is "a word of an option is completed" "$(completes "milepost check --trust f")" foreign
is "a group is completed" "$(completes "milepost adm")" admin
is "so is what is in it" "$(completes "milepost admin tic")" tickets
is "and in that" "$(completes "milepost admin learner for")" forget
is "and its options" "$(completes "milepost admin learner import x.csv --tr")" --track
is "milepost-box is completed" "$(completes "milepost-box run --scr")" --scratch
if command -v zsh > /dev/null && command -v fish > /dev/null; then
	ok "zsh reads its script" zsh -n "$work/complete.zsh"
	ok "fish reads its script" fish -n "$work/complete.fish"
	is "fish completes" "$(PATH=$(dirname "$milepost"):$PATH fish -c "source $work/complete.fish; complete -C 'milepost grade road --format ju'" | cut -f1)" junit
	is "fish completes a group" "$(PATH=$(dirname "$milepost"):$PATH fish -c "source $work/complete.fish; complete -C 'milepost admin learner for'" | cut -f1)" forget
	is "fish completes its options" "$(PATH=$(dirname "$milepost"):$PATH fish -c "source $work/complete.fish; complete -C 'milepost admin tickets list --st'" | cut -f1)" --state
	is "and those of no other list" "$(PATH=$(dirname "$milepost"):$PATH fish -c "source $work/complete.fish; complete -C 'milepost admin tickets list --ex'" | cut -f1)" ""
else
	skip "zsh and fish are not installed" "zsh and fish read their scripts"
fi
runs 2 "$milepost" completion tcsh
says "bash, zsh, fish" "another shell is told which there are" "$err"
done_testing
