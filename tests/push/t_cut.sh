#!/bin/bash
# SPDX-License-Identifier: MIT
# Lines that are cut, halves of packs, servers that stop or die: nothing half is left, nothing taken is lost.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
git clone -q "$repo_asha" road
cd road || exit
repository=$data/repositories/asha.git
# Every process below $1.
below() {
	local child
	for child in $(pgrep -P "$1"); do
		echo "$child"
		below "$child"
	done
}
# How many of the processes named by number are alive: those of a box that was open.
alive() {
	local count=0 number
	for number in "$@"; do
		grep -q '^State:.[^ZX]' "/proc/$number/status" 2> /dev/null && count=$((count + 1))
	done
	echo "$count"
}
gits() {
	local number
	for number in $(below "$serve_pid"); do
		grep -q '^git' "/proc/$number/comm" 2> /dev/null && echo "$number"
	done
}
states() {
	"$top/${BUILD:-build/release}/tests/helper/by_hand" "$data" states
}

# Half a pack: what git sends is recorded, and its first half sent again.
git commit -q --allow-empty -m one
old=$(git rev-parse HEAD~1)
new=$(git rev-parse HEAD)
{
	printf '00a4%s %s refs/heads/main\0 report-status side-band-64k agent=git/2\n0000' "$old" "$new" | head -c 168
	printf '%s\n' "$new" | git pack-objects --revs --stdout -q 2> /dev/null
} > "$work/whole"
head -c $(($(wc -c < "$work/whole") - 40)) "$work/whole" > "$work/half"
sent=$(curl -s -u "asha:$token_asha" -H 'Content-Type: application/x-git-receive-pack-request' \
	--data-binary "@$work/half" "$site/asha.git/git-receive-pack" | tr -d '\0')
is "half a pack moves nothing" "$(git ls-remote origin refs/heads/main | cut -f1)" "$old"
is "and nothing of it lies about" "$(find "$repository/objects" -name '*tmp*' -o -name '*incoming*' | wc -l)" 0

# The line is cut while the score is waited for.
git push origin main > "$work/cut.out" 2>&1 &
pushing=$!
for _ in $(seq 100); do
	grep -q received "$work/cut.out" && break
	sleep 0.05
done
sleep 0.5
ok "a push has a box" test -n "$(gits)"
# shellcheck disable=SC2046
kill -KILL "$pushing" $(below "$pushing") 2> /dev/null
wait "$pushing" 2> /dev/null
sleep 1
is "the branch has moved all the same" "$(git -C "$repository" rev-parse main)" "$new"
is "the push waits for its score" "$(states)" "1 queued"
is "its box is gone" "$(gits)" ""

# The server dies while one waits, and starts again.
git commit -q --allow-empty -m two
git push origin main > "$work/dies.out" 2>&1 &
for _ in $(seq 100); do
	grep -q received "$work/dies.out" && break
	sleep 0.05
done
sleep 0.5
children=$(below "$serve_pid")
kill -KILL "$serve_pid"
wait "$serve_pid" 2> /dev/null
sleep 1
# shellcheck disable=SC2086
is "the boxes of a server that was killed are gone" "$(alive $children)" 0
serve_start
is "what was pushed still waits" "$(states)" "1 replaced
2 queued"

# A server that stops tells those who wait, and ends well.
repo_asha=${site/:\/\//:\/\/asha:$token_asha@}/asha.git
git remote set-url origin "$repo_asha"
git commit -q --allow-empty -m three
git push origin main > "$work/stops.out" 2>&1 &
pushing=$!
for _ in $(seq 100); do
	grep -q received "$work/stops.out" && break
	sleep 0.05
done
sleep 0.5
serve_stop
is "SIGTERM ends it well" "$status" 0
wait "$pushing"
is "the push that waited has gone well" "$?" 0
says "the server is stopping; your push is kept and will be graded." "and was told so" "$(cat "$work/stops.out")"
is "it waits for its score" "$(states | tail -1)" "3 queued"

# kill -9 of the server at many moments of a push: afterwards each commit that the branch has is queued or was
# replaced by a newer one, and no other.
for round in $(seq 20); do
	serve_start
	repo_asha=${site/:\/\//:\/\/asha:$token_asha@}/asha.git
	git commit -q --allow-empty -m "round $round"
	timeout 20 git push "$repo_asha" main > /dev/null 2>&1 &
	pushing=$!
	sleep "0.$(printf %03d $((RANDOM % 200)))"
	kill -KILL "$serve_pid"
	wait "$serve_pid" 2> /dev/null
	wait "$pushing"
done

# The same with hooks that are killed.
serve_start
repo_asha=${site/:\/\//:\/\/asha:$token_asha@}/asha.git
for round in $(seq 20); do
	git commit -q --allow-empty -m "hook $round"
	timeout 3 git push "$repo_asha" main > /dev/null 2>&1 &
	pushing=$!
	sleep "0.$(printf %03d $((RANDOM % 200)))"
	for number in $(below "$serve_pid"); do
		grep -q milepost "/proc/$number/comm" 2> /dev/null &&
			tr '\0' ' ' < "/proc/$number/cmdline" | grep -q 'milepost hook' && kill -KILL "$number"
	done
	wait "$pushing"
done 2> /dev/null
sleep 1
tip=$(git -C "$repository" rev-parse main)
sleep 0.5
is "no ticket is left half" "$(states | awk '{print $2}' | sort -u | grep -v -e queued -e replaced -e void)" ""
is "the newest ticket of the branch is that of its tip" \
	"$("$top/${BUILD:-build/release}/tests/helper/by_hand" "$data" queued)" "$tip"
ok "the repository is whole" git -C "$repository" fsck --strict
is "no lock is left behind" "$(find "$repository" -name '*.lock')" ""
git commit -q --allow-empty -m last
by_hand passed 100
pushes 0 "${site/:\/\//:\/\/asha:$token_asha@}/asha.git" main
says "by hand: ready" "and the next push is taken and graded" "$out"
done_testing
