#!/bin/bash
# SPDX-License-Identifier: MIT
# Scorecards against their schema, pages as a parser sees them.
. "$(dirname "$0")/../helper/tap.sh"

golden=$top/tests/unit/report/golden
schema=$top/docs/scorecard.schema.json
page=$top/docs/scorecard-format.md
python=/usr/bin/python3

if "$python" -c 'import jsonschema' 2> /dev/null; then
	ok "golden scorecards follow the schema, and the page explains every key" \
		"$python" "$top/tests/helper/schema.py" "$schema" "$page" "$golden"/*.json
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
done_testing
