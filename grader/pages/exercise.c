/* SPDX-License-Identifier: MIT */
/* One exercise: its task, its best and latest attempt, what was checked, every version; and one attempt. */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "grader/pages/inner.h"
#include "grader/report/words.h"

enum { VERSIONS_SHOWN = 50 };

static void add_header(struct page *page, const struct exercise *exercise, int64_t due_ms)
{
	put(page, "<main id=\"main\">\n");
	put_say_in(page, "h1", "%s", exercise->title);
	if (exercise->summary) {
		put(page, "\n<p>");
		put_text(page, words_say(exercise->summary));
		put(page, "</p>");
	}
	put(page, "\n<p class=\"soft\">");
	put_say(page, "%d points, about %d minutes", (int)exercise->points, (int)exercise->minutes);
	if (due_ms > 0) {
		put(page, "<br>");
		put_say(page, "To be pushed by");
		put(page, " ");
		put_time(page, due_ms);
	}
	put(page, "</p>\n<p class=\"ways\">");
	put_link(page, "/task/%s", exercise->id);
	put_say(page, "Read the task");
	put(page, "</a> ");
	put_link(page, "/starter/%s.zip", exercise->id);
	put_say(page, "Get the starter (zip)");
	put(page, "</a></p>\n");
}

static void add_score_cells(struct page *page, const struct score *score)
{
	if (strcmp(score->result.status, "not-graded") == 0)
		put(page, "<td class=\"n\">-</td><td>");
	else
		putf(page, "<td class=\"n\">%d</td><td>", (int)score->result.score);
	put_status(page, score->result.status);
	put(page, "</td>");
}

static void add_table(struct page *page, const char *caption, bool has_heading)
{
	put(page, "<table class=\"list\"><caption>");
	if (has_heading)
		put_say_in(page, "h2", "%s", caption);
	put(page, "</caption>\n");
}

static void add_column(struct page *page, const char *title, const char *class)
{
	putf(page, "<th scope=\"col\"%s>", class);
	put_say(page, "%s", title);
	put(page, "</th>");
}

/* "late", "best", "latest" behind a version. */
static void add_marks(struct page *page, const struct score *score, const struct stand *stand,
		      int64_t due_ms)
{
	if (due_ms > 0 && score->received_at > due_ms) {
		put(page, " <em>");
		put_say(page, "pushed late");
		put(page, "</em>");
	}
	if (stand->best && stand->best->id == score->id) {
		put(page, " <em>");
		put_say(page, "best attempt");
		put(page, "</em>");
	}
	if (stand->latest && stand->latest->id == score->id) {
		put(page, " <em>");
		put_say(page, "latest attempt");
		put(page, "</em>");
	}
}

static void add_versions(struct page *page, const struct score *scores, size_t count,
			 const struct stand *stand, int64_t due_ms)
{
	size_t shown = 0;
	size_t all = 0;

	add_table(page, "Attempts, the newest first", true);
	put(page, "<thead><tr>");
	add_column(page, "Attempt", "");
	add_column(page, "Of 100", " class=\"n\"");
	add_column(page, "How it went", "");
	put(page, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(scores[i].result.exercise, stand->exercise->id) != 0 ||
		    all++ >= VERSIONS_SHOWN)
			continue;
		put(page, "<tr><th scope=\"row\">");
		put_link(page, "/attempt/%lld", (long long)scores[i].id);
		put_say(page, "Attempt %d", (int)scores[i].version);
		put(page, "</a>");
		add_marks(page, &scores[i], stand, due_ms);
		put(page, "<br><small>");
		put_time(page, scores[i].received_at);
		putf(page, " <code>%.7s</code></small></th>", scores[i].commit);
		add_score_cells(page, &scores[i]);
		put(page, "</tr>\n");
		shown++;
	}
	put(page, "</tbody></table>\n");
	if (all > shown) {
		put(page, "<p class=\"soft\">");
		put_say(page, "Earlier attempts: %d", (int)(all - shown));
		put(page, "</p>\n");
	}
}

