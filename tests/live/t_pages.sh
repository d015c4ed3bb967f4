#!/bin/bash
# SPDX-License-Identifier: MIT
# The pages in a real browser: real cards of a graded repository in a ledger, every page at two widths, light and dark.
. "$(dirname "$0")/../helper/tap.sh"
cd "$top" || exit
mkdir "$work/road" "$work/cards" "$work/pages"
tests/helper/sample.sh "$work/road" python mixed > /dev/null || exit
for id in first-push khata-totals hello-api; do
	for code in en hi; do
		"$milepost" grade "$work/road" --exercise $id --language $code --format json --output "$work/cards/$id.$code.json" \
			--also html="$work/cards/$id.$code.html" > /dev/null 2>> "$work/grade.log"
		"$milepost" grade "$work/road" --exercise $id --language $code --instructor --format html \
			--output "$work/cards/$id.$code.all.html" > /dev/null 2>> "$work/grade.log"
	done
done
is "three exercises are graded in two languages" "$(find "$work/cards" -type f | wc -l)" 18
ok "a class is written as pages" "${BUILD:-build/release}/tests/live/cmd/t_pages" "$work/pages" "$work/cards"
if [ -x /usr/bin/chromium ]; then
	ok "a browser finds nothing to complain about" tests/helper/browser.py "$work/pages" ${SHOTS:+"$SHOTS"}
else
	skip "there is no chromium" "a browser finds nothing to complain about"
fi
done_testing
