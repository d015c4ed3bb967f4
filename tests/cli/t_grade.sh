#!/bin/bash
# SPDX-License-Identifier: MIT
# Grading as a learner, an instructor and a program see it.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
unset GIT_DIR

"$top/tests/helper/sample.sh" "$work/road" python mixed > sample.log 2>&1 || cat sample.log
head=$(git -C road rev-parse HEAD)

runs 1 "$milepost" grade road --exercise hello-api --seed 7
says "hello-api  Hello over HTTP" "the head line names the exercise" "$out"
says "commit ${head:0:7}" "and the commit" "$out"
says "80 of 100  NEEDS WORK" "html-errors gets 80" "$out"
says "broken-json and not-found-and-method failed for one reason:" "one root cause is said once" "$out"
says "milepost check hello-api" "the learner learns what to type next" "$out"
is "the report fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80')" ""
first=$out
runs 1 "$milepost" grade "file://$work/road" --exercise hello-api --seed 7
is "a URL gives the same report" "$out" "$first"

runs 0 "$milepost" grade road --exercise khata-totals
says "100 of 100  MASTERED" "a right program earns everything" "$out"

# Two gradings with one seed give the same bytes.
"$milepost" grade road --format json --seed 11 > a.json 2> /dev/null
"$milepost" grade road --format json --seed 11 > b.json 2> /dev/null
ok "the same seed gives the same bytes" cmp a.json b.json
"$milepost" grade road --format json > c.json 2> /dev/null
"$milepost" grade "road@$head" --format json > d.json 2> /dev/null
ok "without a seed the same files give the same bytes" cmp c.json d.json
ok "the canonical JSON is JSON" /usr/bin/python3 -c 'import json; json.load(open("a.json"))'
lacks '"run"' "it holds no run" "$(cat a.json)"
"$milepost" grade road --format json --run-info > run.json 2> /dev/null
says '"trust": "own"' "with --run-info it says under which trust" "$(/usr/bin/python3 -c 'import json; print(json.dumps(json.load(open("run.json"))["run"]))')"

runs 1 "$milepost" grade road --format html --output card.html
ok "the page is there" test -s card.html
is "nothing else is printed" "$out" ""

# Several reports of one grading.
mkdir -p deep
runs 1 "$milepost" grade road --exercise hello-api --also junit=deep/report.xml --also markdown=summary.md --also json=also.json
says "hello-api  Hello over HTTP" "the report that was not named is printed as text" "$out"
ok "each further report is in its file" grep -q "<testsuites" deep/report.xml
ok "in its own format" grep -q "^## milepost" summary.md
"$milepost" grade road --exercise hello-api --format json > alone.json 2> /dev/null
ok "and is what it would be alone" cmp also.json alone.json
runs 2 "$milepost" grade road --also junit
says "FORMAT=FILE" "--also has a form" "$err"
runs 2 "$milepost" grade road --also junti=x.xml
says "did you mean 'junit'?" "and offers the nearest format" "$err"
runs 2 "$milepost" grade road --also junit=x --output x
says "'x' is named twice" "two reports are not written over each other" "$err"
runs 2 "$milepost" grade road --also junit=nowhere/x
says "--also: 'nowhere/x'" "where nothing can be written is said before" "$err"

runs 0 "$milepost" grade road --fail-under 10
runs 1 "$milepost" grade road --fail-under 100

# A reader that has enough changes nothing.
(sleep 0.1; "$milepost" grade road --exercise hello-api; echo $? > status) 2> pipe.err | true
is "a reader that is gone is no mistake" "$(cat status pipe.err)" 1

# What is committed, and what is not.
cp -r road edit
cp "$top/exercises/5/hello-api/reference/python/app.py" edit/exercises/hello-api/app.py
runs 1 "$milepost" grade edit --exercise hello-api
runs 0 "$milepost" grade edit --exercise hello-api --worktree
(cd edit/exercises/hello-api && "$milepost" check > ../../../check.txt 2>&1)
is "check finds the exercise by its folder" "$? $(grep -c '^[a-z-]*  .*files as they lie' check.txt)" "0 1"
(cd edit && "$milepost" check khata-totals > ../check.txt 2>&1)
is "check takes an id" $? 0
git -C edit -c user.name=a -c user.email=a@b.c commit -qam "Answer errors in JSON"
runs 0 "$milepost" grade edit --exercise hello-api
runs 1 "$milepost" grade "edit@$head" --exercise hello-api

# The starters fail with long commands: every line fits, and a shell joins what was broken.
"$top/tests/helper/sample.sh" "$work/begun" python starter > sample.log 2>&1 || cat sample.log
runs 1 "$milepost" grade begun --exercise khata-totals --seed 3
wide='import sys, unicodedata
for line in sys.stdin.buffer.read().decode().splitlines():
    if sum(unicodedata.category(c) not in ("Mn", "Me", "Cf") for c in line) > 80:
        print(ascii(line))'
is "long commands fit 80 columns too" "$(printf '%s\n' "$out" | /usr/bin/python3 -c "$wide")" ""
# The first command of the check "sorted", up to the program it feeds.
printf '%s\n' "$out" | sed -n '/^sorted:/,$p' | sed -n '/^  printf/,/python3/p' | sed '/python3/q; s/^  printf/printf/' > command
sed -i 's/| *python3 totals.py.*//' command
sed -i '$s/\\$//' command
says "2024-11-01,Zoya,credit,120.50" "a shell joins a broken word again" "$(sh ./command)"

# A learner who has not begun.
"$milepost" init new --track python --handle asha > /dev/null
runs 1 "$milepost" grade new
says "milepost start" "an empty road says how to begin" "$err"
runs 1 "$milepost" grade new --format json
says '"exercises": []' "a program gets an empty scorecard" "$out"
runs 1 "$milepost" grade new --exercise hello-api
says "NOT STARTED" "an exercise that is not there is not started" "$out"
(cd new && "$milepost" start hello-api > /dev/null)
runs 1 "$milepost" grade new --worktree
says "25 of 100" "the untouched starter shows its score" "$out"
says "NOT STARTED" "and is not started" "$out"

# Folders are named by their process: those of other gradings on this machine are not ours.
left=
for folder in $(find /tmp /dev/shm "${TMPDIR:-/tmp}" -maxdepth 1 -name 'milepost-[0-9]*' -user "$(id -un)" -newer sample.log 2> /dev/null); do
	process=${folder##*/milepost-}
	[ -d "/proc/${process%%-*}" ] || left="$left $folder"
done
is "no work folder is left" "$left" ""

done_testing
