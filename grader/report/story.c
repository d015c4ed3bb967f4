/* SPDX-License-Identifier: MIT */
/* From outcomes to stories. */
#include "grader/report/story.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "grader/report/words.h"

enum {
	MOST_MISMATCHES = 8, /* of one request; one or two more are shown rather than counted */
	MOST_REQUESTS = 5,
	SLACK = 1,
	LIKENESS_LEAST = 2, /* one shared word may be chance */
	WORD_LETTERS = 4,   /* shorter words say nothing about what a hint is about */
};

static bool has_failed(const struct outcome *outcome)
{
	return outcome->verdict == VERDICT_FAIL || outcome->verdict == VERDICT_LIMIT;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Does another check wait for the check ID? */
static bool is_waited_for(const struct exercise *exercise, const char *id)
{
	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct text_list *after = &exercise->checks[i].after;

		for (size_t k = 0; k < after->count; k++) {
			if (strcmp(after->items[k], id) == 0)
				return true;
		}
	}
	return false;
}

bool outcome_is_advice(const struct exercise *exercise, const struct check *check,
		       const struct outcome *outcome)
{
	/* Without its security checks nobody has mastered an exercise. */
	return has_failed(outcome) && check->points == 0 && !check->is_gate && !check->is_core &&
	       check->cap < 0 && check->category != CATEGORY_SECURITY &&
	       !is_waited_for(exercise, check->id);
}

bool check_is_advice(const struct card *card, size_t index)
{
	return outcome_is_advice(card->exercise, &card->exercise->checks[index],
				 &card->outcomes[index]);
}

static bool is_closed(const struct check *check, enum audience audience)
{
	return check->visibility == VISIBILITY_HIDDEN && audience == AUDIENCE_LEARNER;
}

/* Stories are built check by check; causes stand beside them to be found again. */
struct builder {
	const struct card *card;
	enum audience audience;
	struct arena *arena;
	struct telling *telling;
	const char **causes; /* of each story; NULL: stands alone */
	size_t cause_count;
};

static struct story *find_story(struct builder *builder, const struct check *check,
				const char *cause)
{
	struct telling *telling = builder->telling;
	bool is_alone = is_closed(check, builder->audience) || !cause;

	assert(builder->cause_count == telling->story_count);
	for (size_t i = 0; !is_alone && i < builder->cause_count; i++) {
		if (is_same(builder->causes[i], cause))
			return &telling->stories[i];
	}
	*(const char **)arena_push(builder->arena, &builder->causes, &builder->cause_count,
				   sizeof(cause)) = is_alone ? NULL : cause;
	return arena_push(builder->arena, &telling->stories, &telling->story_count,
			  sizeof(struct story));
}

/*
 * Was this mismatch told in an earlier request of STORY? With one cause the got values may differ.
 */
static bool is_told(const struct story *story, const struct mismatch *mismatch, bool has_cause)
{
	for (size_t i = 0; i < story->request_count; i++) {
		const struct story_request *earlier = &story->requests[i];

		for (size_t k = 0; k < earlier->mismatch_count; k++) {
			const struct mismatch *told = earlier->mismatches[k];

			if (is_same(told->path, mismatch->path) &&
			    is_same(told->wanted, mismatch->wanted) &&
			    (has_cause || is_same(told->got, mismatch->got)))
				return true;
		}
	}
	return false;
}

static bool is_said(const struct story *story, const char *say)
{
	for (size_t i = 0; i < story->request_count; i++) {
		if (is_same(story->requests[i].say, say))
			return true;
	}
	return false;
}

static bool is_requested(const struct story *story, const struct evidence *evidence)
{
	for (size_t i = 0; i < story->request_count; i++) {
		if (evidence->repeat &&
		    is_same(story->requests[i].evidence->repeat, evidence->repeat))
			return true;
	}
	return false;
}

/* Fill REQUEST with what EVIDENCE has that STORY has not told yet. */
static void fill_request(struct builder *builder, const struct story *story,
			 const struct evidence *evidence, bool has_cause,
			 struct story_request *request)
{
	const struct mismatch **news =
		arena_alloc(builder->arena, evidence->mismatch_count + 1, sizeof(*news));
	size_t count = 0;

	for (size_t i = 0; i < evidence->mismatch_count; i++) {
		if (is_told(story, &evidence->mismatches[i], has_cause))
			request->is_also_there = true;
		else
			news[count++] = &evidence->mismatches[i];
	}
	request->evidence = evidence;
	request->mismatches = news;
	request->mismatch_count = count > MOST_MISMATCHES + SLACK ? MOST_MISMATCHES : count;
	request->left_out = count - request->mismatch_count;
	request->say = evidence->say && !is_said(story, evidence->say) ? evidence->say : NULL;
}

