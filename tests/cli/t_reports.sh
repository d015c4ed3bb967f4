#!/bin/bash
# SPDX-License-Identifier: MIT
# The reports for CI, each read by a parser that is not ours: golden ones, and those of a real grading.
. "$(dirname "$0")/../helper/tap.sh"

golden=$top/tests/unit/report/golden
python=/usr/bin/python3
unset GIT_DIR

"$top/tests/helper/sample.sh" "$work/road" python mixed > "$work/sample.log" 2>&1 || cat "$work/sample.log"
for format in junit tap markdown github; do
	runs 1 "$milepost" grade "$work/road" --format $format --output "$work/real.$format"
done

if "$python" -c 'import junitparser' 2> /dev/null && command -v xmllint > /dev/null; then
	ok "JUnit reports are well-formed XML" xmllint --noout "$golden"/*.junit.xml "$work/real.junit"
	ok "junitparser counts in them what they say" \
		"$python" "$top/tests/helper/reports.py" junit "$golden"/*.junit.xml "$work/real.junit"
else
	skip "python3-junitparser and libxml2-utils are not installed" "junitparser reads JUnit reports"
fi
capture perl "$top/tests/helper/tap_parser.pl" "$golden/road.tap"
is "Test::Harness reads the TAP of a road" "$out" "10 passed, 10 failed, 1 skipped, 10 told"
capture perl "$top/tests/helper/tap_parser.pl" "$work/real.tap"
is "Test::Harness reads the TAP of a grading" "$out" "20 passed, 2 failed, 0 skipped, 2 told"
if command -v cmark-gfm > /dev/null; then
	capture cmark-gfm -e table "$golden/road.md"
	is "GitHub's Markdown has the tables of a road" "$(grep -c '<table>' <<< "$out")" 3
	is "and a block of code for each story that shows something" "$(grep -c '<pre><code' <<< "$out")" 4
	says "<td><strong>FAIL</strong></td>" "a failed check stands out" "$out"
else
	skip "cmark-gfm is not installed" "GitHub's Markdown is read"
fi
ok "GitHub's annotations are of its form, ten of a kind at most" \
	"$python" "$top/tests/helper/reports.py" github "$golden"/*.github "$work/real.github"

# What must not pass: a count that is wrong, an annotation that breaks its line.
sed 's/failures="9"/failures="8"/' "$golden/road.junit.xml" > "$work/slip.xml"
capture "$python" "$top/tests/helper/reports.py" junit "$work/slip.xml"
is "a wrong count is seen" "$status" 1
sed 's/%0A/\n/' "$golden/road.github" > "$work/slip.github"
capture "$python" "$top/tests/helper/reports.py" github "$work/slip.github"
is "a broken annotation is seen" "$status" 1
done_testing