static void add_check(struct page *page, const json_t *check)
{
	static const struct {
		const char *class;
		enum word word;
	} looks[VERDICT_COUNT] = {[VERDICT_PASS] = {"p", WORD_OK},
				  [VERDICT_FAIL] = {"f", WORD_FAIL},
				  [VERDICT_LIMIT] = {"f", WORD_LIMIT},
				  [VERDICT_SKIP] = {"s", WORD_SKIP},
				  [VERDICT_FAULT] = {"s", WORD_FAULT}};
	const char *title = json_string_value(json_object_get(check, "title"));
	const char *verdict = json_string_value(json_object_get(check, "verdict"));
	const char *visibility = json_string_value(json_object_get(check, "visibility"));
	size_t at = VERDICT_SKIP;

	for (size_t i = 0; verdict && i < VERDICT_COUNT; i++)
		at = strcmp(verdict, verdict_words[i]) == 0 ? i : at;
	putf(page, "<li class=\"%s\"><b>%s</b><span>", looks[at].class, word_text(looks[at].word));
	put_text_most(page, title ? words_say(title) : "", 200);
	if (json_is_true(json_object_get(check, "core")))
		putf(page, " <em>%s</em>", word_text(WORD_MUST_PASS));
	if (visibility && strcmp(visibility, "hidden") == 0)
		putf(page, " <em>%s</em>", word_text(WORD_HIDDEN));
	putf(page, "</span><i>%d</i></li>\n",
	     (int)json_integer_value(json_object_get(check, "points")));
}

/* What was checked, of the latest that has a card. */
static int add_checks(struct page *page, const struct score *listed)
{
	struct score score;
	int64_t learner;
	json_t *root = NULL;
	const json_t *checks;
	int ret = score_find(page->pages->ledger, listed->id, page->arena, &score, &learner,
			     page->err);

	if (ret < 0)
		return ret;
	checks = card_checks(score.result.card, false, &root);
	if (checks && json_array_size(checks) > 0) {
		size_t i;
		json_t *check;

		put(page, "<section>\n");
		put_say_in(page, "h2", "Checks of the latest attempt");
		put(page, "\n<ol class=\"checks\">\n");
		json_array_foreach ((json_t *)(uintptr_t)checks, i, check)
			add_check(page, check);
		put(page, "</ol>\n<p>");
		put_link(page, "/attempt/%lld", (long long)listed->id);
		put_say(page, "Read why, and what to try next");
		put(page, "</a></p>\n</section>\n");
	}
	json_decref(root);
	return 0;
}

static void add_figures(struct page *page, const struct stand *stand)
{
	put(page, "<p class=\"score\"><b>");
	if (strcmp(stand->best->result.status, "not-graded") == 0)
		put(page, "-");
	else
		putf(page, "%d", (int)stand->best->result.score);
	putf(page, "</b> <span>%s</span> ", word_text(WORD_OF_100_ALONE));
	put_status(page, stand->best->result.status);
	put(page, "</p>\n");
	if (stand->latest && stand->latest->id != stand->best->id) {
		put(page, "<p class=\"soft\">");
		put_say(page, "The latest attempt: %d of 100", (int)stand->latest->result.score);
		put(page, "</p>\n");
	}
}