static void add_requests(struct builder *builder, struct story *story,
			 const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->evidence_count; i++) {
		const struct evidence *evidence = &outcome->evidence[i];
		struct story_request request = {0};

		fill_request(builder, story, evidence, outcome->cause != NULL, &request);
		if (is_requested(story, evidence) && request.mismatch_count == 0 && !request.say)
			continue;
		*(struct story_request *)arena_push(builder->arena, &story->requests,
						    &story->request_count, sizeof(request)) =
			request;
	}
}

/*
 * What an earlier check of the story said in the same words is said once; and what the program said is
 * quoted of one check only: later ones broke down alike.
 */
static void add_facts(struct builder *builder, struct story *story, const struct outcome *outcome)
{
	size_t earlier = story->fact_count;
	bool is_quoted = false;

	for (size_t k = 0; k < earlier; k++)
		is_quoted |= story->facts[k]->is_measured;
	for (size_t i = 0; i < outcome->fact_count; i++) {
		const struct fact *fact = &outcome->facts[i];
		bool is_there = is_quoted && fact->is_measured;

		for (size_t k = 0; k < earlier; k++)
			is_there |= is_same(story->facts[k]->label, fact->label) &&
				    is_same(story->facts[k]->value, fact->value);
		if (!is_there)
			*(const struct fact **)arena_push(builder->arena, &story->facts,
							  &story->fact_count, sizeof(fact)) = fact;
	}
}

static const char *lead_of(const struct check *check, const struct outcome *outcome,
			   bool is_story_closed)
{
	if (is_story_closed && check->rule)
		return check->rule;
	if (!is_story_closed && outcome->cause)
		return outcome->cause;
	if (!is_story_closed && outcome->message)
		return outcome->message;
	return check->rule ? check->rule : check->title;
}

static void add_check(struct builder *builder, size_t index)
{
	const struct check *check = &builder->card->exercise->checks[index];
	const struct outcome *outcome = &builder->card->outcomes[index];
	struct story *story = find_story(builder, check, outcome->cause);

	*(const struct check **)arena_push(builder->arena, &story->checks, &story->check_count,
					   sizeof(check)) = check;
	if (story->check_count == 1) {
		story->is_closed = is_closed(check, builder->audience);
		story->is_advice = true;
		story->verdict = outcome->verdict;
		story->lead = lead_of(check, outcome, story->is_closed);
		story->rule = is_same(check->rule, story->lead) ? NULL : check->rule;
	} else {
		/* A rule speaks of its own check; told beside several it would mislead. */
		story->rule = NULL;
	}
	story->is_advice = story->is_advice && check_is_advice(builder->card, index);
	if (story->is_closed)
		return;
	add_requests(builder, story, outcome);
	add_facts(builder, story, outcome);
	if (!story->advice)
		story->advice = outcome->advice;
}

/* A check may pass and still have something to say: a slip that costs nothing here. */
static void add_remarks(struct builder *builder, const struct check *check,
			const struct outcome *outcome)
{
	struct telling *telling = builder->telling;

	if (outcome->verdict != VERDICT_PASS || is_closed(check, builder->audience))
		return;
	for (size_t i = 0; i < outcome->fact_count; i++) {
		const struct fact *fact = &outcome->facts[i];
		const char **remark = arena_push(builder->arena, &telling->remarks,
						 &telling->remark_count, sizeof(*remark));

		*remark = arena_format(builder->arena, "%s: %s%s%s", check->id, fact->value,
				       fact->note && fact->value[0] ? " " : "",
				       fact->note ? fact->note : "");
	}
}

/* Bound the requests of every story once all are known. */
static void bound_requests(struct telling *telling)
{
	for (size_t i = 0; i < telling->story_count; i++) {
		struct story *story = &telling->stories[i];

		if (story->request_count <= MOST_REQUESTS + SLACK)
			continue;
		story->requests_left_out = story->request_count - MOST_REQUESTS;
		story->request_count = MOST_REQUESTS;
	}
}

/*
 * The failed check that left the others unasked: a gate, or the only check that was run at all (what
 * cannot be built has no gate to fail).
 */
