#!/bin/bash
# SPDX-License-Identifier: MIT
# The log: a line or a JSON object an event, of server and worker alike, and no token in it, nor in what others can see.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
# logged FORMAT: a server with its own worker that logs so, one push, the end.
logged() {
	: > "$log"
	serve_graded --listen 127.0.0.1:0 --jobs 1 --log-format "$1"
	learner "$2"
	repo=repo_$2 token=token_$2
	git clone -q "${!repo}" "$2" 2> /dev/null
	cd "$2" || exit
	git commit -q --allow-empty -m 'Say that I am here'
	pushes 0 origin main
	runs 128 git ls-remote "${!repo/mpt_/mpt_x}"
	cd ..
	says "worker --data" "the worker is seen" "$(ps -eo args)"
	lacks "${!token}" "no token is among the arguments of a program" "$(ps -eo args | grep -v 'git ')"
	serve_stop
	lacks "mpt_" "nor in the log" "$(cat "$log")"
	is "nor on the disk" "$(grep -rl "${!token}" "$data")" ""
}
logged line asha
is "each line has a time, a name and words" "$(grep -cv '^20[0-9-]*T[0-9:]*Z \(serve\|worker\): .' "$log")" 0
says " worker: ready" "the worker says that it is ready" "$(cat "$log")"
says " serve: stopping" "and the server that it stops" "$(cat "$log")"
logged json meena
is "each line is an object with three texts" "$(/usr/bin/python3 -c 'import json, sys
for line in sys.stdin:
	event = json.loads(line)
	assert sorted(event) == ["at", "from", "text"] and event["from"] in ("serve", "worker")
print("yes")' < "$log")" yes
runs 2 "$milepost" serve --data "$data" --log-format xml
says "line json" "a format is one of two" "$err"
done_testing