int page_exercise(struct page *page)
{
	const struct exercise *exercise = pages_exercise(page->pages, page->id);
	const struct frame frame = {.title = exercise ? words_say(exercise->title) : ""};
	const struct stand *stand;
	struct standing standing;
	struct score *scores = NULL;
	size_t count = 0;
	int64_t due_ms = 0;
	int ret;

	if (!exercise)
		return -ENOENT;
	ret = standing_find(page, page->learner.id, &standing);
	if (ret == 0)
		ret = score_list(page->pages->ledger, page->learner.id, SCORE_ALL, page->arena,
				 &scores, &count, page->err);
	if (ret == 0)
		ret = due_find(page, exercise->id, &due_ms);
	if (ret < 0)
		return ret;
	stand = standing_of(&standing, exercise->id);
	page_open(page, &frame);
	add_header(page, exercise, due_ms);
	if (!stand->best) {
		put_say_in(page, "p", "There is no attempt yet. Push, and the score stands here.");
	} else {
		add_figures(page, stand);
		ret = add_checks(page, stand->latest ? stand->latest : stand->best);
		add_versions(page, scores, count, stand, due_ms);
	}
	page_close(page);
	return ret;
}

/* --- an attempt ---------------------------------------------------------------------------------- */

/*
 * The policy for a stored report: the one style that it carries, by its hash, and nothing else. The first
 * <style> is the report's own: before it stands only a title, in which every "<" is escaped.
 */
static const char *report_policy(struct page *page, const char *report)
{
	const char *open = strstr(report, "<style>");
	const char *close = open ? strstr(open, "</style>") : NULL;
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(sizeof(hash), sodium_base64_VARIANT_ORIGINAL)];

	if (!close)
		return "default-src 'none'; sandbox allow-top-navigation-by-user-activation";
	open += strlen("<style>");
	(void)crypto_hash_sha256(hash, (const unsigned char *)open, (size_t)(close - open));
	(void)sodium_bin2base64(text, sizeof(text), hash, sizeof(hash),
				sodium_base64_VARIANT_ORIGINAL);
	return arena_format(page->arena,
			    "default-src 'none'; style-src 'sha256-%s'; form-action 'none'; "
			    "base-uri 'none'; frame-ancestors 'none'",
			    text);
}

/* The way back, put first into the body of a stored report. */
static void add_way_back(struct page *page, const struct score *score)
{
	const struct exercise *exercise = pages_exercise(page->pages, score->result.exercise);

	put(page, "\n<nav aria-label=\"");
	put_say(page, "Where you are");
	put(page, "\"><p>");
	put_link(page, "%s", "");
	put_say(page, "The road");
	put(page, "</a> / ");
	put_link(page, "/exercise/%s", score->result.exercise);
	put_text(page, exercise ? words_say(exercise->title) : score->result.exercise);
	put(page, "</a> / ");
	put_say(page, "Attempt %d", (int)score->version);
	put(page, ", ");
	put_time(page, score->received_at);
	put(page, "</p></nav>");
}

/* An attempt that has no report: what is known of it. */
static void add_plain(struct page *page, const struct score *score)
{
	const struct frame frame = {.title = score->result.exercise};

	page_open(page, &frame);
	put(page, "<main id=\"main\">\n<h1>");
	put_text(page, score->result.exercise);
	put(page, "</h1>\n<p>");
	put_say(page, "Attempt %d", (int)score->version);
	put(page, ", ");
	put_time(page, score->received_at);
	put(page, " ");
	put_status(page, score->result.status);
	put(page, "</p>\n");
	put_say_in(page, "p", "No report was kept of this attempt.");
	put(page, "\n");
	page_close(page);
}

int page_attempt(struct page *page)
{
	struct score score;
	const char *report;
	const char *body;
	bool are_shown = false;
	int ret = score_of_page(page, &score);

	if (ret == 0)
		ret = hidden_are_shown(page, &score, &are_shown);
	if (ret < 0)
		return ret;
	report = are_shown ? score.result.page_of_instructor : score.result.page;
	body = report ? strstr(report, "<body>") : NULL;
	if (!body) {
		add_plain(page, &score);
		return 0;
	}
	body += strlen("<body>");
	page_type(page, "text/html; charset=utf-8", report_policy(page, report));
	text_add_bytes(page->into, report, (size_t)(body - report));
	add_way_back(page, &score);
	put(page, body);
	return 0;
}
