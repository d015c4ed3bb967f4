/* SPDX-License-Identifier: MIT */
/*
 * The table of pages, and who may see which.
 *
 * Who asks is found before what is asked for: a link's learner for what stands behind /s/LINK, else the token,
 * else the session. A row says who may; a page itself never asks again. What is not for the asker looks like
 * what is not there, but to somebody without a session, who is shown where to sign in.
 */
#include "grader/pages/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "grader/pages/inner.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"

enum may {
	MAY_ANYBODY,
	MAY_LEARNER, /* behind a learner's door: whoever the door lets in */
	MAY_SESSION,
	MAY_INSTRUCTOR,
};

/* ID stands for a name, N for a number; what is behind a door is written from the door on. */
static const struct page_row {
	const char *method, *pattern;
	enum may may;
	int (*make)(struct page *page);
} rows[] = {
	{"GET", "/", MAY_ANYBODY, page_front},
	{"GET", "/style.css", MAY_ANYBODY, page_style},
	{"GET", "/live.js", MAY_ANYBODY, page_script},
	{"POST", "/sign-in", MAY_ANYBODY, page_sign_in},
	{"POST", "/sign-out", MAY_SESSION, page_sign_out},
	{"GET", "/class", MAY_INSTRUCTOR, page_class},
	{"GET", "/class/N", MAY_INSTRUCTOR, page_class},
	{"GET", "/failed", MAY_INSTRUCTOR, page_failed},
	{"GET", "/api/class", MAY_INSTRUCTOR, json_class},
	{"GET", "/api/class/N", MAY_INSTRUCTOR, json_class},
	{"GET", "/api/failed", MAY_INSTRUCTOR, json_failed},

	{"GET", "/", MAY_LEARNER, page_road},
	{"GET", "/exercise/ID", MAY_LEARNER, page_exercise},
	{"GET", "/attempt/N", MAY_LEARNER, page_attempt},
	{"GET", "/task/ID", MAY_LEARNER, page_task},
	{"GET", "/starter/ID", MAY_LEARNER, page_starter},
	{"GET", "/events/N/N", MAY_LEARNER, page_events},
	{"GET", "/api/road", MAY_LEARNER, json_road},
	{"GET", "/api/exercise/ID", MAY_LEARNER, json_exercise},
	{"GET", "/api/attempt/N", MAY_LEARNER, json_attempt},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* --- who asks ----------------------------------------------------------------------------------- */

/* A wrong token or cookie is nobody's: that is no fault of ours. */
static int find_asker(struct page *page)
{
	const struct page_request *request = page->request;
	bool has_token = request->token && request->may_take_tokens;
	int ret;

	page->session_text = cookie_value(request->cookie, "milepost", page->arena);
	if (has_token)
		ret = token_find(page->pages->ledger, request->token, &page->session.learner,
				 page->err);
	else if (page->session_text)
		ret = session_find(page->pages->ledger, page->session_text, &page->session,
				   page->err);
	else
		return 0;
	if (ret == 0) {
		page->asker = page->session.learner == 0 ? ASKER_INSTRUCTOR : ASKER_LEARNER;
		page->has_session = !has_token;
	}
	page->answer->is_guess |= ret == -ENOENT && has_token;
	return ret == -ENOENT ? 0 : ret;
}

/* The link's learner; who comes by a link is nobody else, whatever cookie there is. */
static int enter_by_link(struct page *page)
{
	int64_t learner = 0;
	int ret = link_find(page->pages->ledger, page->words.items[1], &learner, page->err);

	page->answer->is_guess |= ret == -ENOENT;
	if (ret < 0)
		return ret;
	page->asker = ASKER_LINK;
	page->has_session = false;
	page->base = arena_format(page->arena, "/s/%s", page->words.items[1]);
	return learner_get(page->pages->ledger, learner, page->arena, &page->learner, page->err);
}

static int enter_by_session(struct page *page)
{
	if (page->asker != ASKER_LEARNER)
		return -EACCES;
	page->base = "/me";
	return learner_get(page->pages->ledger, page->session.learner, page->arena, &page->learner,
			   page->err);
}

static int enter_as_instructor(struct page *page)
{
	if (page->asker != ASKER_INSTRUCTOR)
		return -EACCES;
	page->base = arena_format(page->arena, "/learners/%s", page->words.items[1]);
	return learner_find(page->pages->ledger, page->words.items[1], page->arena, &page->learner,
			    page->err);
}

static const struct door {
	const char *word;
	size_t words; /* of the address, that are the door */
	int (*enter)(struct page *page);
} doors[] = {
	{"s", 2, enter_by_link},
	{"me", 1, enter_by_session},
	{"learners", 2, enter_as_instructor},
};

static const struct door *find_door(const struct path_words *words)
{
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		if (words->count >= doors[i].words && strcmp(words->items[0], doors[i].word) == 0)
			return &doors[i];
	}
	return NULL;
}

