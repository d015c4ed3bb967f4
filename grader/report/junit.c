/* SPDX-License-Identifier: MIT */
/*
 * The scorecard as JUnit XML, as GitLab, Jenkins and others read it: a suite for each exercise, a case
 * for each check. There is no standard, but one file of habits: failure, error and skipped below a
 * case, counts on the suites. A check that waited for another is skipped, and so is advice; what could not be graded is
 * an error, so that it is never taken for the learner's failure.
 *
 * Times are measured, so they stand in it only where the facts of the run are asked for.
 */
#include <inttypes.h>
#include <string.h>

#include "grader/report/formats.h"
#include "grader/report/text_story.h"

struct tally {
	int64_t tests, failures, errors, skipped;
};

static void add_tally(struct tally *to, const struct tally *more)
{
	to->tests += more->tests;
	to->failures += more->failures;
	to->errors += more->errors;
	to->skipped += more->skipped;
}

/* A check as it counts; a card without checks is one case. */
static struct tally tally_of(const struct card *card)
{
	struct tally tally = {.tests = 1};

	if (card->status == STATUS_NOT_GRADED) {
		tally.errors = 1;
		return tally;
	}
	if (!card->outcomes) {
		tally.failures = 1;
		return tally;
	}
	tally.tests = (int64_t)card->exercise->check_count;
	for (size_t i = 0; i < card->exercise->check_count; i++) {
		enum verdict verdict = card->outcomes[i].verdict;
		bool is_advice = check_is_advice(card, i);

		tally.failures +=
			!is_advice && (verdict == VERDICT_FAIL || verdict == VERDICT_LIMIT);
		tally.errors += verdict == VERDICT_FAULT;
		tally.skipped += is_advice || verdict == VERDICT_SKIP;
	}
	return tally;
}

