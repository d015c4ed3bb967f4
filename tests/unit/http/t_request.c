/* SPDX-License-Identifier: MIT */
/* Steps become requests, and requests lines that repeat them. */
#include "grader/http/inner.h"
#include "sandbox/base/arena.h"
#include "tests/helper/tap.h"

static json_t *json_of(const char *text)
{
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;

	if (text && !value)
		printf("# a test's JSON is broken: %s\n", text);
	return value;
}

/* One step in JSON: the keys of struct http_keys by name. */
struct bed {
	struct arena *arena;
	struct names *names;
	struct exercise exercise;
	struct check check;
	struct http_keys keys;
	struct verb verb;
	struct step step;
	struct probe_run run;
};

static void bed_init(struct bed *bed, const char *verb, const char *target)
{
	json_t *words = json_of("{\"a\": {\"kind\": \"integer\", \"from\": 2, \"to\": 2}}");
	json_t *name = json_string("आशा & Söhne");

	*bed = (struct bed){
		.arena = arena_new(), .check = {.id = "x"}, .exercise = {.folder_fd = -1}};
	bed->verb = (struct verb){.name = verb,
				  .form = strcmp(verb, "request") == 0 ? VERB_REQUEST : VERB_PATH};
	bed->step = (struct step){.verb = &bed->verb, .target = target, .keys = &bed->keys};
	IS(names_new(words, 7, &bed->names, NULL), 0);
	IS(names_set(bed->names, "name", name), 0);
	bed->run = (struct probe_run){.exercise = &bed->exercise,
				      .check = &bed->check,
				      .names = bed->names,
				      .seed = 7,
				      .arena = bed->arena};
	json_decref(words);
	json_decref(name);
}

static void bed_done(struct bed *bed)
{
	names_free(bed->names);
	json_decref(json_readable(bed->keys.query));
	json_decref(json_readable(bed->keys.headers));
	json_decref(json_readable(bed->keys.auth));
	json_decref(json_readable(bed->keys.json));
	json_decref(json_readable(bed->keys.form));
	json_decref(json_readable(bed->keys.upload));
	arena_free(bed->arena);
}

struct row {
	const char *verb, *target;
	const char *query, *headers, *auth, *json, *form, *body, *type;
	const char *url, *curl, *words;
};

