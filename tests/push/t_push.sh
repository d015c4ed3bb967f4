#!/bin/bash
# SPDX-License-Identifier: MIT
# A learner with git alone: clone, push, read the score in the push; strict pushes; forced pushes.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
says "http://127.0.0.1:" "the server says its address" "$site"
learner asha
ok "a clone works" git clone -q "$repo_asha" road
is "it begins with the template" "$(grep -c 'handle: asha' road/learner.yaml)" 1
"$milepost" init other --track python --handle asha > /dev/null
is "the first commit is that of milepost init" "$(git -C road rev-parse HEAD)" "$(git -C other rev-parse HEAD)"

by_hand passed 100
cd road || exit
echo asha > hello.txt
git add hello.txt
git commit -qm 'Say hello'
pushes 0 origin main
first=$(git rev-parse HEAD)
says "remote: milepost: received ${first:0:7} from asha at " "the first line says what was received" "$out"
says "remote: by hand: ready
remote: by hand: \\x1b[31mgraded
remote:
remote: second line
" "the events' lines follow, without escape codes" "$out"
says "main -> main" "the branch has moved" "$out"

pushes 0 origin main
says "Everything up-to-date" "git itself says when there is nothing new" "$out"
pushes 0 origin HEAD:refs/for/first-push
says "by hand: ready" "refs/for always grades" "$out"

kill "$by_hand_pid"
by_hand needs-work 40
sleep 0.2
pushes 1 origin HEAD:refs/for/first-push
says "remote rejected] HEAD -> refs/for/first-push (40 of 100, needs work)" "below the bar a strict push fails, with the score" "$out"

git commit -q --amend -m 'Say hello in other words'
pushes 1 origin main
pushes 0 --force origin main
second=$(git rev-parse HEAD)
says "by hand: ready" "a forced push is graded" "$out"
repository=$data/repositories/asha.git
is "the commit that was replaced is kept" "$(git -C "$repository" rev-parse "refs/milepost/kept/$first")" "$first"
is "and the new one" "$(git -C "$repository" rev-parse "refs/milepost/kept/$second")" "$second"
lacks "milepost/kept" "what is kept is not shown" "$(git ls-remote origin)"
is "each commit is there whole" "$(git -C "$repository" fsck --strict 2>&1 | grep -v dangling)" ""

# Larger than the client sends at once: the body comes in chunks.
head -c 3000000 /dev/urandom > data.bin
git add data.bin
git commit -qm 'More than a megabyte'
pushes 0 origin main
says "by hand: ready" "a push of some megabytes is graded" "$out"
ok "and comes back in a second clone" git clone -q "$repo_asha" "$work/again"
ok "unharmed" cmp data.bin "$work/again/data.bin"

# Many commits that the client has and the server has not: a fetch sends them gzipped.
for i in $(seq 300); do git commit -q --allow-empty -m "$i"; done
ok "a fetch with a gzipped body works" git fetch -q --no-tags origin

serve_stop
is "SIGTERM ends the server well" "$status" 0
done_testing
