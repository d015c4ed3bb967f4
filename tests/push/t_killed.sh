#!/bin/bash
# SPDX-License-Identifier: MIT
# kill -9 of serve, of git and hooks, of workers and gradings, at random moments while learners push: afterwards every
# commit that was taken has exactly one score, that of an undisturbed run, and nothing is left behind.
#
#   ROUNDS=100 SEED=4711 tests/push/t_killed.sh      how many are killed; what the moments are drawn from
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
rounds=${ROUNDS:-16}
seed=${SEED:-$RANDOM}
echo "# $rounds rounds, SEED=$seed"
RANDOM=$seed

# start ADDRESS: a server with its worker.
start() {
	serve_graded --listen "$1" --jobs 2
}
# Every process below $1, but for those below $2.
below() {
	local child
	for child in $(pgrep -P "$1"); do
		[ "$child" = "${2:-}" ] && continue
		echo "$child"
		below "$child"
	done
}
worker_of() {
	pgrep -P "$serve_pid" -f "^$milepost worker --data $data " | head -1
}
# What starts the boxes of the server. Without it the server ends, when it wants one.
launcher_of() {
	pgrep -P "$serve_pid" | grep -vx "$(worker_of)" | head -1
}
# The processes of a kind. Those of a push are all that its box has: git, hooks, and what keeps the box.
find_serve() {
	echo "$serve_pid"
	launcher_of
}
find_push() {
	local launcher
	launcher=$(launcher_of)
	[ -n "$launcher" ] && below "$launcher"
}
find_worker() { worker_of; }
find_grade() {
	local worker
	worker=$(worker_of)
	[ -n "$worker" ] && pgrep -P "$worker" -f "^$milepost grade "
}
# Groups and folders of processes that are gone: others may be grading now.
stale() {
	local name pid
	while IFS= read -r name; do
		pid=${name##*/milepost-}
		[ -d "/proc/${pid%%-*}" ] || echo "$name"
	done
}
left() {
	{
		find /sys/fs/cgroup -maxdepth 4 -type d -name 'milepost-[0-9]*'
		find /tmp /dev/shm -maxdepth 1 -name 'milepost-[0-9]*' -user "$(id -un)"
	} 2> /dev/null | sort | stale
}
mounts() { grep -c "milepost-\|$work" /proc/self/mountinfo; }

# --- the class --------------------------------------------------------------------------------------
mounts_before=$(mounts)
start 127.0.0.1:0
address=${site#http://}
"$milepost" admin policy set replace no --data "$data" > /dev/null || exit
# HANDLE TRACK EXERCISE FILE SIGN: who changes which exercise, where, with which words before the number.
class='asha python first-push hello.txt note
meera python first-push hello.txt note
ravi python hello-api app.py #
kiran node hello-api app.js //'

begin() {
	local token
	token=$("$milepost" admin learner add "$1" --data "$data" --track "$2" 2> /dev/null | tail -1)
	git clone -q "${site/:\/\//:\/\/$1:$token@}/$1.git" "$work/$1" && cd "$work/$1" || return
	git pull -q origin "start/$3" || return
	[ "$3" = first-push ] || cp "$top/exercises/5/$3/reference/$2/"* "exercises/$3/"
	cd "$work" || return
}
# Works until there is a file `stop`: a commit, and it is pushed until git says that it is there. meera submits to
# refs/for/ID, where each push is a try of its own: she goes on to the next commit, whatever is said.
work_on() {
	local number=0 tries
	cd "$work/$1" || return
	while ! [ -e "$work/stop" ]; do
		number=$((number + 1))
		echo "$5 $number" >> "exercises/$3/$4"
		git add "exercises/$3" && git commit -qm "$3: change $number" || return
		tries=0
		: > "$work/$1.pushing"
		if [ "$1" = meera ]; then
			timeout 150 git push -q origin "HEAD:refs/for/$3"
			sleep 0.3
			continue
		fi
		until timeout 150 git push -q origin main; do
			tries=$((tries + 1))
			[ "$tries" -lt 200 ] || return 1
			sleep 0.2
			: > "$work/$1.pushing"
		done
		git rev-parse HEAD >> "$work/$1.commits"
		sleep 0.3
	done
}
while read -r handle words; do
	# shellcheck disable=SC2086
	ok "$handle begins" begin "$handle" $words
done <<< "$class"
learners=()
while read -r handle words; do
	# shellcheck disable=SC2086
	work_on "$handle" $words > "$work/$handle.log" 2>&1 &
	learners+=($!)
done <<< "$class"

# --- the killer -------------------------------------------------------------------------------------
# Each kind in turn, at a random moment. Every other time soon after somebody begins to push: between the first hook and
# the last all is over in a tenth of a second.
kinds=(serve push worker grade)
declare -A killed=([serve]=0 [push]=0 [worker]=0 [grade]=0)
round=0
for ((moment = 0; moment < 20 * rounds && round < rounds; moment++)); do
	kind=${kinds[round % 4]}
	if [ $((round / 4 % 2)) = 1 ] && { [ "$kind" = serve ] || [ "$kind" = push ]; }; then
		rm -f "$work"/*.pushing
		for _ in $(seq 300); do
			compgen -G "$work/*.pushing" > /dev/null && break
			sleep 0.01
		done
		sleep "0.$(printf %03d $((RANDOM % 250)))"
	else
		sleep "0.$(printf %03d $((RANDOM % 900)))"
	fi
	mapfile -t found < <("find_$kind")
	# None runs just now: another moment.
	[ ${#found[@]} -gt 0 ] || continue
	kill -KILL "${found[RANDOM % ${#found[@]}]}" 2> /dev/null || continue
	killed[$kind]=$((killed[$kind] + 1))
	round=$((round + 1))
	if [ "$kind" = serve ]; then
		for _ in $(seq 100); do
			kill -0 "$serve_pid" 2> /dev/null || break
			sleep 0.05
		done
		wait "$serve_pid" 2> /dev/null
		start "$address"
	fi
done 2> /dev/null
echo "# killed: serve ${killed[serve]}, of pushes ${killed[push]}, workers ${killed[worker]}, gradings ${killed[grade]}"
is "each was killed in turn" "$(printf '%s\n' "${killed[@]}" | sort -n | head -1)" $((rounds / 4))

# --- afterwards -------------------------------------------------------------------------------------
: > "$work/stop"
for number in "${!learners[@]}"; do
	wait "${learners[number]}"
	is "learner $((number + 1)) had every push taken in the end" $? 0
done
[ "$tap_failed" = 0 ] || note "$(tail -qn 4 "$work"/*.log)"
open_tickets() {
	"$top/${BUILD:-build/release}/tests/helper/by_hand" "$data" states | grep -c 'receiving\|queued\|claimed'
}
for _ in $(seq 900); do
	[ "$(open_tickets)" = 0 ] && break
	sleep 0.1
done
is "no ticket is receiving, waiting or claimed" "$(open_tickets)" 0
words=()
while read -r handle _ id _; do words+=("$id=$handle"); done <<< "$class"
out=$("$top/tests/helper/killed.py" "$milepost" "$data" "$work" "${words[@]}" 2>&1)
echo "# ${out##*$'\n'}"
is "each commit has one score, as if nobody had been disturbed" "$(grep -v ' commits$' <<< "$out")" ""
serve_stop
is "the server ends well" "$status" 0
for handle in asha meera ravi kiran; do
	ok "the repository of $handle is whole" git --git-dir="$data/repositories/$handle.git" fsck --strict
done
is "no lock, no half of a pack is left" \
	"$(find "$data/repositories" -name '*.lock' -o -name 'tmp_*' -o -name '*incoming-*' -o -name '.tmp-*')" ""
is "no process is left" "$(pgrep -af "$data")" ""
is "no control group, no folder is left" "$(left)" ""
is "no mount is left" "$(mounts)" "$mounts_before"
done_testing
