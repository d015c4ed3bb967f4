#!/bin/bash
# SPDX-License-Identifier: MIT
# What `milepost grade` tells programs while it grades, and what it does not grade again.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
export GIT_CONFIG_GLOBAL=$work/config GIT_CONFIG_NOSYSTEM=1
git config --global user.name "Asha Rao"
git config --global user.email asha@example.org
git config --global init.defaultBranch main

# kinds FILE: the kinds of its events in order, those that follow each other once.
kinds() {
	/usr/bin/python3 -c '
import itertools, json, sys
kinds = [json.loads(line)["kind"] for line in open(sys.argv[1])]
print(" ".join(kind for kind, _ in itertools.groupby(kinds)))' "$1"
}
# lines FILE: what a push shows of it.
lines() {
	/usr/bin/python3 -c '
import json, sys
for line in open(sys.argv[1]):
    for shown in json.loads(line)["lines"]: print(shown)' "$1"
}
# field FILE EXERCISE NAME: of its result.
field() {
	/usr/bin/python3 -c '
import json, sys
for line in open(sys.argv[1]):
    event = json.loads(line)
    if event["kind"] == "result" and event["exercise"] == sys.argv[2]: print(event[sys.argv[3]])' "$@"
}
# remember FILE: its results as known scores.
remember() {
	/usr/bin/python3 -c '
import json, sys
for line in open(sys.argv[1]):
    event = json.loads(line)
    if event["kind"] == "result":
        print(json.dumps({name: event[name] for name in ("exercise", "hash", "key", "score", "counted", "status")}))' "$1"
}
# graded REPOSITORY [OPTION]...: events go to the file events.
graded() {
	capture "$milepost" grade "$@" --format json --output card.json --events 5 5> events
}

"$top/tests/helper/sample.sh" "$work/road" python mixed > sample.log 2>&1 || cat sample.log
graded road
is "two exercises: what is told, in its order" "$(kinds events)" \
	"checks card result ready checks card result ended"
lines events > shown
says "hello-api: python3 app.py is ready after" "that the service is ready" "$(cat shown)"
says "  FAIL  broken-json *, not-found-and-method" "checks that fail" "$(cat shown)"
says "error: broken-json and not-found-and-method, for one reason:" "and why" "$(cat shown)"
says "hello-api 80 of 100, needs work: each * must pass." "the score" "$(cat shown)"
says "Milestone 2: 1 of 4 required passed." "and the milestone" "$(cat shown)"
is "no line is wider than 72 columns" "$(awk 'length > 72' shown)" ""
is "all is ASCII, without escape codes" "$(LC_ALL=C grep -c '[^ -~]' shown)" 0
field events hello-api card > one.json
/usr/bin/python3 - > same << 'END'
import json
whole = json.load(open("card.json"))
one = json.load(open("one.json"))
print(one["exercises"] == [e for e in whole["exercises"] if e["id"] == "hello-api"])
END
is "a result's card is the scorecard's" "$(cat same)" True
says "<!DOCTYPE html>" "with a page" "$(field events hello-api page)"
lacks "$work" "and nothing of where it lay" "$(cat events)"

# --- what is unchanged
remember events > known
graded road --known known
says "hello-api: not changed, score kept" "what has not changed is kept" "$(lines events)"
says "khata-totals 100 of 100, mastered. Best so far 100." "what is timed is graded again" "$(lines events)"
is "one result" "$(grep -c '"kind":"result"' events)" 1
is "what is kept counts for the exit status" "$status" 1
graded road --known known --exercise hello-api
is "all is kept: nothing is graded" "$(kinds events)" "kept ended"
says "Milestone 5: 0 of" "the milestone is told" "$(lines events)"
graded road --known known --exercise hello-api --seed 5
is "a seed that was given is graded" "$(field events hello-api seed)" 5
sed 's/"hash": "[0-9a-f]*"/"hash": "00"/' known > other
graded road --known other --exercise hello-api
is "another version of the exercise is graded" "$(field events hello-api score)" 80
says "Best so far 80." "and the best score said" "$(lines events)"
sed 's/"score": 80, "counted": 59/"score": 95, "counted": 95/; s/"key": "[0-9a-f]*"/"key": ""/' known > better
graded road --known better --exercise hello-api
says "Best so far 95." "an earlier score may be the best" "$(lines events)"

