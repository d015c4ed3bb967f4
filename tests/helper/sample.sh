#!/bin/sh
# SPDX-License-Identifier: MIT
#
# sample.sh DIR [python|node] [STATE]: make a learner's repository in DIR, as Asha would have made
# it: template, starters, a first try, a better one, each with its commit. Prints the last commit.
#
# STATE is how far she came:
#   starter      both starters as they were given
#   reference    both exercises solved
#   html-errors  hello-api alone, with errors as HTML pages (python only)
#   mixed        khata-totals solved, hello-api with a slip: the errors are HTML pages, or
#                in the track node the two numbers are joined as texts (the default)
#
# Authors, dates, modes and configuration are fixed: the commits have the same ids everywhere, as
# long as template, starters, references and patches stay the same. The exercises are those of
# $MILEPOST_EXERCISES, else those of this source tree. Needs git alone.
set -eu

usage() {
	echo "usage: sample.sh DIR [python|node] [starter|reference|html-errors|mixed]" >&2
	exit 2
}

die() {
	echo "sample.sh: $*" >&2
	exit 2
}

case $# in 1 | 2 | 3) ;; *) usage ;; esac
dir=$1
track=${2:-python}
state=${3:-mixed}
exercises=${MILEPOST_EXERCISES:-$(dirname "$0")/../../exercises}
exercises=$(cd "$exercises" && pwd) || die "no exercises there; set MILEPOST_EXERCISES"

case $track in python) slip=html-errors ;; node) slip=concatenates ;; *) usage ;; esac
case $track/$state in
node/html-errors) die "html-errors is a solution in Python: sample.sh DIR python html-errors" ;;
*/starter | */reference | */html-errors | */mixed) ;;
*) usage ;;
esac
[ -z "$(ls -A "$dir" 2>/dev/null)" ] || die "$dir is not empty"

# Nothing of the caller's git may show in the commits, nor his umask.
umask 022
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_DEFAULT_HASH=sha1
export GIT_AUTHOR_NAME=Asha GIT_AUTHOR_EMAIL=asha@learner.example
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

folder_of() { # ID: the exercise's folder among the exercises
	for folder in "$exercises"/[1-9]/"$1"; do
		[ -f "$folder/exercise.yaml" ] && echo "$folder" && return
	done
	die "there is no exercise $1 in $exercises"
}

commit() { # WHEN MESSAGE
	git -C "$dir" add --all
	GIT_AUTHOR_DATE="$1 +0530" GIT_COMMITTER_DATE="$1 +0530" git -C "$dir" commit --quiet -m "$2"
}

take() { # ID FROM: put a folder of the exercise into the learner's
	mkdir -p "$dir/exercises/$1"
	cp -R "$(folder_of "$1")/$2/." "$dir/exercises/$1"
}

spoil() { # ID NAME: a reference becomes a known-bad solution
	git -C "$dir" apply --directory="exercises/$1" "$(folder_of "$1")/bad/$2.patch"
}

template() {
	git init --quiet --template= --initial-branch=main "$dir"
	cp -R "$exercises/templates/$track/." "$dir"
	for file in learner.yaml README.md; do
		sed "s/{{handle}}/asha/g; s/{{track}}/$track/g" "$exercises/templates/$track/$file" >"$dir/$file"
	done
	commit "2024-11-04 18:02:11" "Begin my milepost journey"
}

starter() { # ID WHEN
	take "$1" "starter/$track"
	cp "$(folder_of "$1")/text/en/task.md" "$dir/exercises/$1"
	commit "$2" "$1: take the starter"
}

first_khata() { # the first try: right, but for what is not a ledger
	case $track in python) first=skips-bad-lines ;; node) first=silent-when-empty ;; esac
	starter khata-totals "2024-11-04 18:20:45"
	take khata-totals "reference/$track"
	spoil khata-totals "$first"
	commit "2024-11-04 19:41:30" "khata-totals: add up credits and payments"
}

solved_khata() {
	first_khata
	take khata-totals "reference/$track"
	commit "2024-11-05 07:55:02" "khata-totals: mind what is not an entry"
}

first_hello() {
	starter hello-api "2024-11-05 18:10:19"
	take hello-api "reference/$track"
	spoil hello-api "$slip"
	commit "2024-11-05 20:33:54" "hello-api: greet, add, and say what is wrong"
}

solved_hello() {
	first_hello
	take hello-api "reference/$track"
	commit "2024-11-06 07:40:27" "hello-api: answer as the task says"
}

template
case $state in
starter)
	starter khata-totals "2024-11-04 18:20:45"
	starter hello-api "2024-11-04 18:21:30"
	;;
reference)
	solved_khata
	solved_hello
	;;
html-errors)
	first_hello
	;;
mixed)
	solved_khata
	first_hello
	;;
esac
git -C "$dir" rev-parse HEAD
