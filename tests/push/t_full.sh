#!/bin/bash
# SPDX-License-Identifier: MIT
# A disk that is full, and a folder that cannot be written: nothing half, a sentence, and it works again afterwards.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
mkdir data
if ! mount -t tmpfs -o size=3m,mode=700 none "$data" 2> /dev/null; then
	skip "a small disk cannot be mounted here" "a push to a disk that is full"
	done_testing
fi
trap 'kill $(jobs -p) 2> /dev/null; wait; cd /; umount "$data"; rm -rf "$work"' EXIT
serve_start
learner asha
git clone -q "$repo_asha" road
cd road || exit
before=$(git rev-parse HEAD)
head -c 3000000 /dev/urandom > large
git add large
git commit -qm large
pushes 1 origin main
says "No space left on device" "a push that does not fit is refused, with the reason" "$out"
git reset -q --hard HEAD~1
git commit -q --allow-empty -m small
head -c 4000000 /dev/zero > "$data/fill" 2> /dev/null
pushes 1 origin main
is "nothing has moved" "$(git -C "$data/repositories/asha.git" rev-parse main)" "$before"
ok "the server is well" curl -sf "$site/healthz"
rm "$data/fill"
by_hand passed 100
pushes 0 origin main
says "by hand: ready" "with room again a push is taken and graded" "$out"
is "and nothing half is left" "$(find "$data/repositories" -name '*tmp_*' -o -name '*.lock')" ""
kill "$by_hand_pid"
wait "$by_hand_pid" 2> /dev/null
serve_stop
mount -o remount,ro "$data"
runs 4 "$milepost" serve --data "$data" --listen 127.0.0.1:0 --no-worker
says "cannot be written" "a folder that cannot be written is told" "$err"
done_testing
