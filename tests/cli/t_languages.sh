#!/bin/bash
# SPDX-License-Identifier: MIT
# Languages: what doctor says of them, and a language that is not on this machine. A mount namespace
# hides its program, for milepost and for every box.
. "$(dirname "$0")/../helper/tap.sh"
cd "$work" || exit
unset MILEPOST_PACKS

runs 0 "$milepost" doctor
for language in python node java ruby php; do
	ok "doctor lists $language" grep -qE "^  (ok|MISSING) +$language " <<< "$out"
done
says "reads /etc/python3 " "doctor says which paths a language reads" "$out"
ok "doctor says which packages are there, with versions" grep -qE "has .*[0-9]" <<< "$out"
says "more: apt-get install" "and how to get more" "$out"
is "doctor fits 80 columns" "$(printf '%s\n' "$out" | awk 'length > 80' | grep -v '/')" ""
MILEPOST_PACKS=/no/such/folder runs 2 "$milepost" doctor
says "MILEPOST_PACKS" "packs that are named and not there are said" "$err"

# hidden PROGRAM COMMAND...: COMMAND where PROGRAM is a file that nobody may run.
hidden() {
	local program
	program=$(readlink -f "/usr/bin/$1")
	shift
	# shellcheck disable=SC2016
	unshare --mount --propagation private sh -c 'mount --bind /dev/null "$0" && exec "$@"' "$program" "$@"
}

mkdir road && cd road || exit
git init -q -b main .
mkdir -p exercises/hello-api exercises/khata-totals
learner() { # ID LINES...: the milepost.yaml of an exercise
	local id=$1
	shift
	printf '%s\n' "$@" > "exercises/$id/milepost.yaml"
}
learner hello-api "start: ruby app.rb"
echo 'puts "hello"' > exercises/hello-api/app.rb
cd .. || exit

if [ "$(id -u)" != 0 ] || ! hidden python3 true 2> /dev/null; then
	skip "hiding a program needs root and mount namespaces" "a missing language is not graded"
	done_testing
fi
touch empty
for program in ruby php javac python3 node; do
	[ -e "/usr/bin/$program" ] || skip "$program is not installed" "a missing $program is not graded"
done

runs 4 hidden ruby "$milepost" grade road --worktree --exercise hello-api
says "Ruby is not on this machine" "a missing language is named" "$out"
says "apt-get install ruby ruby-webrick" "with its packages" "$out"
says "NOT GRADED" "the exercise is not graded" "$out"
lacks " 0 of 100" "and nobody gets a zero" "$out"
runs 4 hidden ruby "$milepost" grade road --worktree --exercise hello-api --format json
is "json says it too" "$(/usr/bin/python3 -c '
import json, sys
card = json.loads(sys.stdin.read())["exercises"][0]
print(card["status"], "apt-get install ruby" in card["not_graded"])' <<< "$out" 2>&1)" "not-graded True"
runs 4 hidden ruby "$milepost" grade road --worktree --exercise hello-api --format html
says "apt-get install ruby ruby-webrick" "and so does the page" "$out"
runs 0 hidden ruby "$milepost" doctor
says "MISSING ruby apt-get install ruby ruby-webrick" "doctor says what to type" "$(tr -s ' ' <<< "$out")"

# Each way to name or show a language, and each language.
while read -r program title lines; do
	eval "learner=($lines)"
	printf '%s\n' "${learner[@]}" > road/exercises/khata-totals/milepost.yaml
	capture hidden "$program" "$milepost" grade road --worktree --exercise khata-totals
	is "$title is missed: ${learner[*]}" "$status $(grep -c "$title is not on this machine" <<< "$(tr '\n' ' ' <<< "$out" | tr -s ' ')")" "4 1"
done << 'ROWS'
php PHP 'run: php main.php'
php PHP 'run: ./main' 'language: PHP'
javac Java 'build: javac *.java' 'run: sh run.sh'
javac Java 'run: cd src && exec java Main.java'
python3 Python 'run: python3 main.py'
node Node.js 'run: /usr/bin/env node main.js'
ROWS
printf '#!/usr/bin/env php\n<?php echo 1;\n' > road/exercises/khata-totals/run
chmod +x road/exercises/khata-totals/run
rm road/exercises/khata-totals/milepost.yaml
runs 4 hidden php "$milepost" grade road --worktree --exercise khata-totals
says "PHP is not on" "a script that names its interpreter shows its language" "$out"

# A command that comes with a package of its own, and a module of one.
if [ ! -e /usr/share/doc/puma ] && [ -e /usr/bin/ruby ]; then
	echo "start: bundle install --local && puma" > road/exercises/hello-api/milepost.yaml
	echo "start: puma -p 3" > road/exercises/hello-api/milepost.yaml
	runs 4 "$milepost" grade road --worktree --exercise hello-api
	says "apt-get install puma" "a command whose package is not here is not the learner's" "$out"
fi
if [ ! -e /usr/share/doc/python3-fastapi ]; then
	echo "start: python3 app.py" > road/exercises/hello-api/milepost.yaml
	echo "import fastapi" > road/exercises/hello-api/app.py
	runs 4 "$milepost" grade road --worktree --exercise hello-api
	says "apt-get install python3-fastapi" "a module whose package is not here is not the learner's" "$out"
	echo "import no_such_module_at_all" > road/exercises/hello-api/app.py
	runs 1 "$milepost" grade road --worktree --exercise hello-api
	says "no_such_module_at_all" "any other module is" "$out"
fi

# The exercises' own proof.
runs 4 hidden node "$milepost" prove hello-api --seeds 1
says "LACKS reference/node: Node.js is not on this machine" "prove says which references it cannot run" "$(tr -s ' ' <<< "$out")"
says "ok reference/python" "and proves the others" "$(tr -s ' ' <<< "$out")"

done_testing
