/* SPDX-License-Identifier: MIT */
#include <archive.h>
#include <archive_entry.h>

#include "tests/unit/pages/place.h"

enum { PAGE_PROMISE = 50 * 1000 };

/* --- who may ------------------------------------------------------------------------------------- */

static void the_table_of_access_holds(void)
{
	/* As: nobody, Asha by token, the instructor by token. Bela has an attempt of her own. */
	static const struct {
		const char *method, *path;
		unsigned int nobody, asha, instructor;
	} cases[] = {
		{"GET", "/", 200, 200, 200},
		{"GET", "/style.css", 200, 200, 200},
		{"GET", "/live.js", 200, 200, 200},
		{"GET", "/class", 303, 404, 200},
		{"GET", "/class/1", 303, 404, 200},
		{"GET", "/class/2", 303, 404, 404},
		{"GET", "/failed", 303, 404, 200},
		{"GET", "/api/class", 403, 404, 200},
		{"GET", "/api/failed", 403, 404, 200},
		{"GET", "/me", 303, 200, 404},
		{"HEAD", "/me", 303, 200, 404},
		{"GET", "/me/api/road", 403, 200, 404},
		{"GET", "/me/exercise/hello-api", 303, 200, 404},
		{"GET", "/me/exercise/other", 303, 404, 404},
		{"GET", "/me/attempt/1", 303, 200, 404},
		{"GET", "/me/attempt/2", 303, 404, 404},
		{"GET", "/me/api/attempt/2", 403, 404, 404},
		{"GET", "/me/events/2/0", 303, 404, 404},
		{"GET", "/me/attempt/999", 303, 404, 404},
		{"GET", "/me/attempt/x", 303, 404, 404},
		{"GET", "/learners/asha", 303, 404, 200},
		{"GET", "/learners/bela/attempt/2", 303, 404, 200},
		{"GET", "/learners/asha/attempt/2", 303, 404, 404},
		{"GET", "/learners/nobody", 303, 404, 404},
		{"GET", "/s/AAAA-AAAA", 404, 404, 404},
		{"GET", "/nothing", 404, 404, 404},
		{"POST", "/", 405, 405, 405},
		{"DELETE", "/me", 403, 405, 404},
		{"POST", "/me/exercise/hello-api", 403, 405, 404},
		{"POST", "/sign-out", 403, 404, 404},
	};
	const struct result result = place_result(40, "needs-work");
	struct place place;

	place_open(&place);
	(void)place_grade(&place, place.asha, 1, &result);
	(void)place_grade(&place, place.bela, 2, &result);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct page_request request = {
			.method = cases[i].method, .path = cases[i].path, .may_take_tokens = true};

		(void)place_ask(&place, request);
		IS(place.answer.status, cases[i].nobody);
		request.token = place.token;
		(void)place_ask(&place, request);
		IS(place.answer.status, cases[i].asha);
		request.token = place.instructor;
		(void)place_ask(&place, request);
		IS(place.answer.status, cases[i].instructor);
		ROW("%s %s", cases[i].method, cases[i].path);
	}
	place_close(&place);
}

static void a_link_shows_one_learner_and_nothing_else(void)
{
	const struct result result = place_result(40, "needs-work");
	struct place place;

	place_open(&place);
	(void)place_grade(&place, place.asha, 1, &result);
	(void)place_grade(&place, place.bela, 2, &result);
	HAS_TEXT(place_read(&place, ""), "hello-api");
	OK(!strstr(text_get(&place.answer.bytes), "<form"));
	IS(place.answer.status, 200);
	(void)place_read(&place, "/attempt/2");
	IS(place.answer.status, 404);
	(void)place_read(&place, "/api/road");
	IS(place.answer.status, 200);
	IS(link_revoke(place.site.ledger, place.asha, &place.site.err), 0);
	(void)place_read(&place, "");
	IS(place.answer.status, 404);
	place_close(&place);
}

static void a_token_is_not_taken_where_others_can_read_it(void)
{
	struct place place;

	place_open(&place);
	(void)place_ask(&place, (struct page_request){.path = "/me", .token = place.token});
	IS(place.answer.status, 303);
	OK(!strstr(place_ask(&place, (struct page_request){.path = "/"}), "<input"));
	(void)place_ask(&place, (struct page_request){
					.method = "POST", .path = "/sign-in", .body = "token=x"});
	IS(place.answer.status, 403);
	place_close(&place);
}