static const struct row rows[] = {
	{.verb = "post",
	 .target = "/sum",
	 .body = "{",
	 .type = "application/json",
	 .url = "/sum",
	 .curl = "curl -i -X POST \"$BASE_URL/sum\" -H 'Content-Type: application/json' -d '{'",
	 .words = "POST /sum with the body {"},
	{.verb = "get",
	 .target = "/no-such-page",
	 .url = "/no-such-page",
	 .curl = "curl -i \"$BASE_URL/no-such-page\"",
	 .words = "GET /no-such-page"},
	{.verb = "delete",
	 .target = "/health",
	 .url = "/health",
	 .curl = "curl -i -X DELETE \"$BASE_URL/health\"",
	 .words = "DELETE /health"},
	{.verb = "head",
	 .target = "/health",
	 .url = "/health",
	 .curl = "curl -i --head \"$BASE_URL/health\"",
	 .words = "HEAD /health"},
	{.verb = "get",
	 .target = "/greet",
	 .query = "{\"name\": \"$(name)\", \"n\": 3, \"t\": [\"a\", \"b c\"]}",
	 .url = "/greet?name=%E0%A4%86%E0%A4%B6%E0%A4%BE%20%26%20S%C3%B6hne&n=3&t=a&t=b%20c",
	 .curl = "curl -i \"$BASE_URL/greet?name=%E0%A4%86%E0%A4%B6%E0%A4%BE%20%26%20S%C3%B6hne&n=3&t=a&t=b%20c\"",
	 .words = "GET /greet?name=आशा & Söhne&n=3&t=a&t=b c"},
	{.verb = "get",
	 .target = "/a b/आ?x=1&y=%20$",
	 .query = "{\"z\": true}",
	 .url = "/a%20b/%E0%A4%86?x=1&y=%20$&z=true",
	 .curl = "curl -i \"$BASE_URL/a%20b/%E0%A4%86?x=1&y=%20\\$&z=true\"",
	 .words = "GET /a b/आ?x=1&y=%20$&z=true"},
	{.verb = "put",
	 .target = "/c/$(name)",
	 .json = "{\"a\": \"$(a)\", \"n\": \"it's\"}",
	 .url = "/c/%E0%A4%86%E0%A4%B6%E0%A4%BE%20%26%20S%C3%B6hne",
	 .curl = "curl -i -X PUT \"$BASE_URL/c/%E0%A4%86%E0%A4%B6%E0%A4%BE%20%26%20S%C3%B6hne\""
		 " -H 'Content-Type: application/json' -d '{\"a\": 2, \"n\": \"it'\\''s\"}'",
	 .words = "PUT /c/आशा & Söhne with the body {\"a\": 2, \"n\": \"it's\"}"},
	{.verb = "post",
	 .target = "/login",
	 .form = "{\"user\": \"a b\", \"x\": \"&\"}",
	 .url = "/login",
	 .curl = "curl -i -X POST \"$BASE_URL/login\" -d 'user=a%20b&x=%26'",
	 .words = "POST /login with the form user=a%20b&x=%26"},
	{.verb = "post",
	 .target = "/login",
	 .form = "{\"user\": \"a\"}",
	 .type = "text/x",
	 .url = "/login",
	 .curl = "curl -i -X POST \"$BASE_URL/login\" -H 'Content-Type: text/x' -d 'user=a'",
	 .words = "POST /login with the form user=a"},
	{.verb = "get",
	 .target = "/me",
	 .auth = "{\"basic\": [\"asha\", \"pa:ss\"]}",
	 .url = "/me",
	 .curl = "curl -i \"$BASE_URL/me\" -u 'asha:pa:ss'",
	 .words = "GET /me"},
	{.verb = "get",
	 .target = "/me",
	 .auth = "{\"bearer\": \"$(a)x\"}",
	 .headers = "{\"X-A\": [\"1\", 2], \"accept\": \"*/*\"}",
	 .url = "/me",
	 .curl = "curl -i \"$BASE_URL/me\" -H 'Authorization: Bearer 2x' -H 'X-A: 1' -H 'X-A: 2' -H 'accept: */*'",
	 .words = "GET /me"},
	{.verb = "request",
	 .target = "REPORT /books",
	 .body = "@x\n\t\x01\\'",
	 .url = "/books",
	 .curl = "curl -i -X REPORT \"$BASE_URL/books\" -H 'Content-Type: text/plain; charset=utf-8'"
		 " --data-raw $'@x\\n\\t\\x01\\\\\\''",
	 .words = "REPORT /books with the body @x\\n\\t\\x01\\'"},
	{.verb = "get",
	 .target = "http://localhost:3000/x/$(a)",
	 .url = "http://localhost:3000/x/2",
	 .curl = "curl -i \"$BASE_URL/x/2\"",
	 .words = "GET http://localhost:3000/x/2"},
	{.verb = "get",
	 .target = "file:///etc/passwd",
	 .url = "file:///etc/passwd",
	 .curl = "curl -i \"$BASE_URL/etc/passwd\"",
	 .words = "GET file:///etc/passwd"},
	{.verb = "get",
	 .target = "https://shop.example?page=2#top",
	 .url = "https://shop.example?page=2#top",
	 .curl = "curl -i \"$BASE_URL/?page=2\"",
	 .words = "GET https://shop.example?page=2#top"},
	{.verb = "get",
	 .target = "/files/../../etc/{a}",
	 .url = "/files/../../etc/{a}",
	 .curl = "curl -i --globoff --path-as-is \"$BASE_URL/files/../../etc/{a}\"",
	 .words = "GET /files/../../etc/{a}"},
	{.verb = "get",
	 .target = "/x",
	 .headers = "{\"X-A\": \"\"}",
	 .url = "/x",
	 .curl = "curl -i \"$BASE_URL/x\" -H 'X-A;'",
	 .words = "GET /x"},
	{.verb = "get",
	 .target = "/x",
	 .headers = "{\"X-A\": \"1\\r\\nX-B: 2\"}",
	 .url = "/x",
	 .curl = "curl -i \"$BASE_URL/x\" -H 'X-A: 1'",
	 .words = "GET /x"},
	{.verb = "post",
	 .target = "/x",
	 .body = "",
	 .url = "/x",
	 .curl = "curl -i -X POST \"$BASE_URL/x\" -H 'Content-Type: text/plain; charset=utf-8' -d ''",
	 .words = "POST /x with the body "},
};

