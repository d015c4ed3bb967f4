#!/bin/bash
# SPDX-License-Identifier: MIT
# How long a push takes, beside git pushing to a bare repository by file. Goals: first line at most 50 ms after the
# upload; an unchanged exercise at most 100 ms more than a push that grades nothing; hello-api in Node.js at most 1.5 s
# in all; 200 learners within a minute, none refused, none lost, waits shown; the server under 64 MB with 100 pushes open.
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
milepost=$PWD/${BUILD:-build/release}/milepost
by_hand=$PWD/${BUILD:-build/release}/tests/helper/by_hand
learners=${LEARNERS:-200}
work=$(mktemp -d)
data=$work/data
trap 'kill $(jobs -p) 2> /dev/null; wait; rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 HOME=$work
git config --global user.name Bench
git config --global user.email bench@example.org
missed=0
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# goal NAME GOT MOST UNIT
goal() {
	if [ "$2" -le "$3" ]; then
		echo "push: $1: $2 $4 (goal: at most $3)"
	else
		echo "push: $1: $2 $4 (MISSED: at most $3)"
		missed=1
	fi
}
serve() {
	: > "$work/serve.out"
	"$milepost" serve --data "$data" --listen 127.0.0.1:0 "$@" > "$work/serve.out" 2>> "$work/serve.log" &
	serve_pid=$!
	until [ -s "$work/serve.out" ]; do sleep 0.05; done
	site=$(sed -n 's/^milepost: \(http:[^ ]*\).*/\1/p' "$work/serve.out")
}
# learner HANDLE TRACK: sets $token, clones into $work/HANDLE
learner() {
	token=$("$milepost" admin learner add "$1" --data "$data" --track "$2" | tail -1)
	git clone -q "${site/:\/\//:\/\/$1:$token@}/$1.git" "$work/$1"
}
# push HANDLE: the milliseconds that a push of main takes
push() {
	local begun
	begun=$(now_ms)
	git -C "$work/$1" push -q origin main > "$work/push.$1" 2>&1 || {
		cat "$work/push.$1" >&2
		return 1
	}
	echo $(($(now_ms) - begun))
}

# median HANDLE: the same for a commit that changes no file, median of five
median() {
	for _ in 1 2 3 4 5; do
		git -C "$work/$1" commit -q --allow-empty -m same
		push "$1"
	done | sort -n | sed -n 3p
}

serve --no-worker
learner asha python
"$by_hand" "$data" passed 100 &
hand=$!
goal "first line after the upload, median of 15" \
	"$("$top/tests/bench/push.py" first "$site" asha "$token" "$work/asha" 15)" 50 ms

plain=$(median asha)
kill $hand
kill -TERM $serve_pid
wait $serve_pid || true

serve --jobs 1
learner kiran node
git -C "$work/kiran" pull -q origin start/hello-api
push kiran > "$work/times"
cp "$top"/exercises/5/hello-api/reference/node/* "$work/kiran/exercises/hello-api/"
git -C "$work/kiran" commit -qam reference
goal "hello-api in Node.js graded" "$(push kiran)" 1500 ms
kept=$(median kiran)
goal "an unchanged exercise, beside a push that grades nothing" $((kept - plain)) 100 ms
kill -TERM $serve_pid
wait $serve_pid || true

serve --no-worker
# A hundred pushes open, nobody grades.
for i in $(seq 100); do
	learner "open-$i" python
	tail -f /dev/null --pid=$$ | "$top/tests/bench/push.py" hold "$site" "open-$i" "$token" "$work/open-$i" > "$work/held.$i" &
done
for _ in $(seq 300); do
	held=$(cat "$work"/held.* | grep -c held || true)
	[ "$held" = 100 ] && break
	sleep 0.1
done
goal "pushes open that are not" $((100 - held)) 0 pushes
goal "memory of the server with 100 pushes open" "$(awk '/VmHWM/ {print $2}' /proc/$serve_pid/status)" 65536 kB
pkill -f "push.py hold $site" || true
kill -TERM $serve_pid
wait $serve_pid || true

# A class at once. whole TITLE: each learner of it pushes what they have committed.
whole() {
	local title="$learners learners at once, $1" begun failed=0 i
	begun=$(now_ms)
	for i in $(seq "$learners"); do
		(push "class-$i" > "$work/class.$i" 2>&1) &
		pids[i]=$!
	done
	for pid in "${pids[@]}"; do wait "$pid" || failed=$((failed + 1)); done
	goal "$title: all have their answer after" $(($(now_ms) - begun)) 60000 ms
	goal "$title: refused or failed" $failed 0 pushes
	# Who waits is told how long the queue is.
	goal "$title: told neither a score nor a place in the queue" \
		"$(grep -L ' of 100\|place [0-9]* in the queue\|by hand: ready' "$work"/push.class-* | wc -l)" 0 pushes
	while "$by_hand" "$data" states | grep -q 'queued\|claimed'; do sleep 0.2; done
	echo "push: $title: the last score after $(($(now_ms) - begun)) ms"
	goal "$title: tickets without a score" "$("$by_hand" "$data" states | tail -n "$learners" | grep -cv graded)" 0 tickets
}
serve --no-worker
"$by_hand" "$data" passed 100 &
hand=$!
for i in $(seq "$learners"); do
	learner "class-$i" node
	git -C "$work/class-$i" commit -q --allow-empty -m work
done
whole "a stand-in grades"
kill $hand
kill -TERM $serve_pid
wait $serve_pid || true

serve --jobs 2
for i in $(seq "$learners"); do
	sed -i "s,127.0.0.1:[0-9]*,${site#http://}," "$work/class-$i/.git/config"
	mkdir -p "$work/class-$i/exercises"
	cp -r "$work/kiran/exercises/hello-api" "$work/class-$i/exercises/"
	git -C "$work/class-$i" add exercises
	git -C "$work/class-$i" commit -qm 'hello-api: do what the task asks'
done
whole "hello-api in Node.js"
exit $missed