/* --- signing in and out ---------------------------------------------------------------------------- */

/* Sign in with TOKEN; the cookie that comes back, as a browser sends it. */
static const char *sign_in(struct place *place, const char *token)
{
	const char *body = arena_format(place->site.arena, "token=+%s+", token);
	const char *cookie;

	(void)place_ask(place, (struct page_request){.method = "POST",
						     .path = "/sign-in",
						     .body = body,
						     .may_take_tokens = true,
						     .is_tls = true});
	IS(place->answer.status, 303);
	cookie = place_header(place, "Set-Cookie");
	HAS_TEXT(cookie, "; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure");
	return cookie ? arena_bytes(place->site.arena, cookie, strcspn(cookie, ";")) : "";
}

static void a_token_opens_a_session_and_a_form_ends_it(void)
{
	struct place place;
	const char *cookie;
	const char *page;
	const char *form;

	place_open(&place);
	cookie = sign_in(&place, place.token);
	IS_TEXT(place_header(&place, "Location"), "/me");
	page = place_ask(&place, (struct page_request){.path = "/me", .cookie = cookie});
	IS(place.answer.status, 200);
	form = strstr(page, "name=\"form\" value=\"");
	if (!OK(form != NULL))
		return;
	form += strlen("name=\"form\" value=\"");
	form = arena_format(place.site.arena, "form=%.*s", (int)strcspn(form, "\""), form);
	(void)place_ask(&place, (struct page_request){.method = "POST",
						      .path = "/sign-out",
						      .cookie = cookie,
						      .body = "form=other"});
	IS(place.answer.status, 403);
	(void)place_ask(&place, (struct page_request){.method = "POST",
						      .path = "/sign-out",
						      .cookie = cookie,
						      .body = form,
						      .is_cross_site = true});
	IS(place.answer.status, 403);
	(void)place_ask(&place, (struct page_request){.method = "POST",
						      .path = "/sign-out",
						      .cookie = cookie,
						      .body = form});
	IS(place.answer.status, 303);
	HAS_TEXT(place_header(&place, "Set-Cookie"), "milepost=; Path=/; HttpOnly; "
						     "SameSite=Strict; Max-Age=0");
	(void)place_ask(&place, (struct page_request){.path = "/me", .cookie = cookie});
	IS(place.answer.status, 303);
	cookie = sign_in(&place, place.instructor);
	IS_TEXT(place_header(&place, "Location"), "/class");
	(void)place_ask(&place, (struct page_request){.path = "/class", .cookie = cookie});
	IS(place.answer.status, 200);
	place_close(&place);
}

static void a_wrong_token_is_told_and_opens_nothing(void)
{
	static const char *const bodies[] = {"token=wrong", "token=%00", "", "token=", NULL};
	struct place place;

	place_open(&place);
	for (size_t i = 0; i < 5; i++) {
		HAS_TEXT(place_ask(&place, (struct page_request){.method = "POST",
								 .path = "/sign-in",
								 .body = bodies[i],
								 .may_take_tokens = true}),
			 "role=\"alert\"");
		OK(place.answer.status == 400 || place.answer.status == 403);
		OK(!place_header(&place, "Set-Cookie"));
	}
	place_close(&place);
}

/* --- what others wrote ------------------------------------------------------------------------------ */

static bool is_clean(const char *page)
{
	return !strstr(page, "<img") && !strstr(page, "<script>") && !strstr(page, "javascript:");
}

static void fill_hostile(struct place *place)
{
	struct result result = place_result(40, "needs-work");
	struct site *site = &place->site;
	int64_t ticket;

	result.card = CARD("Title \\\"'><img src=x onerror=alert(1)><script>alert(2)</script>");
	for (int i = 1; i <= 4; i++)
		(void)place_grade(place, place->asha, i, &result);
	result = result_of(HOSTILE, 10, "needs-work");
	result.page = HOSTILE;
	result.page_of_instructor = result.card_of_instructor = "";
	for (int i = 5; i <= 8; i++)
		(void)place_grade(place, place->asha, i, &result);
	ticket = push(site, place->asha, 9);
	for (int i = 0; i < 2; i++) {
		IS(claim(site, "w"), ticket);
		IS(ticket_fault(site->ledger, ticket, "w", HOSTILE, &site->err), 0);
	}
	ticket = push(site, place->asha, 10);
	IS(event_add(site->ledger, ticket, "note",
		     "{\"lines\":[\"<img src=x onerror=alert(1)>\\n\\u0000</pre><script>\"]}",
		     &site->err),
	   0);
}