/* --- what is asked for --------------------------------------------------------------------------- */

/* Does the address fit PATTERN from its word FROM on? Fills id and number. */
static bool fits(struct page *page, const char *pattern, size_t from)
{
	struct path_words parts;
	size_t numbers = 0;

	page->id = NULL;
	page->number[0] = page->number[1] = -1;
	if (!path_split(pattern, page->arena, &parts) || parts.count != page->words.count - from)
		return false;
	for (size_t i = 0; i < parts.count; i++) {
		const char *word = page->words.items[from + i];

		if (strcmp(parts.items[i], "ID") == 0)
			page->id = word;
		else if (strcmp(parts.items[i], "N") == 0)
			page->number[numbers++] = number_read(word);
		else if (strcmp(parts.items[i], word) != 0)
			return false;
	}
	return numbers == 0 || (page->number[0] >= 0 && (numbers == 1 || page->number[1] >= 0));
}

/* HEAD is answered like GET: whoever sends it leaves the bytes out. */
static const char *method_of(const struct page *page)
{
	return strcmp(page->request->method, "HEAD") == 0 ? "GET" : page->request->method;
}

static const struct page_row *find_row(struct page *page, size_t from, bool *ret_is_method_wrong)
{
	*ret_is_method_wrong = false;
	for (size_t i = 0; i < ROWS; i++) {
		if ((rows[i].may == MAY_LEARNER) != (from > 0) ||
		    !fits(page, rows[i].pattern, from))
			continue;
		if (strcmp(rows[i].method, method_of(page)) == 0)
			return &rows[i];
		*ret_is_method_wrong = true;
	}
	return NULL;
}

static int not_there(struct page *page)
{
	page->base = NULL;
	return page_tell(page, 404, "There is no such page",
			 "The address may be mistyped, or a link may be older than its seven days: "
			 "each push prints a new one.");
}

static int not_allowed(struct page *page)
{
	page->base = NULL;
	if (page->asker != ASKER_NOBODY)
		return not_there(page);
	if (page->is_for_programs || strcmp(method_of(page), "GET") != 0)
		return page_tell(page, 403, "Sign in first",
				 "This wants a session, or a token in the header Authorization: "
				 "Bearer TOKEN, over TLS or from this machine.");
	return page_send_to(page, "/");
}

static bool is_allowed(const struct page *page, const struct page_row *row)
{
	switch (row->may) {
	case MAY_SESSION:
		return page->has_session;
	case MAY_INSTRUCTOR:
		return page->asker == ASKER_INSTRUCTOR;
	case MAY_LEARNER: /* the door has let in */
	case MAY_ANYBODY:
		break;
	}
	return true;
}

/* --- in whose language ---------------------------------------------------------------------------- */

static void add_silently(struct page *page, int exercises_fd, const struct exercise *exercise)
{
	struct yaml_complaints ignored;

	/* Mistakes of a catalogue are told by `lint`; a page goes on with what is sound. */
	yaml_complaints_init(&ignored, "messages.yaml");
	if (exercise)
		(void)!language_add_exercise(page->language, exercise, &ignored);
	else
		(void)!language_add_common(page->language, exercises_fd, word_english, &ignored);
	yaml_complaints_done(&ignored);
}

/* The learner's behind a door, the browser's elsewhere. */
static void speak(struct page *page)
{
	const char *code = page->base && page->learner.language
				   ? page->learner.language
				   : languages_choose(page->request->languages);
	const struct language_name *name = language_find(code);
	mp_autofd int fd = -1;

	page->code = name ? name->code : language_names[0].code;
	if (!name || name == language_names)
		return;
	fd = open(page->pages->road->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	page->language = language_new(name);
	add_silently(page, fd, NULL);
	for (size_t i = 0; i < page->pages->exercise_count; i++)
		add_silently(page, -1, page->pages->exercises[i]);
}

/* --- answers -------------------------------------------------------------------------------------- */

static int make(struct page *page, const struct page_row *row, bool is_method_wrong)
{
	int ret;

	if (!row && is_method_wrong)
		return page_tell(page, 405, "This page is only read",
				 "Nothing is sent to this address.");
	if (!row)
		return not_there(page);
	if (!is_allowed(page, row))
		return not_allowed(page);
	if (strcmp(row->method, "POST") == 0 && page->request->is_cross_site)
		return page_tell(page, 403, "This form came from another site",
				 "Open the page here and send its own form.");
	ret = row->make(page);
	return ret == -ENOENT ? not_there(page) : ret;
}

/* Nothing of a learner stays in a cache that others may read, nor in an address that is passed on. */
static void add_common_headers(struct page *page)
{
	page_header(page, "Cache-Control", "no-store");
	page_header(page, "Referrer-Policy", "no-referrer");
	page_header(page, "X-Content-Type-Options", "nosniff");
}

static bool is_of_api(const struct path_words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->items[i], "api") == 0)
			return true;
	}
	return false;
}