static const struct check *find_failed_gate(const struct card *card)
{
	const struct check *failed = NULL;
	size_t ran = 0;

	for (size_t i = 0; i < card->exercise->check_count; i++) {
		const struct check *check = &card->exercise->checks[i];

		ran += card->outcomes[i].verdict != VERDICT_SKIP;
		if (!has_failed(&card->outcomes[i]))
			continue;
		if (check->is_gate)
			return check;
		failed = check;
	}
	return ran == 1 && card->exercise->check_count > 1 ? failed : NULL;
}

/* What checks that were never asked would need, in the words of whoever skipped them. */
static const char *need_of(const struct check *check, const struct outcome *outcome)
{
	return check->after.count == 0 ? outcome->message : NULL;
}

/* Marks and sums over all checks. */
static void look_over(const struct card *card, struct telling *telling)
{
	telling->failed_gate = find_failed_gate(card);
	for (size_t i = 0; i < card->exercise->check_count; i++) {
		const struct check *check = &card->exercise->checks[i];
		enum verdict verdict = card->outcomes[i].verdict;

		if (telling->failed_gate && verdict == VERDICT_SKIP) {
			telling->unasked_count++;
			telling->unasked_points += check->points;
			if (!telling->need)
				telling->need = need_of(check, &card->outcomes[i]);
			continue;
		}
		telling->has_core |= check->is_core;
		telling->has_hidden |= check->visibility == VISIBILITY_HIDDEN;
		telling->has_core_failed |= check->is_core && verdict != VERDICT_PASS;
		if (check->cap >= 0 && verdict != VERDICT_PASS && card->score == check->cap &&
		    !telling->cap)
			telling->cap = check;
	}
}

/* What to mend first: the first failed core check, else the first failed one. Advice may be taken or left. */
static void choose_next(const struct card *card, enum audience audience, struct telling *telling)
{
	const struct outcome *outcome = NULL;

	for (size_t i = 0; i < card->exercise->check_count; i++) {
		const struct check *check = &card->exercise->checks[i];
		bool is_better = !telling->next || (check->is_core && !telling->next->is_core);

		if (!has_failed(&card->outcomes[i]) || !is_better || check_is_advice(card, i))
			continue;
		telling->next = check;
		outcome = &card->outcomes[i];
	}
	if (outcome && !is_closed(telling->next, audience))
		telling->next_words = outcome->next;
}

/* Does TEXT have the COUNT letters at WORD as the start of one of its words? Case is folded. */
static bool has_word(const char *text, const char *word, size_t count)
{
	for (const char *at = text; *at; at++) {
		bool is_start = at == text || !isalpha((unsigned char)at[-1]);

		if (is_start && strncasecmp(at, word, count) == 0)
			return true;
	}
	return false;
}

static bool story_has_word(const struct story *story, const char *word, size_t count)
{
	bool found = has_word(story->lead, word, count);

	for (size_t i = 0; !found && i < story->check_count; i++)
		found = has_word(story->checks[i]->title, word, count);
	for (size_t i = 0; !found && i < story->request_count; i++) {
		const struct story_request *request = &story->requests[i];

		found = request->evidence->repeat &&
			has_word(request->evidence->repeat, word, count);
		for (size_t k = 0; !found && k < request->mismatch_count; k++)
			found = has_word(request->mismatches[k]->path, word, count) ||
				has_word(request->mismatches[k]->wanted, word, count);
	}
	return found;
}

/* How many words of HINT the story uses too. A plural's s is dropped; small words do not count. */
static int likeness(const struct story *story, const char *hint)
{
	static const char *const empty_words[] = {
		"that", "this", "with", "from", "have", "your", "when", "what", "then", "than",
		"they", "them", "each", "only", "must", "into", "does", "once", "line", NULL};
	int shared = 0;

	while (*hint) {
		size_t count = 0;
		bool is_empty = false;

		while (isalpha((unsigned char)hint[count]))
			count++;
		for (size_t i = 0; empty_words[i]; i++)
			is_empty |= strlen(empty_words[i]) == count &&
				    strncasecmp(hint, empty_words[i], count) == 0;
		if (count >= WORD_LETTERS && !is_empty)
			shared += story_has_word(
				story, hint, tolower(hint[count - 1]) == 's' ? count - 1 : count);
		hint += count ? count : 1;
	}
	return shared;
}