static void every_step_becomes_its_request(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct http_request request = {0};
		struct mp_error err = {0};
		struct bed bed;

		bed_init(&bed, row->verb, row->target);
		bed.keys = (struct http_keys){.query = json_of(row->query),
					      .headers = json_of(row->headers),
					      .auth = json_of(row->auth),
					      .json = json_of(row->json),
					      .form = json_of(row->form),
					      .body = row->body,
					      .type = row->type};
		if (!IS(request_build(&bed.run, &bed.step, &request, &err), 0))
			printf("# %s\n", err.text);
		IS_TEXT(request.url, row->url);
		IS_TEXT(request_curl(&request, bed.arena), row->curl);
		IS_TEXT(request_short(&request, bed.arena), row->words);
		bed_done(&bed);
	}
}

static void basic_authentication_is_sent_in_base64(void)
{
	static const char *const users[] = {"a:b", "Aladdin:open sesame", "x:", "ab:c"};
	static const char *const coded[] = {"YTpi",
					    "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "eDo=", "YWI6Yw=="};

	for (size_t i = 0; i < 4; i++) {
		struct http_request request = {0};
		char header[80];
		struct bed bed;

		bed_init(&bed, "get", "/");
		bed.keys.auth = json_pack("{s:s}", "basic", users[i]);
		IS(request_build(&bed.run, &bed.step, &request, NULL), 0);
		(void)snprintf(header, sizeof(header), "Authorization: Basic %s", coded[i]);
		IS_TEXT(request.headers[0], header);
		OK(!request.headers[1]);
		bed_done(&bed);
	}
}

static void an_upload_is_multipart(void)
{
	struct http_request request = {0};
	struct bed bed;

	bed_init(&bed, "post", "/photos");
	bed.keys.upload = json_of(
		"{\"title\": \"no. $(a)\", \"photo\": {\"text\": \"PNG\", \"name\": \"a\\\".png\", \"type\": \"image/png\"}}");
	IS(request_build(&bed.run, &bed.step, &request, NULL), 0);
	HAS_TEXT(request.headers[0], "Content-Type: multipart/form-data; boundary=----form-");
	HAS_TEXT(request.body,
		 "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nno. 2\r\n------form-");
	HAS_TEXT(
		request.body,
		"; name=\"photo\"; filename=\"a%22.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n------form-");
	HAS_TEXT(request.body, "--\r\n");
	IS_TEXT(request_curl(&request, bed.arena),
		"curl -i -X POST \"$BASE_URL/photos\" -F 'title=no. 2' -F 'photo=@a\".png;type=image/png'");
	IS_TEXT(request_short(&request, bed.arena), "POST /photos with an upload");
	bed_done(&bed);
}

static void a_name_without_a_value_is_the_exercises_fault(void)
{
	struct http_request request = {0};
	struct mp_error err = {0};
	struct bed bed;

	bed_init(&bed, "get", "/x/$(nobody)");
	IS(request_build(&bed.run, &bed.step, &request, &err) < 0, true);
	IS(err.fault, MP_FAULT_CONTENT);
	HAS_TEXT(err.text, "$(nobody) has no value");
	bed_done(&bed);
}

static void a_long_body_is_not_put_on_a_command_line(void)
{
	struct http_request request = {0};
	char body[3000];
	struct bed bed;

	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	bed_init(&bed, "post", "/x");
	bed.keys.body = body;
	IS(request_build(&bed.run, &bed.step, &request, NULL), 0);
	HAS_TEXT(request_curl(&request, bed.arena), "-d @FILE   (a body of 2999 bytes)");
	OK(strlen(request_short(&request, bed.arena)) < 120);
	bed_done(&bed);
}

TAP_MAIN(T(every_step_becomes_its_request) T(basic_authentication_is_sent_in_base64)
		 T(an_upload_is_multipart) T(a_name_without_a_value_is_the_exercises_fault)
			 T(a_long_body_is_not_put_on_a_command_line))
