#!/bin/bash
# SPDX-License-Identifier: MIT
# Scorecards against their schema, pages as a parser sees them.
. "$(dirname "$0")/../helper/tap.sh"

golden=$top/tests/unit/report/golden
schema=$top/docs/scorecard.schema.json
page=$top/docs/scorecard-format.md
python=/usr/bin/python3
unset GIT_DIR

# What `milepost grade` itself writes: of the sample, of a road that has only a starter, of a service that does not
# start, and with the facts of the run.
"$top/tests/helper/sample.sh" "$work/road" python mixed > "$work/sample.log" 2>&1 || cat "$work/sample.log"
"$milepost" init "$work/new" --track python --handle asha > "$work/init.log"
(cd "$work/new" && "$milepost" start hello-api > ../init.log)
cp -r "$work/new" "$work/dies"
printf 'import sys\nsys.exit("no \\33[31m<b>database</b>\\n")\n' > "$work/dies/exercises/hello-api/app.py"
mkdir "$work/real"
for card in road new dies; do
	for format in json html; do
		"$milepost" grade "$work/$card" --worktree --format $format --run-info \
			--output "$work/real/$card.$format" 2> "$work/grade.log" || [ $? = 1 ] || cat "$work/grade.log"
	done
done
"$milepost" grade "$work/road" --format json --output "$work/real/canonical.json" 2> "$work/grade.log" || [ $? = 1 ]
"$milepost" grade "$work/road" --format html --output "$work/real/canonical.html" 2> "$work/grade.log" || [ $? = 1 ]

if "$python" -c 'import jsonschema' 2> /dev/null; then
	ok "golden scorecards follow the schema, and the page explains every key" \
		"$python" "$top/tests/helper/schema.py" "$schema" "$page" "$golden"/*.json
	ok "so do the scorecards of real gradings" \
		"$python" "$top/tests/helper/schema.py" "$schema" "$page" "$work"/real/*.json
	# What must not pass: a score of what was not graded, a fraction, an unknown key.
	for slip in 's/"score": 80/"score": 80.5/' 's/"counted": 59/"counted": 101/' \
		's/"status": "needs-work"/"status": "not-graded"/' 's/"verdict": "fail"/"verdict": "error"/' \
		's/"format"/"farmat"/'; do
		sed "$slip" "$golden/html-errors.json" > "$work/slip.json"
		capture "$python" "$top/tests/helper/schema.py" "$schema" "$page" "$work/slip.json"
		is "the schema refuses $slip" "$status $err" "1 "
	done
else
	skip "python3-jsonschema is not installed" "golden scorecards follow the schema"
fi

ok "golden pages are whole, accessible and load nothing" "$python" "$top/tests/helper/page.py" "$golden"/*.html
ok "so are the pages of real gradings" "$python" "$top/tests/helper/page.py" "$work"/real/*.html
is "each grading wrote its scorecard" "$(cd "$work/real" && echo *)" \
	"canonical.html canonical.json dies.html dies.json new.html new.json road.html road.json"
done_testing