/* The hint that is most about the story of what is to be mended; the first when none really is. */
static void choose_hint(const struct card *card, struct telling *telling)
{
	const struct text_list *hints = &card->exercise->hints;
	const struct story *story = NULL;
	int best = LIKENESS_LEAST - 1;

	for (size_t i = 0; i < telling->story_count; i++) {
		for (size_t k = 0; k < telling->stories[i].check_count; k++) {
			if (telling->stories[i].checks[k] == telling->next)
				story = &telling->stories[i];
		}
	}
	if (!story || telling->next_words || hints->count == 0)
		return;
	telling->hint = hints->items[0];
	for (size_t i = 0; i < hints->count; i++) {
		int shared = likeness(story, hints->items[i]);

		if (shared > best) {
			best = shared;
			telling->hint = hints->items[i];
		}
	}
}

static void speak_request(struct story_request *request, struct arena *arena)
{
	struct evidence *evidence = arena_new_of(arena, struct evidence);

	*evidence = *request->evidence;
	evidence->request = words_say(evidence->request);
	request->evidence = evidence;
	request->say = words_say(request->say);
	for (size_t i = 0; i < request->mismatch_count; i++) {
		struct mismatch *mismatch = arena_new_of(arena, struct mismatch);

		*mismatch = (struct mismatch){request->mismatches[i]->path,
					      words_say(request->mismatches[i]->wanted),
					      words_say(request->mismatches[i]->got)};
		request->mismatches[i] = mismatch;
	}
}

/* Everything was chosen by its English words; only now it is said in the learner's language. */
static void speak(struct telling *telling, struct arena *arena)
{
	for (size_t i = 0; i < telling->story_count; i++) {
		struct story *story = &telling->stories[i];

		story->lead = words_say(story->lead);
		story->rule = words_say(story->rule);
		story->advice = words_say(story->advice);
		for (size_t k = 0; k < story->fact_count; k++) {
			struct fact *fact = arena_new_of(arena, struct fact);

			*fact = *story->facts[k];
			fact->label = words_say(fact->label);
			fact->note = words_say(fact->note);
			/* What a program said itself is never translated. */
			fact->value = fact->is_measured ? fact->value : words_say(fact->value);
			story->facts[k] = fact;
		}
		for (size_t k = 0; k < story->request_count; k++)
			speak_request(&story->requests[k], arena);
	}
	telling->need = words_say(telling->need);
	telling->next_words = words_say(telling->next_words);
	telling->hint = words_say(telling->hint);
}

void story_tell(const struct card *card, enum audience audience, struct arena *arena,
		struct telling *ret_telling)
{
	struct builder builder = {card, audience, arena, ret_telling, NULL, 0};

	*ret_telling = (struct telling){0};
	look_over(card, ret_telling);
	for (size_t i = 0; i < card->exercise->check_count; i++) {
		if (has_failed(&card->outcomes[i]))
			add_check(&builder, i);
		add_remarks(&builder, &card->exercise->checks[i], &card->outcomes[i]);
	}
	bound_requests(ret_telling);
	choose_next(card, audience, ret_telling);
	choose_hint(card, ret_telling);
	speak(ret_telling, arena);
}

void story_of_check(const struct card *card, size_t index, enum audience audience,
		    struct arena *arena, struct story *ret_story)
{
	struct telling telling = {0};
	struct builder builder = {card, audience, arena, &telling, NULL, 0};

	add_check(&builder, index);
	bound_requests(&telling);
	speak(&telling, arena);
	*ret_story = telling.stories[0];
}

bool story_is_unasked(const struct telling *telling, const struct card *card, size_t index)
{
	return telling->failed_gate && card->outcomes[index].verdict == VERDICT_SKIP;
}

/*
 * An answer that the service broke off or made an error of itself: then its own words explain it.
 */
static bool is_breakdown(const struct story_request *request)
{
	for (size_t i = 0; i < request->mismatch_count; i++) {
		const struct mismatch *mismatch = request->mismatches[i];

		if (is_same(mismatch->path, "answer") ||
		    (is_same(mismatch->path, "status") && mismatch->got[0] == '5'))
			return true;
	}
	return false;
}

bool story_wants_output(const struct card *card, const struct telling *telling)
{
	bool wants = false;

	if (!card->service_output || card->service_output[0] == '\0')
		return false;
	for (size_t i = 0; i < telling->story_count; i++) {
		const struct story *story = &telling->stories[i];

		for (size_t k = 0; k < story->fact_count; k++) {
			if (is_same(story->facts[k]->label, words_say("it said")))
				return false;
		}
		for (size_t k = 0; k < story->request_count; k++)
			wants |= is_breakdown(&story->requests[k]);
		wants |= !story->is_closed && story->verdict == VERDICT_LIMIT;
	}
	return wants || telling->failed_gate;
}