static void what_others_wrote_is_escaped_on_every_page(void)
{
	static const struct {
		const char *path;
		const char *shows; /* that the hostile text is there */
	} cases[] = {
		{"/me", "&lt;img"},
		{"/me/exercise/hello-api", "&lt;img"},
		{"/me/attempt/8", "&lt;img"},
		{"/me/task/hello-api", "this"},
		{"/class", "&lt;img"},
		{"/failed", "&lt;img"},
		{"/learners/asha", "&lt;img"},
		{"/learners/asha/attempt/8", "&lt;img"},
		{"/nothing/<img>", "There is no such page"},
		{"/class/%3Cimg%3E", "There is no such page"},
	};
	struct place place;

	place_open(&place);
	fill_hostile(&place);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_hers = strncmp(cases[i].path, "/me", 3) == 0;
		const char *page = place_ask(
			&place, (struct page_request){.path = cases[i].path,
						      .languages = HOSTILE,
						      .last_event = HOSTILE,
						      .cookie = is_hers ? place.asha_cookie
									: place.instructor_cookie});

		HAS_TEXT(page, cases[i].shows);
		OK(is_clean(page));
		ROW("%s", cases[i].path);
	}
	place_close(&place);
}

static void json_is_json_whatever_others_wrote(void)
{
	static const char *const paths[] = {
		"/learners/asha/api/road", "/learners/asha/api/exercise/hello-api",
		"/learners/asha/api/attempt/8", "/api/class", "/api/failed"};
	struct place place;

	place_open(&place);
	fill_hostile(&place);
	for (size_t i = 0; i < 5; i++) {
		const char *bytes =
			place_ask(&place, (struct page_request){.path = paths[i],
								.token = place.instructor,
								.may_take_tokens = true});
		json_t *value = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);
		char *again = json_dumps(value, JSON_SORT_KEYS | JSON_INDENT(2));

		IS(place.answer.status, 200);
		IS_TEXT(place_header(&place, "Content-Type"), "application/json");
		OK(json_string_value(json_object_get(value, "format")) != NULL);
		OK(again && strncmp(bytes, again, strlen(again)) == 0);
		ROW("%s", paths[i]);
		free(again);
		json_decref(value);
	}
	place_close(&place);
}

/* --- what learners may see ---------------------------------------------------------------------------- */

static void hidden_checks_open_when_the_policy_says_so(void)
{
	const struct result failed = place_result(40, "needs-work");
	const struct result passed = place_result(80, "passed");
	struct place place;
	struct ledger *ledger;
	struct mp_error *err = &place.site.err;

	place_open(&place);
	ledger = place.site.ledger;
	(void)place_grade(&place, place.asha, 1, &failed);
	HAS_TEXT(place_read(&place, "/attempt/1"), "learner-report");
	OK(!strstr(place_read(&place, "/api/attempt/1"), "secret-"));
	OK(!strstr(place_read(&place, "/exercise/hello-api"), "secret-"));
	IS(policy_set(ledger, "hello-api", "show-hidden", "always", err), 0);
	HAS_TEXT(place_read(&place, "/attempt/1"), "instructor-report");
	HAS_TEXT(place_read(&place, "/api/attempt/1"), "secret-evidence");
	IS(policy_set(ledger, "hello-api", "show-hidden", NULL, err), 0);
	(void)place_grade(&place, place.asha, 2, &passed);
	HAS_TEXT(place_read(&place, "/attempt/1"), "instructor-report");
	IS(policy_set(ledger, "", "show-hidden", "never", err), 0);
	HAS_TEXT(place_read(&place, "/attempt/1"), "learner-report");
	HAS_TEXT(place_ask(&place, (struct page_request){.path = "/learners/asha/attempt/1",
							 .cookie = place.instructor_cookie}),
		 "instructor-report");
	place_close(&place);
}

