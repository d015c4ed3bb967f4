#!/bin/bash
# SPDX-License-Identifier: MIT
# What an operator sets is what a push meets: bars, dates, attempts; and every sentence fits the learner's terminal.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
by_hand passed 80
git clone -q "$repo_asha" road
cd road || exit
policy() {
	runs 0 "$milepost" admin policy set "$@" --data "$data"
}
# fits: no line of the push is wider than 72 columns, but for commands, which are pasted.
fits() {
	is "and each line fits" "$(sed -n 's/^remote: //p' <<< "$out" | grep -v '^  git ' | awk 'length > 72')" ""
}
pushes 0 origin HEAD:refs/for/first-push
policy bar 90 --exercise first-push
pushes 1 origin HEAD:refs/for/first-push
says "refs/for/first-push (80 of 100, passed; here the bar is 90)" "a higher bar refuses, and says so" "$out"
pushes 0 origin HEAD:refs/for/hello-api
policy bar standard --exercise first-push
pushes 0 origin HEAD:refs/for/first-push
kill "$by_hand_pid"
by_hand needs-work 40
sleep 0.2
pushes 1 origin HEAD:refs/for/first-push
says "(40 of 100, needs work)" "below the standard it is refused" "$out"
policy bar 30
pushes 0 origin HEAD:refs/for/first-push
policy bar standard

policy due 2026-01-31T18:00:00+05:30 --exercise first-push
git commit -q --allow-empty -m 'After the date'
pushes 0 origin main
says "remote: milepost: first-push was due 2026-01-31T18:00:00+05:30: pushed late." "what is late says so" "$out"
fits
policy due 2999-01-31T18:00:00+05:30 --exercise first-push
pushes 1 origin HEAD:refs/for/first-push
lacks "late" "what is in time does not" "$out"
policy due standard --exercise first-push

policy opens 2999-12-24T09:00:00+05:30
git commit -q --allow-empty -m 'Before the course'
pushes 1 origin main
says "this course opens at 2999-12-24T09:00:00+05:30" "what is too early is refused" "$out"
fits
policy opens standard
policy attempts-per-day 2
pushes 1 origin main
says "2 pushes in 24 hours are all that is allowed here." "what is too much is refused" "$out"
fits
policy attempts-per-day standard
for ref in master topic refs/tags/v1 refs/for/nonsense refs/for/helo-api refs/milepost/report refs/x/y; do
	case $ref in refs/*) ;; *) ref=refs/heads/$ref ;; esac
	pushes 1 origin "HEAD:$ref"
	fits
done
pushes 1 origin :main
fits
done_testing
