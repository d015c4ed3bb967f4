/* SPDX-License-Identifier: MIT */
/* The events of a grading: what is taken, what is refused, however the bytes come. */
#include "grader/workers/events.h"

#include <errno.h>

#include "tests/helper/tap.h"

#define RESULT(EXERCISE, MORE)                                                                     \
	"{\"kind\":\"result\",\"lines\":[],\"exercise\":\"" EXERCISE "\",\"version\":1,"           \
	"\"hash\":\"ab\",\"key\":\"cd\",\"seed\":\"7\",\"score\":80,\"counted\":59,\"points\":20," \
	"\"status\":\"needs-work\",\"milestone\":5,\"card\":\"{}\",\"run\":\"{}\",\"page\":\"p\"," \
	"\"page_of_instructor\":\"q\",\"card_of_instructor\":\"k\"" MORE "}\n"
#define CHECKS                                                                                     \
	"{\"check\":\"a\",\"kind\":\"checks\",\"lines\":[\"  ok    a\"],\"verdict\":\"pass\"}\n"
#define ENDED "{\"kind\":\"ended\",\"lines\":[\"Milestone 5.\"],\"status\":1}\n"

/* What was shown, as "KIND BODY\n". */
static int show(void *context, const char *kind, const char *body, struct mp_error *err)
{
	(void)err;
	text_addf(context, "%s %s\n", kind, body);
	return 0;
}

struct taken {
	struct arena *arena;
	struct events events;
	struct text shown;
	struct mp_error err;
};

static void taken_init(struct taken *taken)
{
	*taken = (struct taken){.arena = arena_new()};
	events_init(&taken->events, taken->arena);
}

static void taken_done(struct taken *taken)
{
	events_done(&taken->events);
	text_done(&taken->shown);
	taken->arena = arena_free(taken->arena);
}

static int take(struct taken *taken, const char *bytes, size_t count)
{
	return events_take(&taken->events, bytes, count, show, &taken->shown, &taken->err);
}

static void they_are_the_same_however_they_come(void)
{
	static const char bytes[] = CHECKS RESULT("hello-api", "") ENDED;

	for (size_t step = 1; step <= sizeof(bytes) - 1; step += 7) {
		struct taken taken;

		taken_init(&taken);
		for (size_t at = 0; at < sizeof(bytes) - 1; at += step) {
			size_t left = sizeof(bytes) - 1 - at;

			IS(take(&taken, bytes + at, left < step ? left : step), 0);
		}
		IS_TEXT(text_get(&taken.shown), "checks " CHECKS);
		IS((intmax_t)taken.events.result_count, 1);
		IS_TEXT(taken.events.results[0].exercise, "hello-api");
		IS(taken.events.results[0].counted, 59);
		IS_TEXT(taken.events.results[0].page_of_instructor, "q");
		IS_TEXT(taken.events.results[0].card_of_instructor, "k");
		OK(taken.events.has_ended);
		IS(taken.events.status, 1);
		OK(taken.events.last && strstr(taken.events.last, "Milestone 5."));
		OK(!taken.events.reason);
		taken_done(&taken);
	}
}

static void a_newer_kind_and_newer_keys_are_left_out(void)
{
	static const char bytes[] =
		"{\"kind\":\"weather\",\"lines\":[],\"x\":{}}\n" RESULT("hello-api", ",\"more\":1");
	struct taken taken;

	taken_init(&taken);
	IS(take(&taken, bytes, sizeof(bytes) - 1), 0);
	IS_TEXT(text_get(&taken.shown), "");
	IS((intmax_t)taken.events.result_count, 1);
	taken_done(&taken);
}