static void a_stored_report_has_a_way_back_and_its_own_style_alone(void)
{
	const struct result result = place_result(40, "needs-work");
	struct place place;
	const char *page;

	place_open(&place);
	(void)place_grade(&place, place.asha, 1, &result);
	page = place_read(&place, "/attempt/1");
	HAS_TEXT(page, "<body>\n<nav");
	HAS_TEXT(page, "Attempt 1");
	/* printf '\np{color:red}\n' | openssl dgst -sha256 -binary | base64 */
	HAS_TEXT(
		place_header(&place, "Content-Security-Policy"),
		"default-src 'none'; style-src 'sha256-NjjP2/AKqcVxb7InTXK2aDa8gjvcCdePL67HtHYtEYE='");
	IS_TEXT(place_header(&place, "Cache-Control"), "no-store");
	IS_TEXT(place_header(&place, "Referrer-Policy"), "no-referrer");
	place_close(&place);
}

static void the_road_counts_the_best_and_says_what_is_next(void)
{
	const struct result better = place_result(50, "needs-work");
	const struct result worse = place_result(20, "needs-work");
	const struct result passed = place_result(95, "mastered");
	struct place place;

	place_open(&place);
	HAS_TEXT(place_read(&place, ""), "not started");
	(void)place_grade(&place, place.asha, 1, &better);
	(void)place_grade(&place, place.asha, 2, &worse);
	HAS_TEXT(place_read(&place, ""), "<td class=\"n\">50</td>");
	HAS_TEXT(place_read(&place, "/api/road"), "\"next\": \"hello-api\"");
	HAS_TEXT(text_get(&place.answer.bytes), "\"percent\": 50");
	HAS_TEXT(place_read(&place, "/exercise/hello-api"), "The latest attempt: 20 of 100");
	(void)place_grade(&place, place.asha, 3, &passed);
	HAS_TEXT(place_read(&place, ""), "Every exercise that is published is passed");
	HAS_TEXT(text_get(&place.answer.bytes), "Published exercises passed: 1 of 1");
	place_close(&place);
}

static void a_late_push_says_so(void)
{
	const struct result result = place_result(40, "needs-work");
	struct place place;
	struct mp_error *err = &place.site.err;

	place_open(&place);
	(void)place_grade(&place, place.asha, 1, &result);
	OK(!strstr(place_read(&place, "/exercise/hello-api"), "pushed late"));
	IS(policy_set(place.site.ledger, "", "due", "2020-01-31T18:00:00+05:30", err), 0);
	HAS_TEXT(place_read(&place, "/exercise/hello-api"), "pushed late");
	HAS_TEXT(text_get(&place.answer.bytes),
		 "To be pushed by <time datetime=\"2020-01-31T12:30:00Z\">");
	HAS_TEXT(place_read(&place, "/api/exercise/hello-api"), "\"due_at\": 1580473800000");
	IS(policy_set(place.site.ledger, "", "due", "2099-01-31T18:00:00Z", err), 0);
	OK(!strstr(place_read(&place, "/exercise/hello-api"), "pushed late"));
	place_close(&place);
}

static void programs_read_errors_as_json(void)
{
	struct place place;

	place_open(&place);
	HAS_TEXT(place_ask(&place, (struct page_request){.path = "/api/class"}),
		 "\"format\": \"milepost.error/1\"");
	IS(place.answer.status, 403);
	HAS_TEXT(place_read(&place, "/api/nothing"), "\"error\": \"There is no such page\"");
	IS_TEXT(place_header(&place, "Content-Type"), "application/json");
	place_close(&place);
}

static void a_guess_is_told_to_the_server(void)
{
	struct place place;

	place_open(&place);
	(void)place_read(&place, "");
	OK(!place.answer.is_guess);
	(void)place_ask(&place, (struct page_request){.path = "/s/AAAA-AAAA"});
	OK(place.answer.is_guess);
	(void)place_ask(&place,
			(struct page_request){.path = "/", .token = "x", .may_take_tokens = true});
	OK(place.answer.is_guess);
	(void)place_ask(&place, (struct page_request){.method = "POST",
						      .path = "/sign-in",
						      .body = "token=x",
						      .may_take_tokens = true});
	OK(place.answer.is_guess);
	(void)place_ask(&place, (struct page_request){.path = "/nothing"});
	OK(!place.answer.is_guess);
	place_close(&place);
}

/* What broke on this machine is not for everybody. */
static void why_we_failed_is_told_to_the_instructor_alone(void)
{
	struct place place;

	place_open(&place);
	fill_hostile(&place);
	OK(!strstr(place_read(&place, "/api/road"), "\"reason\""));
	HAS_TEXT(place_ask(&place, (struct page_request){.path = "/api/failed",
							 .cookie = place.instructor_cookie}),
		 "\"reason\"");
	place_close(&place);
}

