/* SPDX-License-Identifier: MIT */
/*
 * The scorecard as workflow commands of GitHub Actions: annotations on the run's page. GitHub shows ten
 * errors, ten warnings and ten notices of a step and drops the rest without a word, so the tenth says
 * how many more there are. Source: "Workflow commands for GitHub Actions" of GitHub's documentation.
 *
 * What failed is an error, advice and what was not graded or is not there yet a warning, the result of an exercise
 * a notice.
 */
#include <inttypes.h>
#include <string.h>

#include "grader/report/formats.h"

enum { MOST_OF_A_KIND = 10 };

/* The annotations of one kind: those that fit, then one that counts the others. */
struct kind {
	const char *word; /* "error" */
	int64_t wanted;	  /* how many there are in all */
	int64_t written;
};

/* A value as a workflow command takes it: % and line ends as numbers, in properties also : and , */
static void add_escaped(struct text *into, const char *text, const char *also)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '%' || c < 0x20 || c == 0x7f || strchr(also, c))
			text_addf(into, "%%%02X", c);
		else
			text_add_char(into, (char)c);
	}
}

static void annotate(struct text *into, struct kind *kind, const char *title, const char *message)
{
	int64_t more = kind->wanted - kind->written;
	mp_autotext struct text rest = {0};

	if (kind->written >= MOST_OF_A_KIND)
		return;
	if (kind->written == MOST_OF_A_KIND - 1 && more > 1) {
		word_add(&rest, WORD_AND_MORE, NUMBER(more));
		title = "milepost";
		message = text_get(&rest);
	}
	kind->written++;
	text_addf(into, "::%s title=", kind->word);
	add_escaped(into, title, ":,");
	text_add(into, "::");
	add_escaped(into, message, "");
	text_add_char(into, '\n');
}

/* What failed for one reason: its first check names it, its message names all. */
static void annotate_story(struct text *into, struct kind *kind, const struct card *card,
			   const struct story *story, const struct report_options *options)
{
	mp_autotext struct text title = {0};
	mp_autotext struct text message = {0};

	text_addf(&title, "%s/%s", card->exercise->id, story->checks[0]->id);
	for (size_t i = 1; i < story->check_count; i++)
		text_addf(&title, ", %s", story->checks[i]->id);
	text_add(&message, story->lead);
	if (story->rule)
		text_addf(&message, "\n%s", story->rule);
	for (size_t i = 0; i < story->request_count; i++) {
		if (story->requests[i].say)
			text_addf(&message, "\n%s", story->requests[i].say);
	}
	text_addf(&message, "\n%s %s --seed %" PRIu64, options->desk_command, card->exercise->id,
		  card->seed);
	annotate(into, kind, text_get(&title), text_get(&message));
}

static void annotate_card(struct text *into, struct kind kinds[3], const struct card *card,
			  const struct telling *telling, const struct report_options *options)
{
	mp_autotext struct text words = {0};

	if (report_why_unchecked(card, &words)) {
		annotate(into, &kinds[1], card->exercise->id, text_get(&words));
		return;
	}
	for (size_t i = 0; i < telling->story_count; i++)
		annotate_story(into, &kinds[telling->stories[i].is_advice], card,
			       &telling->stories[i], options);
	report_add_result(&words, card);
	annotate(into, &kinds[2], card->exercise->id, text_get(&words));
}

int report_github(const struct scorecard *scorecard, const struct report_options *given,
		  struct text *into, struct mp_error *err)
{
	struct report_options options = report_with_defaults(given);
	struct kind kinds[] = {{.word = "error"}, {.word = "warning"}, {.word = "notice"}};
	mp_autoarena struct arena *arena = arena_new();
	struct telling *tellings = arena_alloc(arena, scorecard->card_count + 1, sizeof(*tellings));

	for (size_t i = 0; i < scorecard->card_count; i++) {
		const struct card *card = &scorecard->cards[i];
		mp_autotext struct text ignored = {0};

		if (report_why_unchecked(card, &ignored)) {
			kinds[1].wanted++;
			continue;
		}
		story_tell(card, options.audience, arena, &tellings[i]);
		for (size_t k = 0; k < tellings[i].story_count; k++)
			kinds[tellings[i].stories[k].is_advice].wanted++;
		kinds[2].wanted++;
	}
	for (size_t i = 0; i < scorecard->card_count; i++)
		annotate_card(into, kinds, &scorecard->cards[i], &tellings[i], &options);
	return report_finish(into, err);
}
