#!/bin/bash
# SPDX-License-Identifier: MIT
# For authors: lint names every mistake, new copies, prove notices what is not as declared.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit

runs 0 "$milepost" lint
says "0 mistakes" "the exercises have no mistakes" "$out"
cp -r "$top/exercises" mine
yaml=mine/5/hello-api/exercise.yaml

sed -i 's/exepct/x/; s/^title: .*/titel: Hello/' $yaml
runs 3 "$milepost" lint hello-api --exercises mine
says "did you mean 'title'?" "a slip is named with the nearest key" "$out"
says "mine/5/hello-api/exercise.yaml:" "with file, line and column" "$(printf '%s\n' "$out" | sed "s|$work/||")"
runs 3 "$milepost" lint mine/5/hello-api
says "did you mean 'title'?" "the folder that is named is read, not the one that came with milepost" "$out"
runs 3 "$milepost" lint mine/5/hello-api/ khata-totals
says "2 exercises read" "folders and ids may stand side by side" "$out"
runs 2 "$milepost" lint mine/5/nothing
says "no folder" "a folder that is not there is named" "$err"
runs 2 "$milepost" lint "$work"
says "milestones.yaml" "a folder that is no exercise is told from one" "$err"
runs 3 "$milepost" prove hello-api --exercises mine --seeds 1
cp "$top/exercises/5/hello-api/exercise.yaml" $yaml

sed -i '0,/status: ok/s//status: fine/' $yaml
runs 3 "$milepost" prove hello-api --exercises mine --seeds 1
says "health-json: fail, wanted pass" "prove says what is not as declared" "$out"
cp "$top/exercises/5/hello-api/exercise.yaml" $yaml

echo "titel: Hello" >> $yaml
(cd mine/5/hello-api && "$milepost" lint . > "$work/here" 2>&1)
is "lint takes the current folder" "$?" 3
runs 3 "$milepost" show hello-api --exercises mine
says "the exercise 'hello-api' has 1 mistake, named above" "the last line counts the mistakes" "$err"
cp "$top/exercises/5/hello-api/exercise.yaml" $yaml
runs 2 "$milepost" prove --first-seed 0

# Several exercises at a time are told as if one had followed the other.
unclocked() { sed -E 's/ [0-9]+ ms each//' <<< "$1"; }
runs 0 "$milepost" prove profile-page first-push --seeds 1 --jobs 1
one_by_one=$(unclocked "$out")
runs 0 "$milepost" prove profile-page first-push --seeds 1 --jobs 2
is "two at a time say the same as one by one" "$(unclocked "$out")" "$one_by_one"
is "each in its place" "$(grep -o '^[a-z][a-z-]*' <<< "$out" | tr '\n' ' ')" "profile-page first-push "
sed -i '0,/score: 100, fails/s//score: 99, fails/' mine/1/first-push/exercise.yaml
runs 3 "$milepost" prove first-push profile-page --seeds 1 --jobs 2 --exercises mine
says "score 100, wanted 99" "what is not as declared is told by its lane" "$out"
says "22 gradings, 0 not as declared" "and keeps the other lane from nothing" "$out"
cp "$top/exercises/1/first-push/exercise.yaml" mine/1/first-push/
runs 2 "$milepost" prove first-push nothing-here --seeds 1 --jobs 2
says "unknown exercise 'nothing-here'" "a lane that breaks off says why" "$err"

runs 0 "$milepost" new khata-rest --like hello-api --exercises mine
says "mine/5/khata-rest" "new says where it is" "$out"
runs 0 "$milepost" lint khata-rest --exercises mine
for id in thali-menu fare-tests; do
	runs 0 "$milepost" new $id --like khata-totals --exercises mine
	runs 0 "$milepost" lint $id --exercises mine
done
runs 2 "$milepost" new khata-rest --like hello-api --exercises mine
says "is there already" "new writes over nothing" "$err"
runs 2 "$milepost" new not-on-the-road --like hello-api --exercises mine
says "milestones.yaml" "new wants a row on the road" "$err"
runs 2 "$milepost" new khata-rest --exercises mine
says "--like" "new asks what to copy" "$err"

done_testing
