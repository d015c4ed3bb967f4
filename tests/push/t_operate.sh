#!/bin/bash
# SPDX-License-Identifier: MIT
# A day of an operator: a secret is pushed and forgotten, a backup is made and restored, all while the server runs.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
by_hand passed 80
git clone -q "$repo_asha" road
cd road || exit
repository=$data/repositories/asha.git
admin() {
	local wanted=$1
	shift
	runs "$wanted" "$milepost" admin "$@" --data "$data"
}
# holds WORD: is it in any object of the repository?
holds() {
	git --git-dir="$repository" -c safe.directory='*' cat-file --batch-all-objects --batch 2> /dev/null | grep -ac "$1"
}

# A password is pushed, and on top of it something else.
echo 'password=Durga-Puja-1994' > secret.txt
git add . && git commit -qm 'Add the settings'
secret=$(git rev-parse HEAD)
pushes 0 origin main
echo 'more' > more.txt
git add . && git commit -qm 'More'
later=$(git rev-parse HEAD)
pushes 0 origin main
git fetch -q
is "it is there" "$(holds Durga-Puja)" 1
admin 2 learner forget asha "$secret" --yes
says "main" "main still has it" "$err"
says "$later" "and so has the later push" "$err"
git reset -q --hard HEAD~2
echo 'password from the environment' > settings.txt
git add . && git commit -qm 'Add the settings without the password'
pushes 0 --force origin main
admin 2 learner forget asha "$secret" --yes
lacks "main:" "main has it no more" "$err"
admin 0 learner forget asha "$later" --yes
admin 0 learner forget asha "$secret" --yes
is "it is gone for good" "$(holds Durga-Puja)" 0
is "and so are its tickets" "$("$milepost" admin tickets list --data "$data" | grep -c "${secret:0:10}\|${later:0:10}")" 0
ok "the repository is whole" git --git-dir="$repository" -c safe.directory='*' fsck --strict --full
git commit -q --allow-empty -m 'Go on'
pushes 0 origin main
git fetch -q
ok "the starts are there again" git rev-parse -q --verify origin/start/hello-api

# A backup, a push after it, and the day when the disk is lost.
admin 0 backup "$work/copy"
git commit -q --allow-empty -m 'After the backup'
pushes 0 origin main
kill "$by_hand_pid"
serve_stop
is "the server stops" "$status" 0
mv "$data" "$work/lost"
cp -a "$work/copy" "$data"
serve_start --listen "${site#*//}"
by_hand passed 90
ok "the token is still good" git ls-remote origin
is "the restored server has main as it was" "$(git ls-remote origin refs/heads/main | cut -f1)" "$(git rev-parse HEAD~1)"
pushes 0 origin main
says "received" "the push after the backup comes again" "$out"
admin 0 tickets list --state graded --format json
is "and is graded" "$(grep -c "$(git rev-parse HEAD)" <<< "$out")" 1

# Closed, opened, a new token, forgotten: each at once.
admin 0 learner close asha
git commit -q --allow-empty -m 'While it is closed'
pushes 128 origin main
says "Your course is closed" "a closed learner is told so" "$out"
admin 0 learner open asha
pushes 0 origin main
admin 0 learner token asha
runs 128 git ls-remote origin
admin 0 learner forget asha --yes
is "nothing is left of her" "$(ls -A "$data/repositories"; "$milepost" admin tickets list --data "$data" | grep -c asha)" 0
serve_stop
done_testing