static int answer(struct page *page)
{
	bool is_path = path_split(page->request->path, page->arena, &page->words);
	const struct door *door = is_path ? find_door(&page->words) : NULL;
	const struct page_row *row = NULL;
	bool is_method_wrong = false;
	int entered = 0;
	int ret = find_asker(page);

	page->is_for_programs = is_path && is_of_api(&page->words);
	if (ret == 0 && door)
		entered = door->enter(page);
	if (ret < 0 || (entered < 0 && entered != -ENOENT && entered != -EACCES))
		return ret < 0 ? ret : entered;
	if (entered < 0)
		page->base = NULL;
	speak(page);
	(void)words_speak(page->language);
	if (entered == -EACCES)
		return not_allowed(page);
	if (is_path && entered == 0)
		row = find_row(page, door ? door->words : 0, &is_method_wrong);
	return make(page, row, is_method_wrong);
}

static int our_fault(struct page *page, int error)
{
	text_clear(page->into);
	page->answer->status = 500;
	page->answer->is_stream = false;
	page->base = NULL;
	(void)page_tell(page, error == -EBUSY ? 503 : 500, "This did not work, and it is our fault",
			"Nothing of yours is lost. Try again in a minute; if it stays so, tell "
			"whoever runs this server.");
	return error;
}

int pages_answer(const struct pages *pages, const struct page_request *request,
		 struct page_answer *ret_answer, struct mp_error *err)
{
	struct language *before = words_speak(NULL);
	struct page page = {.pages = pages,
			    .request = request,
			    .answer = ret_answer,
			    .into = &ret_answer->bytes,
			    .code = language_names[0].code,
			    .err = err};
	int ret;

	*ret_answer = (struct page_answer){.status = 200, .arena = arena_new()};
	page.arena = ret_answer->arena;
	text_init(&ret_answer->bytes, 0);
	add_common_headers(&page);
	ret = answer(&page);
	if (ret == 0 && ret_answer->bytes.is_cut)
		ret = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "making the page %.80s", request->path);
	if (ret < 0)
		ret = our_fault(&page, ret);
	(void)words_speak(before);
	page.language = language_free(page.language);
	return ret;
}

void pages_link_words(const struct pages *pages, const struct learner *learner, struct text *into)
{
	mp_autoarena struct arena *arena = arena_new();
	struct page page = {.pages = pages, .arena = arena, .learner = *learner, .base = "/me"};
	struct language *before;

	speak(&page);
	before = words_speak(page.language);
	text_add(into, say(&page, "Your page, open 7 days:"));
	(void)words_speak(before);
	page.language = language_free(page.language);
}

void pages_answer_done(struct page_answer *done)
{
	text_done(&done->bytes);
	done->arena = arena_free(done->arena);
}

/* --- what pages are made from ---------------------------------------------------------------------- */

int pages_open(struct ledger *ledger, const struct road *road,
	       const struct probe_kind *const *probes, struct pages **ret_pages,
	       struct mp_error *err)
{
	struct pages *pages = calloc(1, sizeof(*pages));
	int ret = 0;

	if (pages)
		pages->exercises = calloc(road->published_count + 1, sizeof(struct exercise *));
	if (!pages || !pages->exercises)
		ret = mp_fail(err, MP_FAULT_HOST, -ENOMEM, "loading the exercises");
	for (size_t i = 0; ret == 0 && i < road->published_count; i++) {
		ret = exercise_load(road, road->published[i], probes,
				    &pages->exercises[pages->exercise_count], NULL, err);
		pages->exercise_count += ret == 0;
	}
	if (ret < 0) {
		(void)pages_close(pages);
		return ret;
	}
	pages->ledger = ledger;
	pages->road = road;
	*ret_pages = pages;
	return 0;
}

struct pages *pages_close(struct pages *pages)
{
	if (!pages)
		return NULL;
	for (size_t i = 0; i < pages->exercise_count; i++)
		(void)exercise_free(pages->exercises[i]);
	free(pages->exercises);
	free(pages);
	return NULL;
}
