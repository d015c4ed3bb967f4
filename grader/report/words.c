/* SPDX-License-Identifier: MIT */
/*
 * The table of the report's words. English is the language of the program; others come as
 * catalogues.
 */
#include "grader/report/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *key, *text;
} words[WORD_COUNT] = {
	[WORD_ADVICE_BELOW] = {"report.advice", "What helps"},
	[WORD_ALSO_THERE] = {"report.also-there", "also there"},
	[WORD_AND] = {"report.and", "and"},
	[WORD_AND_MORE] = {"report.and-more", "and %1 more"},
	[WORD_AND_MORE_REQUESTS] = {"report.and-more-requests", "and the same in %1 more requests"},
	[WORD_BEST] = {"report.best", "Best so far %1."},
	[WORD_CAPPED] = {"report.capped", "at most %1 until %2 passes"},
	[WORD_CATEGORY] = {"report.category", "category"},
	[WORD_CHECKS] = {"report.checks", "Checks"},
	[WORD_COMMIT] = {"report.commit", "commit %1"},
	[WORD_CORE_MARK] = {"report.core-mark", "*: must pass"},
	[WORD_COUNTED] = {"report.counted", "Until then %1 of the %2 count."},
	[WORD_EACH_MUST_PASS] = {"report.each-must-pass", "each %1 must pass"},
	[WORD_ELECTIVE] = {"report.elective", "elective"},
	[WORD_ELECTIVES] = {"report.electives", "%1 points from electives"},
	[WORD_ENOUGH] = {"report.enough", "%1 are enough"},
	[WORD_ENOUGH_AND_CORE] = {"report.enough-and-core", "%1 are enough, and each %2 must pass"},
	[WORD_ENOUGH_BUT_CORE] = {"report.enough-but-core", "%1 are enough, but each %2 must pass"},
	[WORD_FAIL] = {"report.fail", "FAIL"},
	[WORD_FAULT] = {"report.fault", "ours"},
	[WORD_FOR_ONE_REASON] = {"report.for-one-reason", "%1, for one reason:"},
	[WORD_GOT] = {"report.got", "got"},
	[WORD_HIDDEN] = {"report.hidden", "hidden"},
	[WORD_HIDDEN_MARK] = {"report.hidden-mark", "h: hidden"},
	[WORD_HINT] = {"report.hint", "Hint"},
	[WORD_KEPT] = {"report.kept", "%1: not changed, scores kept"},
	[WORD_KEPT_ONE] = {"report.kept-one", "%1: not changed, score kept"},
	[WORD_LATER] = {"report.later", "nothing published yet: %1"},
	[WORD_LIMIT] = {"report.limit", "LIMIT"},
	[WORD_MASTERED] = {"report.mastered", "mastered"},
	[WORD_MEND] = {"report.mend", "Mend %1: %2"},
	[WORD_MILESTONE_PASSED] = {"report.milestone-passed",
				   "Milestone %1: %2 of %3 required passed."},
	[WORD_MILESTONE_REACHED] = {"report.milestone-reached", "Milestone %1 is reached."},
	[WORD_MILESTONES] = {"report.milestones", "The nine milestones"},
	[WORD_MORE_ON_PAGE] = {"report.more-on-page", "and %1 more: your page tells them all."},
	[WORD_MORE_STORIES] = {"report.more-stories",
			       "The page ends here to stay small. All of it: %1"},
	[WORD_MISSING_LAYERS] =
		{"report.missing-layers",
		 "Graded without %1, which this machine lacks. Fine at your own desk; a course wants "
		 "every layer. More: milepost doctor"},
	[WORD_MORE_CHECKS] = {"report.more-checks", "%1 more checks"},
	[WORD_MORE_CHECKS_ONE] = {"report.more-checks-one", "1 more check"},
	[WORD_MUST_PASS] = {"report.must-pass", "must pass"},
	[WORD_MUST_PASS_QUOTED] = {"report.must-pass-quoted", "marked check"},
	[WORD_NEEDS_GATE] = {"report.needs-gate", "They need %1 to pass first"},
	[WORD_NEEDS_PROGRAM] = {"report.needs-program", "They need a program that can be run"},
	[WORD_NEEDS_SERVICE] = {"report.needs-service", "They need a service that can be asked"},
	[WORD_NEEDS_WORK] = {"report.needs-work", "needs work"},
	[WORD_NEXT] = {"report.next", "Next"},
	[WORD_NOTE] = {"report.note", "Note"},
	[WORD_NOTHING_HERE] = {"report.nothing-here",
			       "No exercise of the road is here yet, so nothing was graded."},
	[WORD_NOT_GRADED] = {"report.not-graded", "not graded"},
	[WORD_NOT_GRADED_CALM] = {"report.not-graded-calm",
				  "This is no mark: nothing was counted against you."},
	[WORD_NOT_RUN] = {"report.not-run", "not run"},
	[WORD_NOT_STARTED] = {"report.not-started", "not started"},
	[WORD_NOT_YET] = {"report.not-yet", "not yet"},
	[WORD_NO_FOLDER] = {"report.no-folder", "There is no folder %1 yet."},
	[WORD_OF_100] = {"report.of-100", "%1 of 100"},
	[WORD_OF_100_ALONE] = {"report.of-100-alone", "of 100"},
	[WORD_OK] = {"report.ok", "ok"},
	[WORD_ONE_OF] = {"report.one-of", "one of"},
	[WORD_ONE_REASON] = {"report.one-reason", "%1 failed for one reason:"},
	[WORD_PART] = {"report.part", "part"},
	[WORD_PASSED] = {"report.passed", "passed"},
	[WORD_POINTS] = {"report.points", "points"},
	[WORD_POINTS_OF] = {"report.points-of", "%1 of %2 points"},
	[WORD_PUBLISHED] = {"report.published", "M%1: %2 of %3 published"},
	[WORD_REACHED] = {"report.reached", "reached"},
	[WORD_READY_AFTER] = {"report.ready-after", "%1: %2 is ready after %3 s"},
	[WORD_REPEAT] = {"report.repeat", "Command that repeats it"},
	[WORD_REQUIRED] = {"report.required", "required"},
	[WORD_REQUIRED_PASSED] = {"report.required-passed", "%1 of %2 required passed"},
	[WORD_ROAD] = {"report.road", "The road"},
	[WORD_ROAD_PICTURE] = {"report.road-picture", "The road with nine mileposts: "},
	[WORD_SEED] = {"report.seed", "seed %1"},
	[WORD_SEE_ROAD] = {"report.see-road", "See the road and begin: milepost list"},
	[WORD_SERVICE_SAID] = {"report.service-said", "What it said last:"},
	[WORD_SKIP] = {"report.skip", "skip"},
	[WORD_START] = {"report.start", "Begin: milepost start %1"},
	[WORD_TIP] = {"report.tip", "tip"},
	[WORD_TITLE] = {"report.title", "Scorecard"},
	[WORD_TO_COME] = {"report.to-come", "not published yet"},
	[WORD_TOTAL] = {"report.total", "In all"},
	[WORD_UNDER_WAY] = {"report.under-way", "under way"},
	[WORD_UNTOUCHED] = {"report.untouched",
			    "the starter as it was given: it counts once you change it"},
	[WORD_WAITS] = {"report.waits", "%1 was not run: it waits for %2."},
	[WORD_WANTED] = {"report.wanted", "wanted"},
	[WORD_WORK_TREE] = {"report.work-tree", "files as they lie"},
};