/* TEXT as character data or a value in quotes. What XML 1.0 has no place for becomes a question mark. */
static void add_xml(struct text *into, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		static const char *const entities[128] = {
			['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
		unsigned char c = (unsigned char)*text;
		size_t length = text_utf8_length(text, left);
		bool is_control = (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
		bool is_no_character = length == 3 && memcmp(text, "\xef\xbf", 2) == 0 &&
				       (unsigned char)text[2] >= 0xbe;

		if (c < 128 && entities[c])
			text_add(into, entities[c]);
		else if (length == 0 || is_control || is_no_character)
			text_add_char(into, '?');
		else
			text_add_bytes(into, text, length);
		text += length ? length : 1;
		left -= length ? length : 1;
	}
}

static void add_attribute(struct text *into, const char *name, const char *value)
{
	text_addf(into, " %s=\"", name);
	add_xml(into, value);
	text_add_char(into, '"');
}

static void add_counts(struct text *into, const struct tally *tally)
{
	text_addf(into,
		  " tests=\"%" PRId64 "\" failures=\"%" PRId64 "\" errors=\"%" PRId64
		  "\" skipped=\"%" PRId64 "\"",
		  tally->tests, tally->failures, tally->errors, tally->skipped);
}

static void add_seconds(struct text *into, int64_t ms, const struct report_options *options)
{
	if (options->has_run_info)
		text_addf(into, " time=\"%" PRId64 ".%03" PRId64 "\"", ms / 1000, ms % 1000);
}

static void add_property(struct text *into, const char *name, const char *value)
{
	text_add(into, "      <property");
	add_attribute(into, "name", name);
	add_attribute(into, "value", value);
	text_add(into, "/>\n");
}

static void add_properties(struct text *into, const struct scorecard *scorecard,
			   const struct card *card)
{
	text_add(into, "    <properties>\n");
	add_property(into, "commit", card->commit ? card->commit : scorecard->commit);
	add_property(into, "status", status_words[card->status]);
	if (card->status != STATUS_NOT_GRADED) {
		add_property(into, "score", NUMBER(card->score));
		add_property(into, "counted", NUMBER(card->counted));
	}
	if (card->outcomes)
		add_property(into, "seed", SEED(card->seed));
	add_property(into, "version", NUMBER(card->exercise->version));
	text_add(into, "    </properties>\n");
}

/* What stands below a case that did not pass: TAG with a message and, where there is more, a body. */
static void add_trouble(struct text *into, const char *tag, const char *type, const char *message,
			const char *body)
{
	text_addf(into, "      <%s", tag);
	if (type)
		add_attribute(into, "type", type);
	add_attribute(into, "message", message);
	if (!body || !*body) {
		text_add(into, "/>\n");
		return;
	}
	text_add_char(into, '>');
	add_xml(into, body);
	text_addf(into, "</%s>\n", tag);
}

static void begin_case(struct text *into, const struct card *card, const char *name)
{
	text_add(into, "    <testcase");
	add_attribute(into, "classname", card->exercise->id);
	add_attribute(into, "name", name);
}

static void add_check(struct text *into, const struct card *card, size_t index,
		      const struct report_options *options)
{
	static const char *const tags[VERDICT_COUNT] = {[VERDICT_FAIL] = "failure",
							[VERDICT_LIMIT] = "failure",
							[VERDICT_SKIP] = "skipped",
							[VERDICT_FAULT] = "error"};
	const struct check *check = &card->exercise->checks[index];
	const struct outcome *outcome = &card->outcomes[index];
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text words = {0};
	struct story story;

	text_addf(&words, "%s: %s", check->id, words_say(check->title));
	begin_case(into, card, text_get(&words));
	add_seconds(into, outcome->usage.wall_ms, options);
	if (outcome->verdict == VERDICT_PASS) {
		text_add(into, "/>\n");
		return;
	}
	text_add(into, ">\n");
	text_clear(&words);
	if (outcome->verdict == VERDICT_SKIP) {
		report_add_waits(&words, card, index);
		add_trouble(into, "skipped", NULL, text_get(&words), NULL);
	} else {
		story_of_check(card, index, options->audience, arena, &story);
		text_story_body(&words, &story, options->columns);
		add_trouble(into, story.is_advice ? "skipped" : tags[outcome->verdict],
			    story.is_advice ? NULL : verdict_words[outcome->verdict], story.lead,
			    text_get(&words));
	}
	text_add(into, "    </testcase>\n");
}

static void add_suite(struct text *into, const struct scorecard *scorecard, const struct card *card,
		      const struct report_options *options)
{
	struct tally tally = tally_of(card);
	mp_autotext struct text why = {0};

	text_add(into, "  <testsuite");
	add_attribute(into, "name", card->exercise->id);
	add_counts(into, &tally);
	add_seconds(into, card->wall_ms, options);
	text_add(into, ">\n");
	add_properties(into, scorecard, card);
	if (report_why_unchecked(card, &why)) {
		begin_case(into, card, words_say(card->exercise->title));
		text_add(into, ">\n");
		add_trouble(into, card->status == STATUS_NOT_GRADED ? "error" : "failure",
			    status_words[card->status], text_get(&why), NULL);
		text_add(into, "    </testcase>\n");
	} else {
		for (size_t i = 0; i < card->exercise->check_count; i++)
			add_check(into, card, i, options);
	}
	text_add(into, "  </testsuite>\n");
}

int report_junit(const struct scorecard *scorecard, const struct report_options *given,
		 struct text *into, struct mp_error *err)
{
	struct report_options options = report_with_defaults(given);
	struct tally all = {0};

	for (size_t i = 0; i < scorecard->card_count; i++) {
		struct tally tally = tally_of(&scorecard->cards[i]);

		add_tally(&all, &tally);
	}
	text_add(into, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"milepost\"");
	add_counts(into, &all);
	text_add(into, ">\n");
	for (size_t i = 0; i < scorecard->card_count; i++)
		add_suite(into, scorecard, &scorecard->cards[i], &options);
	text_add(into, "</testsuites>\n");
	return report_finish(into, err);
}
