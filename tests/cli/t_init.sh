#!/bin/bash
# SPDX-License-Identifier: MIT
# A learner's first minutes: init, list, show, start.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit

runs 0 "$milepost" init road --track python --handle asha
says "cd road" "init says what to type next" "$out"
is "init makes one commit on main" "$(git -C road log --format=%s main)" "Start from the milepost template"
is "nothing is left uncommitted" "$(git -C road status --porcelain)" ""
says "handle: asha" "the handle is written down" "$(cat road/learner.yaml)"
says "track: python" "the track is written down" "$(cat road/learner.yaml)"
lacks "{{" "no placeholder is left" "$(cat road/*.yaml road/*.md)"
for track in java node php python ruby; do
	runs 0 "$milepost" init "in-$track" --track $track --handle asha
	is "$track: the placeholders are filled in" "$(cd "in-$track" && cat README.md *.yaml | grep -c "{{")" 0
	is "$track: the headings are those of every track" \
		"$(grep '^#' "in-$track/README.md")" "$(grep '^#' road/README.md)"
	for id in hello-api khata-totals; do
		(cd "in-$track" && "$milepost" start $id) > /dev/null 2>&1
		is "$track: $id has a starter of that language" \
			"$(grep '^language:' "in-$track/exercises/$id/milepost.yaml")" "language: $track"
	done
done
runs 0 "$milepost" init again --track python --handle asha
is "the same files give the same commit" "$(git -C again rev-parse HEAD)" "$(git -C road rev-parse HEAD)"

runs 2 "$milepost" init road --track python --handle asha
says "not empty" "a folder with something in it is left alone" "$err"
runs 2 "$milepost" init other --track cobol --handle asha
says "there is: java, node, php, python, ruby" "a track without starters names those there are" "$err"
is "and writes nothing" "$(ls -d other 2>/dev/null)" ""
runs 2 "$milepost" init other --track ../python --handle asha
runs 2 "$milepost" init other --track python --handle Asha
says "a-z, 0-9 and hyphens" "a handle has a form" "$err"
runs 2 "$milepost" init other --track python --handle as
says "3 to 31" "a handle has a length" "$err"
runs 2 "$milepost" init other
says "--track" "init asks for track and handle" "$err"
runs 2 "$milepost" init none/such/place --track python --handle asha

runs 0 "$milepost" list
says "hello-api" "list shows what is ready" "$out"
says "M9" "list shows nine milestones" "$out"
is "list fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80')" ""
runs 0 "$milepost" show hello-api
says "POST /sum" "show prints the task" "$out"
says "each * must pass" "show lists the checks" "$out"

cd road || exit
runs 0 "$milepost" start hello-api
says "exercises/hello-api/task.md" "start says where the task is" "$out"
ok "the starter is there" test -f exercises/hello-api/milepost.yaml
ok "the task is there" test -f exercises/hello-api/task.md
echo "# mine" >> exercises/hello-api/app.py
runs 2 "$milepost" start hello-api
says "is there already" "start changes nothing of a learner's" "$err"
says "# mine" "and leaves the file" "$(tail -1 exercises/hello-api/app.py)"
runs 2 "$milepost" start helo-api
says "did you mean 'hello-api'?" "start offers the nearest" "$err"
runs 0 "$milepost" start khata-totals --track node
ok "another track's starter is there" test -f exercises/khata-totals/milepost.yaml
cd "$work" && mkdir bare && cd bare || exit
GIT_CEILING_DIRECTORIES=$work runs 2 "$milepost" start hello-api
says "milepost init" "outside of a repository, start says how to make one" "$err"
runs 2 "$milepost" check
says "milepost init" "and so does check" "$err"
mkdir "$work/gone" && cd "$work/gone" && rmdir "$work/gone" || exit
for command in start check; do
	runs 2 "$milepost" "$command" hello-api
	says "not there any more; go into your repository with cd" "$command in a folder that is gone says what to do" "$err"
done
cd "$work" || exit

# The language of the feedback, from the first day.
runs 0 "$milepost" init "$work/hindi" --track python --handle asha --language hi
is "learner.yaml asks for Hindi" "$(sed -n 's/^feedback: //p' "$work/hindi/learner.yaml")" hi
runs 2 "$milepost" init "$work/klingon" --track python --handle asha --language tlh
says "'tlh' is not known" "a language that is not there is named" "$err"
ok "and nothing is made" test ! -e "$work/klingon"
done_testing