static void what_is_not_as_the_format_says_is_refused(void)
{
	static const char *const lines[] = {
		"\n",
		"[]\n",
		"{\n",
		"{\"kind\":\"note\",\"kind\":\"note\",\"lines\":[]}\n",
		"{\"kind\":\"note\"}\n",
		"{\"lines\":[]}\n",
		"{\"kind\":7,\"lines\":[]}\n",
		"{\"kind\":\"note\",\"lines\":[1]}\n",
		"{\"kind\":\"note\",\"lines\":\"a\"}\n",
		"{\"kind\":\"note\",\"lines\":[\"\\u001b[31m\"]}\n",
		"{\"kind\":\"note\",\"lines\":[\"a\\nb\"]}\n",
		"{\"kind\":\"note\",\"lines\":[\"a\\u0000b\"]}\n",
		"{\"kind\":\"note\",\"lines\":[]} {}\n",
		"{\"kind\":\"note\",\"lines\":[],\"x\":\"\xff\"}\n",
		"{\"kind\":\"ended\",\"lines\":[]}\n",
		"{\"kind\":\"ended\",\"lines\":[],\"status\":\"0\"}\n",
		"{\"kind\":\"ended\",\"lines\":[],\"status\":256}\n",
		ENDED CHECKS,
		ENDED ENDED,
		RESULT("hello-api", "") RESULT("hello-api", ""),
		RESULT("", ""),
		RESULT("../a", ""),
		RESULT("a-name-that-is-far-longer-than-31-letters", ""),
		"{\"kind\":\"result\",\"lines\":[]}\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct taken taken;

		taken_init(&taken);
		IS(take(&taken, lines[i], strlen(lines[i])), -EBADMSG);
		HAS_TEXT(taken.err.text, "event ");
		ROW("%s", lines[i]);
		taken_done(&taken);
	}
}

/* Each field of a result in a form that it must not have: FROM is written as TO. */
static void every_field_of_a_result_is_checked(void)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
		{"\"version\":1", "\"version\":0"},
		{"\"hash\":\"ab\"", "\"hash\":\"xy\""},
		{"\"key\":\"cd\"", "\"key\":null"},
		{"\"seed\":\"7\"", "\"seed\":7"},
		{"\"score\":80", "\"score\":101"},
		{"\"score\":80", "\"score\":-1"},
		{"\"score\":80", "\"score\":80.5"},
		{"\"counted\":59", "\"counted\":81"},
		{"\"points\":20", "\"points\":501"},
		{"\"status\":\"needs-work\"", "\"status\":\"not-graded\""},
		{"\"status\":\"needs-work\"", "\"status\":\"good\""},
		{"\"milestone\":5", "\"milestone\":10"},
		{"\"card\":\"{}\"", "\"card\":{}"},
		{"\"run\":\"{}\"", "\"ran\":\"{}\""},
		{"\"page\":\"p\"", "\"page\":\"p\\u0000\""},
		{"\"page_of_instructor\":\"q\"", "\"page_of_instructor\":1"},
	};
	static const char whole[] = RESULT("hello-api", "");

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = strstr(whole, rows[i].from);
		mp_autotext struct text line = {0};
		struct taken taken;

		if (!OK(at != NULL))
			continue;
		text_add_bytes(&line, whole, (size_t)(at - whole));
		text_add(&line, rows[i].to);
		text_add(&line, at + strlen(rows[i].from));
		taken_init(&taken);
		IS(take(&taken, text_get(&line), line.length), -EBADMSG);
		IS((intmax_t)taken.events.result_count, 0);
		ROW("%s", rows[i].to);
		taken_done(&taken);
	}
}

static void a_line_without_end_is_bounded(void)
{
	static char block[1 << 20];
	struct taken taken;
	int ret = 0;
	int blocks = 0;

	memset(block, 'a', sizeof(block));
	taken_init(&taken);
	for (; ret == 0 && blocks < 20; blocks++)
		ret = take(&taken, block, sizeof(block));
	IS(ret, -EBADMSG);
	IS(blocks, 9);
	HAS_TEXT(taken.err.text, "8 MiB");
	taken_done(&taken);
}

static void too_many_are_refused(void)
{
	struct taken taken;
	int ret = 0;
	int count = 0;

	taken_init(&taken);
	for (; ret == 0 && count <= EVENTS_MOST + 1; count++) {
		text_clear(&taken.shown);
		ret = take(&taken, CHECKS, sizeof(CHECKS) - 1);
	}
	IS(ret, -EBADMSG);
	IS(count, EVENTS_MOST + 1);
	taken_done(&taken);
}

TAP_MAIN(T(they_are_the_same_however_they_come) T(a_newer_kind_and_newer_keys_are_left_out)
		 T(what_is_not_as_the_format_says_is_refused) T(every_field_of_a_result_is_checked)
			 T(a_line_without_end_is_bounded) T(too_many_are_refused))
