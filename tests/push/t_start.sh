#!/bin/bash
# SPDX-License-Identifier: MIT
# For people with git alone: the branches start/ID begin an exercise by a pull, also when main has moved.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
learner asha
git clone -q "$repo_asha" road
cd road || exit
is "each published exercise has a branch" \
	"$(git branch -r | sed -n 's, *origin/start/,,p' | sort)" \
	"$(cd "$top/exercises" && ls -d [1-9]/*/ | sed 's,^./,,; s,/$,,' | sort)"
ok "a pull begins an exercise" git pull -q origin start/hello-api
"$milepost" init other --track python --handle asha > /dev/null
(cd other && "$milepost" start hello-api > /dev/null)
is "with the starter and the task that milepost start gives" \
	"$(diff -r exercises/hello-api other/exercises/hello-api && echo same)" same
rm -rf other
by_hand passed 100
pushes 0 origin main
ok "after the push" git fetch -q --prune origin
is "an exercise that was begun has no branch" "$(git branch -r | grep -c start/hello-api)" 0
ok "and a pull begins the next" git pull -q origin start/khata-totals
ok "on top of what was there" test -d exercises/hello-api -a -f exercises/khata-totals/task.md
echo mine >> exercises/khata-totals/task.md
git commit -qam 'Work on it'
pushes 0 origin main
ok "and the next, after work" git pull -q origin start/first-push
is "nothing of the learner's is lost" "$(tail -1 exercises/khata-totals/task.md)" mine
before=$(git ls-remote origin | sort)
is "a fetch without a push changes nothing" "$(git ls-remote origin | sort)" "$before"
git commit -q --allow-empty -m more
pushes 1 origin HEAD:start/first-push
says "To submit start/first-push," "nobody but the server writes these branches" "$out"
ok "the repository is whole" git -C "$data/repositories/asha.git" fsck --strict

# What main holds may be odd: a file where folders would be.
git rm -rq exercises
echo odd > exercises
git add exercises
git commit -qm odd
pushes 0 origin main
ok "a main with a file named exercises can be fetched" git fetch -q --prune origin
done_testing
