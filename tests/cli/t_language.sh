#!/bin/bash
# SPDX-License-Identifier: MIT
# The learner's language: learner.yaml chooses, --language switches one report, mistakes are told.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit

runs 0 "$milepost" init road --track python --handle asha
cd road || exit
(git config user.name "Asha Rao" && git config user.email asha@example.com) > /dev/null
"$milepost" start first-push > /dev/null 2>&1
sed -i 's/^feedback: en/feedback: hi/' learner.yaml
printf 'asha' > exercises/first-push/hello.txt
git add --all && git commit -q -m "Write my handle, but no line end"

runs 0 "$milepost" check first-push
says "पहला push" "the title is Hindi" "$out"
says "एक बार Enter दबाओ" "and so is what to try next" "$out"
says "FAIL  20     hello " "verdict and id stay as they are" "$out"
runs 0 "$milepost" check first-push --language en
says "press Enter once behind it" "one report can be switched" "$out"
lacks "पहला" "then all of it is English" "$out"
runs 0 "$milepost" grade . --exercise first-push --format json --also "html=$work/card.html"
says '"language": "hi"' "JSON says the language" "$out"
says "press Enter once behind it" "and stays English" "$out"
says '<html lang="hi">' "the page says its language" "$(cat "$work/card.html")"
is "the page is whole and accessible" "$(/usr/bin/python3 "$top/tests/helper/page.py" "$work/card.html" 2>&1 && echo well)" well
runs 0 "$milepost" show first-push
says "## क्या बनाना है" "show prints the Hindi task" "$out"
says "difficulty 5 में से" "and what stands around it" "$out"
runs 0 "$milepost" list
says "first-push             पहला push " "the road is Hindi" "$out"
says "(3 और आने वाले हैं)" "and so is what is to come" "$out"
runs 0 "$milepost" start profile-page
says "क्या बनाना है, लगभग" "start speaks it" "$out"
says "## क्या बनाना है" "and copies the Hindi task" "$(cat exercises/profile-page/task.md)"
runs 1 "$milepost" check profile-page
says "starter जैसा मिला था" "which leaves the starter untouched" "$out"
rm -r exercises/profile-page
runs 0 "$milepost" list --language en
says "first-push             First push                            10  required" "the road can be switched" "$out"
sed -i 's/^feedback: hi/feedback: ta/' learner.yaml
runs 0 "$milepost" check first-push
says "First push" "a language without a catalogue yet is English" "$out"
runs 2 "$milepost" check first-push --language xx
says "there is no 'xx' yet; there is: en, hi" "an unknown language is told with what there is" "$err"
runs 2 "$milepost" list --language xx
says "there is no 'xx' yet; there is: en, hi" "by the road too" "$err"
done_testing