static void a_task_is_shown_in_safe_markup(void)
{
	struct place place;
	const char *page;

	place_open(&place);
	page = place_read(&place, "/task/hello-api");
	HAS_TEXT(page, "<h1>Hello</h1>");
	HAS_TEXT(page, "A table, may be wider than the page\"><table>");
	HAS_TEXT(page, "</table></div>");
	HAS_TEXT(page, "the end");
	OK(is_clean(page));
	place_close(&place);
}

/* --- starters ------------------------------------------------------------------------------------------- */

static void a_starter_is_the_same_zip_every_time(void)
{
	struct place place;
	struct archive *zip = archive_read_new();
	struct archive_entry *entry = NULL;
	mp_autotext struct text first = {0};

	place_open(&place);
	scene_write(&place.scene, HELLO_BASE "starter/python/run", "#!/bin/sh\n");
	IS(chmod(HELLO_BASE "starter/python/run", 0755), 0);
	(void)place_read(&place, "/starter/hello-api.zip");
	text_add_bytes(&first, place.answer.bytes.data, place.answer.bytes.length);
	IS_TEXT(place_header(&place, "Content-Disposition"),
		"attachment; filename=\"hello-api.zip\"");
	IS(setenv("TZ", "Asia/Kolkata", 1), 0);
	tzset();
	(void)place_read(&place, "/starter/hello-api.zip");
	OK(first.length == place.answer.bytes.length &&
	   memcmp(first.data, place.answer.bytes.data, first.length) == 0);
	IS(archive_read_support_format_zip(zip), ARCHIVE_OK);
	IS(archive_read_open_memory(zip, first.data, first.length), ARCHIVE_OK);
	IS(archive_read_next_header(zip, &entry), ARCHIVE_OK);
	IS_TEXT(archive_entry_pathname(entry), "exercises/hello-api/app.py");
	IS(archive_entry_perm(entry), 0644);
	IS(archive_read_next_header(zip, &entry), ARCHIVE_OK);
	IS_TEXT(archive_entry_pathname(entry), "exercises/hello-api/run");
	IS(archive_entry_perm(entry), 0755);
	IS(archive_read_next_header(zip, &entry), ARCHIVE_OK);
	IS_TEXT(archive_entry_pathname(entry), "exercises/hello-api/task.md");
	IS(archive_read_next_header(zip, &entry), ARCHIVE_EOF);
	IS(archive_read_free(zip), ARCHIVE_OK);
	(void)place_read(&place, "/starter/hello-api");
	IS(place.answer.status, 404);
	(void)place_read(&place, "/starter/.zip");
	IS(place.answer.status, 404);
	place_close(&place);
}

/* --- what happens now --------------------------------------------------------------------------------------- */

static void a_page_that_waits_loads_itself_anew_and_no_other(void)
{
	const struct result result = place_result(40, "needs-work");
	struct place place;
	int64_t ticket;

	place_open(&place);
	OK(!strstr(place_read(&place, ""), "http-equiv=\"refresh\""));
	ticket = push(&place.site, place.asha, 1);
	HAS_TEXT(place_read(&place, ""),
		 "<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>");
	HAS_TEXT(text_get(&place.answer.bytes), "Place 1 in the queue.");
	IS(claim(&place.site, "w"), ticket);
	IS(ticket_grade(place.site.ledger, ticket, "w", &result, 1, &place.site.err), 0);
	OK(!strstr(place_read(&place, ""), "http-equiv=\"refresh\""));
	place_close(&place);
}

