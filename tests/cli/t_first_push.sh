#!/bin/bash
# SPDX-License-Identifier: MIT
# A learner's first push: begun, checked at the desk, committed, graded by address; and what goes wrong.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
export GIT_CONFIG_GLOBAL=$work/config GIT_CONFIG_NOSYSTEM=1
git config --global user.name "Asha Rao"
git config --global user.email asha@example.org
git config --global init.defaultBranch main

"$milepost" init road --track node --handle asha > /dev/null
cd road || exit
runs 0 "$milepost" start first-push
ok "the starter is the same in every language" test -f exercises/first-push/hello.txt
runs 1 "$milepost" check first-push
says "70 of 100  NOT STARTED" "what is begun has 70 points, and does not count yet" "$out"
says "Save your files, then: git add" "who has committed nothing reads what to type" "$out"
runs 1 "$milepost" check
says "first-push" "check finds the exercise by its folder" "$out"

echo asha > exercises/first-push/hello.txt
git add --all
git commit -q -m "first-push: write my handle"
runs 0 "$milepost" check first-push
says "100 of 100  MASTERED" "handle and commit make it whole" "$out"
runs 0 "$milepost" grade "file://$work/road" --exercise first-push
says "100 of 100" "so it is by address" "$out"
runs 0 "$milepost" grade "$work/road" --exercise first-push --format html --output "$work/card.html"
says "hello.txt is your handle and one line end" "the page shows the checks" "$(cat "$work/card.html")"

printf 'API_KEY=Chai42Samosa\n' > .env
git add -f .env
git commit -q -m "shop: keep the settings in a file"
since=$(git rev-parse --short=7 HEAD)
git rm -q .env
git commit -q -m "shop: take the settings out again"
runs 1 "$milepost" check first-push
says "a secret value in .env, since commit $since" "a deleted secret is found, with its commit" "$out"
lacks "Chai42Samosa" "and is never shown" "$out$err"
says "Revoke the key" "what to do first is said first" "$out"
runs 1 "$milepost" grade "$work/road" --exercise first-push --format html
says "git checkout --orphan clean" "the page has the commands too" "$out"
lacks "Chai42Samosa" "the page does not show it either" "$out"
git checkout -q --orphan clean && git add --all && git commit -q -m "Begin again without the key" && git branch -M main
runs 0 "$milepost" check first-push
says "100 of 100" "the commands that it names mend it" "$out"

git branch -m master
runs 1 "$milepost" check first-push
says "git branch -M main" "who has master reads what to type" "$out"
is "nothing else is asked without the branch" "$(printf '%s\n' "$out" | grep -c '^ skip')" 1
git branch -m main

git commit -q --allow-empty -m "README: say what comes next"
git clone -q --depth 1 "file://$work/road" "$work/shallow"
runs 4 "$milepost" grade "$work/shallow" --exercise first-push
says "git fetch --unshallow" "a shallow clone is not graded, and says how to mend it" "$out"
lacks "FAIL" "and costs nothing" "$out"
git -C "$work/shallow" fetch -q --unshallow
runs 0 "$milepost" grade "$work/shallow" --exercise first-push

git clone -q "$work/road" "$work/full"
cd "$work/full" || exit
git config uploadpack.allowFilter true
echo draft > notes.txt
git add notes.txt
git commit -q -m "Keep notes"
echo done > notes.txt
git commit -q -a -m "Finish the notes"
git clone -q --filter=blob:none "file://$work/full" "$work/partial"
cd "$work/road" || exit
runs 4 "$milepost" grade "$work/partial" --exercise first-push
says "clone it anew without --filter" "nor is a partial clone" "$out"
lacks "FAIL" "which costs nothing either" "$out"

git clone -q --bare "$work/road" "$work/bare"
runs 0 "$milepost" grade "$work/bare" --exercise first-push
sed -i 's/^track: .*/track: jvaa/; s/^handle: .*/handle: Asha/' learner.yaml
runs 1 "$milepost" check first-push
says "did you mean 'java'?" "a slip gets the nearest word" "$out"
says "A handle has 3 to 31" "and the handle its rule" "$out"
rm learner.yaml
runs 1 "$milepost" check first-push
says "not there yet" "a file that is missing is not there yet" "$out"
done_testing