echo "# notes" >> road/notes.md
git -C road add notes.md
git -C road commit -qm "notes: begin them"
graded road --known known --exercise hello-api
is "a commit elsewhere changes nothing" "$(kinds events)" "kept ended"
key=$(/usr/bin/python3 -c 'import json; print([json.loads(l)["key"] for l in open("known") if "hello-api" in l][0])')
git clone -q --bare road bare.git
graded bare.git --exercise hello-api
is "a clone has the same key" "$(field events hello-api key)" "$key"
graded road --worktree --exercise hello-api
is "and so has the work tree" "$(field events hello-api key)" "$key"
echo "# more" >> road/exercises/hello-api/app.py
graded road --worktree --exercise hello-api --known known
is "an edit is graded" "$(kinds events)" "ready checks card result ended"
git -C road checkout -q .
chmod +x road/exercises/hello-api/app.py
graded road --worktree --exercise hello-api --known known
is "so is a file that may be run now" "$(kinds events)" "ready checks card result ended"

# --- an exercise that asks for history
"$milepost" init first --track python --handle asha > /dev/null
(cd first && "$milepost" start first-push > /dev/null && echo asha > exercises/first-push/hello.txt &&
	git add --all && git commit -qm "first-push: write my handle")
graded first
is "first-push is graded" "$(field events first-push score)" 100
is "its lines begin with its name" "$(lines events | sed -n '/^first-push:$/{N;p}' | cut -c1-11)" "first-push:
  ok    bra"
remember events > known
git -C first commit -q --allow-empty -m "first-push: think about what comes next"
graded first --known known
says "first-push: not changed, score kept" "a further commit that is as it should be changes nothing" "$(lines events)"
is "what is kept and passed is passed" "$status" 0
git -C first commit -q --allow-empty --author "root <root@localhost>" -m "first-push: as somebody else"
graded first --known known
is "a newest commit by nobody is graded" "$(field events first-push score)" 90
git -C first reset -q --hard HEAD~1
printf 'API_KEY=Chai42Samosa\n' > first/.env
git -C first add -f .env
git -C first commit -qm "first-push: keep the settings"
git -C first rm -q .env
git -C first commit -qm "first-push: take the settings out"
graded first --known known
is "a secret in the history is graded" "$(field events first-push score)" 90

# --- secrets that seeds are drawn with
head -c 32 /dev/zero > zeros
head -c 32 /dev/zero | tr '\0' 'x' > letters
for key in zeros zeros letters; do
	capture "$milepost" grade road --exercise hello-api --format json --site-key 4 4< $key
	/usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["exercises"][0]["seed"])' <<< "$out"
done > seeds
is "one key, one seed" "$(sed -n 1p seeds)" "$(sed -n 2p seeds)"
ok "another key, another seed" test "$(sed -n 2p seeds)" != "$(sed -n 3p seeds)"
for size in 0 31 33; do
	head -c $size zeros > short
	[ $size = 33 ] && cat zeros letters > short
	runs 2 "$milepost" grade road --site-key 4 4< short
	says "must give exactly 32 bytes" "$size bytes are no key" "$err"
done
capture "$milepost" grade road --site-key 4 4<&-
says "descriptor 4 is not open" "a key that is not given is missed" "$err"

# --- what goes wrong
capture "$milepost" grade road --events 5 5>&-
is "a descriptor that is not open is refused" "$status" 2
says "descriptor 5 is not open" "and named" "$err"
echo '{"exercise": "hello-api"}' > wrong
graded road --known wrong
is "known scores that cannot be read are refused" "$status" 2
says "line 1 is no JSON object" "by their line" "$err"
is "and the end says so" "$(kinds events)" "ended"
graded road --exercise hello-ap
says "error: unknown exercise 'hello-ap'; did you mean 'hello-api'?" "the end tells what was wrong" "$(lines events)"
git init -q empty
echo x > empty/x
git -C empty add x
git -C empty commit -qm "begin"
graded empty
says "error: No exercise is in this repository yet" "a repository without exercises reads why" "$(lines events)"
# The reader goes away at once: the grading does not mind.
capture "$milepost" grade road --exercise hello-api --events 5 5> >(exec true)
is "a reader that is gone ends nothing" "$status" 1
says "80 of 100" "and the report is whole" "$out"
is "nothing is said of it" "$err" ""
capture "$milepost" grade road --exercise hello-api --events 5 5> /dev/full
says "the events could not be written: No space left" "a full disk is said" "$err"
says "80 of 100" "and ends nothing either" "$out"

done_testing
