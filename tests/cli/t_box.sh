#!/bin/bash
# SPDX-License-Identifier: MIT
# milepost-box as a user types it.
. "$(dirname "$0")/../helper/tap.sh"

may=
[ "$(id -u)" = 0 ] || may="--allow-missing cgroup"
# shellcheck disable=SC2086
box() {
	local command=$1
	shift
	"$milepost_box" "$command" $may "$@"
}
# field NAME: its value in the answer.
field() {
	/usr/bin/python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$work/answer" "$1"
}

runs 0 "$milepost_box" --version
is "the version is one line" "$out" "milepost-box 0.1.0"
runs 0 "$milepost_box" --help
says "--allow-missing" "help lists the options" "$out"
runs 2 "$milepost_box"
runs 2 "$milepost_box" rnu
says "did you mean 'run'?" "a slip in the command is named" "$err"
runs 2 "$milepost_box" run --jsno x -- true
says "did you mean '--json'?" "a slip in an option is named" "$err"
runs 2 "$milepost_box" run --wall 10 -- true
says "--wall" "a time without a unit is refused" "$err"
runs 2 "$milepost_box" run --memory 0 -- true
runs 2 "$milepost_box" run --profile web -- true
runs 2 "$milepost_box" run --allow-missing cgruop -- true
says "did you mean 'cgroup'?" "a slip in a layer is named" "$err"
runs 2 "$milepost_box" run --ro "$work/nothing" -- true
runs 2 "$milepost_box" run
says "no command" "the command that is missing is asked for" "$err"

runs 0 box run -- echo hello
is "standard output is passed on" "$out" "hello"
runs 7 box run -- sh -c 'echo oops >&2; exit 7'
is "standard error is passed on" "$err" "oops"
out=$(echo words | box run -- cat)
is "standard input is passed on" "$out" "words"
runs 139 box run -- sh -c 'kill -SEGV $$'
runs 125 box run -- nonesuch
says "cannot start nonesuch: No such file or directory" "the errno is in words" "$err"
printf '#!/no/interpreter\n' > "$work/script" && chmod 755 "$work/script"
runs 125 box run --ro "$work" -- "$work/script"
says "whose interpreter is not there: No such file" "a missing interpreter is told from a missing program" "$err"
runs 125 box run --dir /nowhere -- true
is "a folder that is missing is said once" "$err" \
	"milepost-box: cannot enter the working folder /nowhere: No such file or directory"
runs 124 box run --wall 200ms -- sleep 10
says "limit wall" "the limit is named" "$err"

runs 3 box run --json "$work/answer" -- sh -c 'exit 3'
is "the answer has the end" "$(field end)" exited
is "the answer has the exit code" "$(field exit_code)" 3
is "no limit was met" "$(field limit)" None
runs 124 box run --cpu 100ms --json "$work/answer" -- sh -c 'while :; do :; done'
is "the answer has the limit" "$(field limit)" cpu
is "a limit has no exit code" "$(field exit_code)" None

runs 0 box run -- sh -c 'echo "$HOME $TMPDIR $PATH $PWD $(id -u) $(hostname)"'
is "the surroundings are the box's" "$out" "/scratch/home /scratch/tmp /usr/local/bin:/usr/bin:/bin /scratch 1000 box"
SECRET=1 capture box run --env A=b -- env
lacks SECRET "the caller's variables stay outside" "$out"
says A=b "but for those that are given" "$out"

mkdir "$work/shown" && chmod 777 "$work/shown" && echo text > "$work/shown/file"
runs 0 box run --ro "$work/shown" -- cat "$work/shown/file"
is "a path is shown at its place" "$out" text
runs 1 box run --ro "$work/shown" -- sh -c "touch $work/shown/new 2>/dev/null || exit 1"
runs 0 box run --rw "$work/shown" -- touch "$work/shown/new"
result "$([ -e "$work/shown/new" ]; echo $?)" "a writable path is written"
runs 1 box run -- cat "$work/shown/file"

runs 2 box run --json "$work/nowhere/answer" --rw "$work/shown" -- touch "$work/shown/ran"
says "nowhere/answer: No such file" "an answer that cannot be written is told" "$err"
result "$([ ! -e "$work/shown/ran" ]; echo $?)" "before the command runs"
runs 2 box run --ro / -- true
is "the whole machine is not shown" "$err" "milepost-box: /: the whole machine cannot be shown; name a folder of it"
runs 2 box run -x -- true
says "unknown option '-x'" "a short option is named as it was written" "$err"
runs 2 box run --file-size -5 -- true
says "'-5' is not a size" "a number below zero lacks more than a unit" "$err"
runs 2 box check word
is "check takes no words" "$err" "milepost-box: check takes no words"
runs 159 box run -- sh -c 'kill -SYS $$'
lacks "limit" "a call of another architecture is no limit" "$err"

runs 0 box explain -- true
says "shim     proc" "the plan has the steps of the shim" "$out"
says "command  exec       true" "the plan ends with the command" "$out"

out=$(exec 0<&- 1>"$work/closed" 2>&-; box run -- sh -c 'echo still; ls /proc/self/fd | wc -l')
is "closed descriptors disturb nothing" "$(tr '\n' ' ' < "$work/closed")" "still 4 "

done_testing