static void events_are_told_until_the_ticket_ends(void)
{
	const struct result result = place_result(40, "needs-work");
	struct place place;
	struct page_stream stream;
	mp_autotext struct text news = {0};
	struct mp_error *err = &place.site.err;
	bool is_over = true;
	int64_t ticket;

	place_open(&place);
	ticket = push(&place.site, place.asha, 1);
	IS(event_add(place.site.ledger, ticket, "note", "{\"lines\":[\"one\\n\\nevent: x\"]}", err),
	   0);
	HAS_TEXT(place_read(&place, "/events/1/0"),
		 "id: 1.1\nevent: lines\ndata: [\"one\\n\\nevent: x\"]\n\n");
	IS_TEXT(place_header(&place, "Content-Type"), "text/event-stream");
	OK(place.answer.is_stream);
	stream = place.answer.stream;
	IS(pages_stream(place.pages, &stream, &news, &is_over, err), 0);
	IS(news.length, 0);
	OK(!is_over);
	IS(event_add(place.site.ledger, ticket, "ready", "{\"lines\":[]}", err), 0);
	IS(event_add(place.site.ledger, ticket, "note", "no json", err) == 0, 0);
	IS(claim(&place.site, "w"), ticket);
	IS(ticket_grade(place.site.ledger, ticket, "w", &result, 1, err), 0);
	IS(pages_stream(place.pages, &stream, &news, &is_over, err), 0);
	IS_TEXT(text_get(&news), "event: anew\ndata: 1\n\n");
	OK(is_over);
	/* Who comes again goes on behind what was seen, and a page of an older push is loaded anew. */
	OK(!strstr(place_read(&place, "/events/1/1"), "one"));
	(void)push(&place.site, place.asha, 2);
	HAS_TEXT(place_read(&place, "/events/1/99"), "event: anew");
	OK(!place.answer.is_stream);
	place_close(&place);
}

/* --- size ---------------------------------------------------------------------------------------------------- */

static void every_page_stays_below_its_promise(void)
{
	static const char *const paths[] = {"/class",
					    "/learners/asha",
					    "/learners/asha/exercise/hello-api",
					    "/learners/asha/task/hello-api",
					    "/failed",
					    "/style.css"};
	const struct result result = place_result(40, "needs-work");
	struct place place;
	struct text body = {0};
	int64_t ticket;

	place_open(&place);
	for (int i = 0; i < 120; i++)
		(void)place_learner(&place, arena_format(place.site.arena, "learner-%d", i),
				    "A name of some length, in two words", "en");
	for (int i = 1; i <= 70; i++)
		(void)place_grade(&place, place.asha, i, &result);
	for (int i = 100; i < 160; i++) {
		ticket = push(&place.site, place.bela, i);
		for (int k = 0; k < 2; k++) {
			IS(claim(&place.site, "w"), ticket);
			IS(ticket_fault(place.site.ledger, ticket, "w",
					"the box could not be built: a reason of some length",
					&place.site.err),
			   0);
		}
	}
	ticket = push(&place.site, place.asha, 71);
	text_add(&body, "{\"lines\":[\"x\"");
	for (int i = 0; i < 500; i++)
		text_add(&body, ",\"a line of what a push shows, seventy-two columns wide &<>\"");
	text_add(&body, "]}");
	IS(event_add(place.site.ledger, ticket, "note", text_get(&body), &place.site.err), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		(void)place_ask(&place, (struct page_request){.path = paths[i],
							      .cookie = place.instructor_cookie});
		IS(place.answer.status, 200);
		OK(place.answer.bytes.length < PAGE_PROMISE);
		printf("# %s: %zu bytes\n", paths[i], place.answer.bytes.length);
	}
	(void)place_ask(&place, (struct page_request){.path = "/class/3",
						      .cookie = place.instructor_cookie});
	IS(place.answer.status, 200);
	text_done(&body);
	place_close(&place);
}

TAP_MAIN(T(the_table_of_access_holds) T(a_link_shows_one_learner_and_nothing_else) T(
	a_token_is_not_taken_where_others_can_read_it) T(a_token_opens_a_session_and_a_form_ends_it)
		 T(a_wrong_token_is_told_and_opens_nothing) T(what_others_wrote_is_escaped_on_every_page) T(
			 json_is_json_whatever_others_wrote) T(hidden_checks_open_when_the_policy_says_so)
			 T(a_stored_report_has_a_way_back_and_its_own_style_alone) T(
				 the_road_counts_the_best_and_says_what_is_next) T(a_late_push_says_so)
				 T(programs_read_errors_as_json) T(a_guess_is_told_to_the_server) T(
					 why_we_failed_is_told_to_the_instructor_alone)
					 T(a_task_is_shown_in_safe_markup) T(
						 a_starter_is_the_same_zip_every_time)
						 T(a_page_that_waits_loads_itself_anew_and_no_other)
							 T(events_are_told_until_the_ticket_ends) T(
								 every_page_stays_below_its_promise))
