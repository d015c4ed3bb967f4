#!/bin/bash
# SPDX-License-Identifier: MIT
# A learner whose language is Hindi: tasks and lines of the push come in it.
. "$(dirname "$0")/../helper/tap.sh"
. "$top/tests/helper/serve.sh"
cd "$work" || exit
serve_start
by_hand passed 100
learner asha --language hi
git clone -q "$repo_asha" road
cd road || exit
is "learner.yaml says the language" "$(grep ^feedback: learner.yaml)" "feedback: hi"
ok "a pull begins an exercise" git pull -q origin start/hello-api
ok "its task is the Hindi one" cmp exercises/hello-api/task.md "$top/exercises/5/hello-api/text/hi/task.md"
pushes 0 origin main
says "आपका page, 7 दिन तक खुला:" "the sentence above the link is Hindi" "$out"
sed -i 's/^feedback: .*/feedback: en/' learner.yaml
git commit -qam 'Read English from now on'
pushes 0 origin main
git fetch -q origin
ok "who changes learner.yaml gets the next task in the other language" \
	cmp <(git show origin/start/khata-totals:exercises/khata-totals/task.md) "$top/exercises/2/khata-totals/text/en/task.md"
done_testing
