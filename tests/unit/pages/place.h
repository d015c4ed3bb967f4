/* SPDX-License-Identifier: MIT */
/* A small road, a ledger with a class in it, and a browser without a screen. */
#ifndef TESTS_UNIT_PAGES_PLACE_H
#define TESTS_UNIT_PAGES_PLACE_H

#include "grader/pages/inner.h"
#include "grader/report/report.h"
#include "tests/unit/ledger/site.h"
#include "tests/unit/manifest/scene.h"

/* Markup that would show if one field were not escaped. */
#define HOSTILE "\"'><img src=x onerror=alert(1)></title></pre><script>alert(2)</script>&lt;"

#define CARD(TITLE)                                                                                              \
	"{\"exercises\":[{\"id\":\"hello-api\",\"checks\":["                                                     \
	"{\"id\":\"starts\",\"title\":\"" TITLE                                                                  \
	"\",\"points\":10,\"verdict\":\"pass\",\"visibility\":\"visible\",\"core\":true},"                       \
	"{\"id\":\"no-html\",\"title\":\"Hidden one\",\"points\":5,\"verdict\":\"fail\","                        \
	"\"visibility\":\"hidden\",\"message\":\"secret-message\",\"evidence\":{\"cause\":\"secret-evidence\"}}" \
	"]}]}"
#define REPORT                                                                                     \
	"<!DOCTYPE html>\n<html lang=\"en\"><head><title>t</title>\n<style>\np{color:red}\n</style>\n</head>\n<body>\n<main>learner-report</main></body></html>\n"

struct place {
	struct scene scene;
	struct site site;
	struct road *road;
	struct pages *pages;
	int64_t asha, bela; /* learners */
	char link[LINK_TEXT], token[TOKEN_TEXT], instructor[TOKEN_TEXT];
	char asha_cookie[100], instructor_cookie[100];
	struct page_answer answer;
};

static inline void place_cookie(struct place *place, int64_t learner, char ret_cookie[100])
{
	char text[64];

	IS(session_make(place->site.ledger, learner, text, &place->site.err), 0);
	(void)snprintf(ret_cookie, 100, "other=1; milepost=%s", text);
}

static inline int64_t place_learner(struct place *place, const char *handle, const char *name,
				    const char *language)
{
	const struct learner learner = {.handle = handle,
					.name = name,
					.track = "python",
					.language = language,
					.section = name};
	int64_t id = 0;

	IS(learner_add(place->site.ledger, &learner, &id, &place->site.err), 0);
	return id;
}

static inline void place_open(struct place *place)
{
	struct site *site = &place->site;

	*place = (struct place){0};
	scene_open(&place->scene);
	scene_write(&place->scene, HELLO_BASE "text/en/task.md",
		    "# Hello\n\nRead <script>alert(3)</script> [this](javascript:alert(4)) and\n\n"
		    "| a | b |\n|---|---|\n| 1 | `2` |\n\nthe end\n");
	site_open(site);
	IS(road_load("exercises", &place->road, NULL, &site->err), 0);
	IS(pages_open(site->ledger, place->road, fake_probes, &place->pages, &site->err), 0);
	place->asha = place_learner(place, "asha", "Asha " HOSTILE, "en");
	place->bela = place_learner(place, "bela", "", "en");
	IS(link_make(site->ledger, place->asha, place->link, &site->err), 0);
	IS(token_make(site->ledger, place->asha, true, place->token, &site->err), 0);
	IS(token_make(site->ledger, 0, true, place->instructor, &site->err), 0);
	place_cookie(place, place->asha, place->asha_cookie);
	place_cookie(place, 0, place->instructor_cookie);
}

static inline void place_close(struct place *place)
{
	pages_answer_done(&place->answer);
	(void)pages_close(place->pages);
	(void)road_free(place->road);
	site_close(&place->site);
	scene_close(&place->scene);
}

/* Ask as REQUEST says; its method and moment are filled in where they are not there. */
static inline const char *place_ask(struct place *place, struct page_request request)
{
	request.method = request.method ? request.method : "GET";
	request.now_ms = request.now_ms ? request.now_ms : clock_wall_ms();
	pages_answer_done(&place->answer);
	place->answer = (struct page_answer){0};
	(void)pages_answer(place->pages, &request, &place->answer, &place->site.err);
	return text_get(&place->answer.bytes);
}

/* The page behind Asha's link. */
static inline const char *place_read(struct place *place, const char *rest)
{
	char path[300];

	(void)snprintf(path, sizeof(path), "/s/%s%s", place->link, rest);
	return place_ask(place, (struct page_request){.path = path});
}

static inline const char *place_header(const struct place *place, const char *name)
{
	for (size_t i = 0; i < place->answer.header_count; i++) {
		if (strcmp(place->answer.headers[i].name, name) == 0)
			return place->answer.headers[i].value;
	}
	return NULL;
}

static inline struct result place_result(int score, const char *status)
{
	struct result result = result_of("hello-api", score, status);

	result.card = CARD("Starts");
	result.card_of_instructor = CARD("Seen by the instructor");
	result.page = REPORT;
	result.page_of_instructor = "<html><style>x</style><body>instructor-report</body></html>";
	return result;
}

/* LEARNER pushes commit NUMBER, and this comes of it; the ticket. */
static inline int64_t place_grade(struct place *place, int64_t learner, int number,
				  const struct result *result)
{
	int64_t ticket = push(&place->site, learner, number);

	IS(claim(&place->site, "w"), ticket);
	IS(ticket_grade(place->site.ledger, ticket, "w", result, 1, &place->site.err), 0);
	return ticket;
}

/* The newest score of LEARNER. */
static inline int64_t place_score(struct place *place, int64_t learner)
{
	struct score *scores = NULL;
	size_t count = 0;

	IS(score_list(place->site.ledger, learner, SCORE_ALL, place->site.arena, &scores, &count,
		      &place->site.err),
	   0);
	return count > 0 ? scores[0].id : 0;
}

#endif