const char *word_key(enum word word)
{
	return words[word].key;
}

/*
 * The language of the report that is being written. The one state of this room: a report is pure bytes
 * from its inputs all the same, since report_write() sets it first and takes it back.
 */
static struct language *spoken;

struct language *words_speak(struct language *language)
{
	struct language *before = spoken;

	spoken = language;
	return before;
}

const char *words_say(const char *english)
{
	return spoken ? language_say(spoken, english) : english;
}

const char *words_code(void)
{
	return spoken ? language_name_of(spoken)->code : "en";
}

const char *word_english(const char *key)
{
	for (size_t i = 0; i < WORD_COUNT; i++) {
		if (strcmp(words[i].key, key) == 0)
			return words[i].text;
	}
	return NULL;
}

const char *word_text(enum word word)
{
	const char *text = spoken ? language_word(spoken, words[word].key) : NULL;

	return text ? text : words[word].text;
}

void word_add_list(struct text *into, enum word word, const char *const *args)
{
	size_t count = 0;

	while (args[count])
		count++;
	for (const char *at = word_text(word); *at; at++) {
		if (at[0] != '%' || at[1] < '1' || at[1] > '9') {
			text_add_char(into, *at);
			continue;
		}
		at++;
		assert((size_t)(*at - '0') <= count);
		text_add(into, args[*at - '1']);
	}
}

const char *word_number(char buffer[NUMBER_BYTES], int64_t value)
{
	(void)snprintf(buffer, NUMBER_BYTES, "%" PRId64, value);
	return buffer;
}

const char *word_seed(char buffer[NUMBER_BYTES], uint64_t seed)
{
	(void)snprintf(buffer, NUMBER_BYTES, "%" PRIu64, seed);
	return buffer;
}
