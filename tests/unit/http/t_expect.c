/* SPDX-License-Identifier: MIT */
/* Answers against expectations: parts, mismatches, causes. */
#include "grader/http/inner.h"
#include "sandbox/base/arena.h"
#include "tests/helper/tap.h"

#define HTML_PAGE "<!DOCTYPE HTML>\n<html lang=\"en\">\n  <body>Error</body></html>\n"
#define ERROR_WANTED                                                                               \
	"\"type\": \"application/json\", \"json\": {\"error\": {\"code\": \"$text\", \"message\": \"$text\"}}"

static json_t *json_of(const char *text)
{
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	if (!value)
		printf("# a test's JSON is broken: %s\n", text);
	return value;
}

/* An answer as a row: headers are "Name: value|Name: value". */
struct row {
	const char *expect;
	int status;
	const char *headers;
	const char *body;
	const char *told; /* "PATH | WANTED | GOT\n" each; "" when all is as wanted */
	enum slip slip;
	enum wire_problem problem;
};

static void fill_answer(const struct row *row, struct arena *arena, struct wire_answer *answer)
{
	const char *rest = row->headers ? row->headers : "";

	*answer = (struct wire_answer){.problem = row->problem,
				       .status = row->status,
				       .reason = "",
				       .body = row->body,
				       .body_bytes = row->body ? strlen(row->body) : 0,
				       .within_ms = 12};
	while (*rest) {
		size_t length = strcspn(rest, "|");
		const char *colon = strchr(rest, ':');
		struct wire_header *header =
			arena_push(arena, &answer->headers, &answer->header_count, sizeof(*header));

		header->name = arena_bytes(arena, rest, (size_t)(colon - rest));
		header->value = arena_bytes(arena, colon + 2, length - (size_t)(colon + 2 - rest));
		rest += length + (rest[length] == '|');
	}
}

static const struct row rows[] = {
	{"{\"status\": 200}", 200, NULL, "", "", SLIP_NONE, WIRE_OK},
	{"{\"status\": 200}", 201, NULL, "", "status | 200 | 201\n", SLIP_NONE, WIRE_OK},
	{"{\"status\": \"2xx\"}", 201, NULL, "", "", SLIP_NONE, WIRE_OK},
	{"{\"status\": \"2xx\"}", 404, NULL, "", "status | 2xx | 404\n", SLIP_NO_PATH, WIRE_OK},
	{"{\"status\": 200}", 999, NULL, "", "status | 200 | 999\n", SLIP_NONE, WIRE_OK},
	{"{\"status\": 200}", 307, "Location: /greet/", "", "status | 200 | 307, to /greet/\n",
	 SLIP_REDIRECT, WIRE_OK},
	{"{\"status\": 404}", 302, "location: http://a/\x1b[1m", "",
	 "status | 404 | 302, to http://a/\\x1b[1m\n", SLIP_REDIRECT, WIRE_OK},
	{"{\"status\": 301}", 302, "Location: /b", "", "status | 301 | 302, to /b\n", SLIP_NONE,
	 WIRE_OK},
	{"{\"status\": [200, \"4xx\", 503]}", 404, NULL, "", "", SLIP_NONE, WIRE_OK},
	{"{\"status\": [200, \"4xx\", 503]}", 500, NULL, "", "status | 200, 4xx or 503 | 500\n",
	 SLIP_CRASH, WIRE_OK},
	{"{\"status\": {\"$not\": 200}}", 200, NULL, "", "status | not 200 | 200\n", SLIP_NONE,
	 WIRE_OK},
	{"{\"status\": 200}", 405, NULL, "", "status | 200 | 405\n", SLIP_NO_METHOD, WIRE_OK},
	{"{\"status\": 400}", 500, NULL, "", "status | 400 | 500\n", SLIP_CRASH_ON_BAD_INPUT,
	 WIRE_OK},
	{"{\"status\": 422}", 501, NULL, "", "status | 422 | 501\n", SLIP_NO_METHOD, WIRE_OK},
	{"{\"status\": 422}", 404, NULL, "", "status | 422 | 404\n", SLIP_NO_PATH, WIRE_OK},
	{"{\"status\": 400}", 405, NULL, "", "status | 400 | 405\n", SLIP_NO_METHOD, WIRE_OK},
	{"{\"status\": 405}", 501, NULL, "", "status | 405 | 501\n", SLIP_CRASH_ON_BAD_INPUT,
	 WIRE_OK},
	/* type */
	{"{\"type\": \"application/json\"}", 200, "Content-Type: application/json; charset=utf-8",
	 "{}", "", SLIP_NONE, WIRE_OK},
	{"{\"type\": \"application/json\"}", 200, "content-type: Application/JSON", "{}", "",
	 SLIP_NONE, WIRE_OK},
	{"{\"type\": \"application/json; charset=utf-8\"}", 200,
	 "Content-Type: application/json;charset=UTF-8", "{}", "", SLIP_NONE, WIRE_OK},
	{"{\"type\": \"application/json; charset=utf-8\"}", 200, "Content-Type: application/json",
	 "{}", "type | \"application/json; charset=utf-8\" | application/json\n", SLIP_TYPE,
	 WIRE_OK},
	{"{\"type\": \"application/json\"}", 200, "Content-Type: application/jsonp", "{}",
	 "type | application/json | application/jsonp\n", SLIP_TYPE, WIRE_OK},
	{"{\"type\": \"application/json\"}", 200, NULL, "{}",
	 "type | application/json | no Content-Type header\n", SLIP_TYPE, WIRE_OK},
	{"{\"type\": {\"$starts\": \"image/\"}}", 200, "Content-Type: image/png", "x", "",
	 SLIP_NONE, WIRE_OK},
	{"{\"type\": {\"$one_of\": [\"a/b\", \"c/d\"]}}", 200, "Content-Type: c/d;x=y", "x", "",
	 SLIP_NONE, WIRE_OK},
	{"{\"type\": \"$absent\"}", 204, NULL, "", "", SLIP_NONE, WIRE_OK},
	/* headers, cookies */
	{"{\"headers\": {\"Allow\": {\"$contains\": [\"GET\", \"HEAD\"]}}}", 405,
	 "allow: GET|ALLOW: HEAD", "", "", SLIP_NONE, WIRE_OK},
	{"{\"headers\": {\"allow\": {\"$contains\": \"GET\"}}}", 405, NULL, "",
	 "headers.allow | a text that contains GET | no such header\n", SLIP_NONE, WIRE_OK},
	{"{\"headers\": {\"X-Powered-By\": \"$absent\"}}", 200, "X-Powered-By: Express", "",
	 "headers.x-powered-by | nothing | Express\n", SLIP_NONE, WIRE_OK},
	{"{\"headers\": {\"a\": \"1, 2\"}}", 200, "A: 1|a: 2", "", "", SLIP_NONE, WIRE_OK},
	{"{\"headers\": {\"Retry-After\": {\"$at_least\": 1}, \"content-length\": 5, \"x\": \"5\"}}",
	 429, "Retry-After: 30|Content-Length: 5|X: 5", "", "", SLIP_NONE, WIRE_OK},
	{"{\"headers\": {\"retry-after\": \"$integer\"}}", 429, "Retry-After: soon", "",
	 "headers.retry-after | a whole number | soon\n", SLIP_NONE, WIRE_OK},
	{"{\"cookies\": {\"sid\": \"abc\"}}", 200, "Set-Cookie: sid=abc; Path=/; HttpOnly", "", "",
	 SLIP_NONE, WIRE_OK},
	{"{\"cookies\": {\"sid\": {\"value\": \"$text\", \"httponly\": true, \"samesite\": \"Lax\"}}}",
	 200, "Set-Cookie: sid=abc; Path=/; HttpOnly", "",
	 "cookies.sid.samesite | Lax | no such cookie\n", SLIP_NONE, WIRE_OK},
	{"{\"cookies\": {\"sid\": \"$text\"}}", 200, NULL, "",
	 "cookies.sid | a text | no such cookie\n", SLIP_NONE, WIRE_OK},
	/* json */
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "{\"sum\": 5, \"x\": [1]}", "", SLIP_NONE, WIRE_OK},
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "",
	 "json | an object with sum 5 | no JSON: the body is empty\n", SLIP_NONE, WIRE_OK},
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "{\"sum\": 5, \"sum\": 5}",
	 "json | an object with sum 5 | broken JSON: duplicate object key near '\"sum\"' (line 1, column 16)\n",
	 SLIP_NONE, WIRE_OK},
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "\xef\xbb\xbf{\"sum\": 5}",
	 "json | an object with sum 5 | no JSON: the body begins with a byte-order mark\n",
	 SLIP_MARK, WIRE_OK},
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "{\"name\": \"Jos\xe9\"}",
	 "json | an object with sum 5 | broken JSON: unable to decode byte 0xe9 near '\"Jos' (line 1, column 13)\n",
	 SLIP_NOT_UTF8, WIRE_OK},
	{"{\"status\": 200, \"json\": {\"sum\": 5}}", 201, NULL, "\xef\xbb\xbf{\"sum\": 5}",
	 "status | 200 | 201\n"
	 "json | an object with sum 5 | no JSON: the body begins with a byte-order mark\n",
	 SLIP_NONE, WIRE_OK},
	/* Broken before its letters are. */
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "{sum: \"Jos\xe9\"}",
	 "json | an object with sum 5 | broken JSON: string or '}' expected near 'sum' (line 1, column 4)\n",
	 SLIP_NONE, WIRE_OK},
	{"{\"json\": {\"sum\": 5}}", 200, NULL, "{\"sum\": 99999999999999999999}",
	 "json | an object with sum 5 | JSON with a number that does not fit into 64 bits: too big integer near '99999999999999999999'\n",
	 SLIP_NONE, WIRE_OK},
	{"{\"json\": 5}", 200, NULL, "1e400",
	 "json | 5 | JSON with a number that does not fit into 64 bits: real number overflow near '1e400'\n",
	 SLIP_NONE, WIRE_OK},
	{"{\"json\": {\"sum\": 9007199254740993}}", 200, NULL, "{\"sum\": 9007199254740993}", "",
	 SLIP_NONE, WIRE_OK},
	{"{\"json\": 5}", 200, NULL, "5", "", SLIP_NONE, WIRE_OK},
	{"{\"json\": \"$absent\"}", 204, NULL, "", "", SLIP_NONE, WIRE_OK},
	/* text, markup, size, within */
	{"{\"text\": {\"$contains\": \"a\\nb\"}}", 200, NULL, "xa\nby", "", SLIP_NONE, WIRE_OK},
	{"{\"text\": {\"$not\": {\"$contains\": \"Traceback\"}}}", 500, NULL, "Traceback (most",
	 "text | not a text that contains Traceback | \"Traceback (most\"\n", SLIP_NONE, WIRE_OK},
	{"{\"text\": \"\\u00e4\"}", 200, NULL, "\xe4", "", SLIP_NONE, WIRE_OK},
	{"{\"html\": {\"$contains\": \"<body>\"}}", 200, "Content-Type: text/html", HTML_PAGE, "",
	 SLIP_NONE, WIRE_OK},
	{"{\"html\": {\"$contains\": \"<body>\"}}", 200, "Content-Type: text/plain", HTML_PAGE,
	 "html | a text that contains \"<body>\" | no HTML: the Content-Type says something else\n",
	 SLIP_NONE, WIRE_OK},
	{"{\"xml\": {\"$starts\": \"<?xml\"}}", 200, "Content-Type: application/rss+xml", "<?xml?>",
	 "", SLIP_NONE, WIRE_OK},
	{"{\"size\": {\"$at_most\": \"1K\"}}", 200, NULL, "abc", "", SLIP_NONE, WIRE_OK},
	{"{\"size\": 4}", 200, NULL, "abc", "size | 4 | 3\n", SLIP_NONE, WIRE_OK},
	{"{\"within\": \"12ms\"}", 200, NULL, "", "", SLIP_NONE, WIRE_OK},
	{"{\"within\": \"11ms\"}", 200, NULL, "", "within | at most 11ms | not in that time\n",
	 SLIP_NONE, WIRE_OK},
	/* The golden page of the exercise format. */
	{"{\"status\": 400, " ERROR_WANTED "}", 400, "Content-Type: text/html;charset=utf-8",
	 HTML_PAGE,
	 "type | application/json | text/html;charset=utf-8\n"
	 "json | an object with error.code and error.message | no JSON: <!DOCTYPE HTML> <html lang=... (61 bytes)\n",
	 SLIP_HTML_ERROR, WIRE_OK},
	{"{\"status\": 400, " ERROR_WANTED "}", 422, "Content-Type: text/html", HTML_PAGE,
	 "status | 400 | 422\n"
	 "type | application/json | text/html\n"
	 "json | an object with error.code and error.message | no JSON: <!DOCTYPE HTML> <html lang=... (61 bytes)\n",
	 SLIP_HTML_ERROR_WRONG_STATUS, WIRE_OK},
	{"{\"status\": 200, \"json\": {\"a\": 1}}", 200, "Content-Type: text/html", HTML_PAGE,
	 "json | an object with a 1 | no JSON: <!DOCTYPE HTML> <html lang=... (61 bytes)\n",
	 SLIP_HTML, WIRE_OK},
	{"{\"status\": 200, \"json\": {\"a\": 1}}", 404, "Content-Type: text/html", HTML_PAGE,
	 "status | 200 | 404\n"
	 "json | an object with a 1 | no JSON: <!DOCTYPE HTML> <html lang=... (61 bytes)\n",
	 SLIP_NO_PATH, WIRE_OK},
	/* Wrong in more than one way: no single sentence is true. */
	{"{\"type\": \"application/json\", \"json\": {\"a\": 1}}", 200, "Content-Type: text/html",
	 "{\"a\": 2}", "type | application/json | text/html\njson.a | 1 | 2\n", SLIP_NONE, WIRE_OK},
	/* no answer */
	{"{\"status\": 200}", 0, NULL, NULL, NULL, SLIP_TIMEOUT, WIRE_TIMEOUT},
	{"{\"status\": 200}", 0, NULL, NULL, NULL, SLIP_CLOSED, WIRE_CLOSED},
	{"{\"status\": 200}", 0, NULL, NULL, NULL, SLIP_ENDED, WIRE_ENDED},
	{"{\"status\": 200}", 0, NULL, NULL, NULL, SLIP_REFUSED, WIRE_REFUSED},
	{"{\"status\": 200}", 0, NULL, NULL, NULL, SLIP_GARBAGE, WIRE_GARBAGE},
	{"{\"status\": 200}", 0, NULL, NULL, NULL, SLIP_TOO_LARGE, WIRE_TOO_LARGE},
};

static void every_answer_is_told_as_the_table_says(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct arena *arena = arena_new();
		struct mismatches told = {.arena = arena};
		json_t *expect = json_of(row->expect);
		struct wire_answer answer;
		mp_autotext struct text lines = {0};
		json_t *parts = NULL;

		fill_answer(row, arena, &answer);
		if (row->problem == WIRE_OK) {
			parts = parts_of(&answer);
			expect_match(expect, parts, &answer, NULL, &told);
			OK(expect_fits(expect, parts, NULL) == (told.count == 0));
		}
		for (size_t j = 0; j < told.count; j++)
			text_addf(&lines, "%s | %s | %s\n", told.items[j].path,
				  told.items[j].wanted, told.items[j].got);
		IS_TEXT(text_get(&lines), row->told ? row->told : "");
		IS(told.count || row->problem ? slip_of(expect, parts, &answer, NULL) : SLIP_NONE,
		   row->slip);
		ROW("%zu", i);
		json_decref(parts);
		json_decref(expect);
		arena_free(arena);
	}
}

/* Headers as a row's, and a part of the sentence; NULL: none. */
static const struct {
	const char *expect;
	int status;
	const char *headers;
	const char *part;
} near_rows[] = {
	{"{\"headers\": {\"X-Request-Id\": \"$text\"}}", 200, "Date: x|X-RequestId: 7",
	 "the header X-RequestId where X-Request-Id is wanted"},
	{"{\"headers\": {\"X-Request-Id\": \"$text\"}}", 200, "Date: x|Request-Id: 7",
	 "the header Request-Id where X-Request-Id is wanted"},
	{"{\"headers\": {\"Location\": \"/7\"}}", 200, "Loaction: /7",
	 "the header Loaction where Location is wanted"},
	{"{\"headers\": {\"Location\": \"/7\"}}", 200, "X\x1b: 7|Content-Type: a/b",
	 "no header Location: set it in this answer too"},
	{"{\"status\": 201, \"headers\": {\"Location\": \"/7\"}}", 201, NULL, "no header Location"},
	/* One slip at a time: another status has its own reasons. */
	{"{\"status\": 201, \"headers\": {\"Location\": \"/7\"}}", 500, NULL, NULL},
	/* A header that is asked for is no slip of another. */
	{"{\"headers\": {\"ETag\": \"$text\", \"Tag\": \"a\"}}", 200, "Tag: a", "no header ETag"},
	{"{\"headers\": {\"X-Powered-By\": \"$absent\"}}", 200, "X-PoweredBy: a", NULL},
	{"{\"headers\": {\"Location\": \"/Seven\"}}", 200, "location: /seven",
	 "upper and lower case"},
	{"{\"headers\": {\"Retry-After\": {\"$at_least\": 60}}}", 200, "Retry-After: 5", NULL},
	{"{\"headers\": {\"Retry-After\": 60}}", 200, "Retry-After: 5", NULL},
	{"{\"status\": 200}", 201, NULL, NULL},
};

static void a_slip_of_headers_is_told_in_a_sentence(void)
{
	for (size_t i = 0; i < sizeof(near_rows) / sizeof(near_rows[0]); i++) {
		struct row row = {.status = near_rows[i].status, .headers = near_rows[i].headers};
		struct arena *arena = arena_new();
		json_t *expect = json_of(near_rows[i].expect);
		struct wire_answer answer;
		json_t *parts;
		const char *sentence;

		fill_answer(&row, arena, &answer);
		parts = parts_of(&answer);
		sentence = answer_near_miss(expect, parts, &answer, NULL, arena);
		if (near_rows[i].part)
			HAS_TEXT(sentence, near_rows[i].part);
		else
			IS_TEXT(sentence, NULL);
		ROW("%zu: %s", i, near_rows[i].expect);
		json_decref(parts);
		json_decref(expect);
		arena_free(arena);
	}
}

static void a_body_of_utf_16_is_told(void)
{
	static const struct {
		const char *bytes;
		size_t count;
	} bodies[] = {{"\xff\xfe{\0}\0", 6}, {"\xfe\xff\0{\0}", 6}, {"{\0}\0", 4}, {"\0[\0]", 4}};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct wire_answer answer = {
			.status = 200, .body = bodies[i].bytes, .body_bytes = bodies[i].count};

		IS(parts_encoding_slip(&answer), SLIP_UTF16);
		ROW("%zu", i);
	}
}

static void every_slip_has_a_sentence(void)
{
	for (int slip = SLIP_NONE + 1; slip < SLIP_COUNT; slip++)
		OK(slip_sentence((enum slip)slip) != NULL);
	IS_TEXT(slip_sentence(SLIP_NONE), NULL);
	IS_TEXT(slip_sentence(SLIP_HTML_ERROR),
		"The error answers have the right status, but they are HTML pages, not "
		"JSON: the error page of a library.");
}

struct status_row {
	const char *pattern;
	bool is_well_formed;
};

static void a_status_is_a_number_a_class_or_a_list(void)
{
	static const struct status_row status_rows[] = {
		{"200", true},
		{"100", true},
		{"599", true},
		{"99", false},
		{"600", false},
		{"\"2xx\"", true},
		{"\"6xx\"", false},
		{"\"2XX\"", false},
		{"\"200\"", false},
		{"[200, \"4xx\"]", true},
		{"[]", false},
		{"[[200]]", false},
		{"{\"$at_most\": 299}", true},
		{"true", false},
		{"200.5", false},
	};

	for (size_t i = 0; i < sizeof(status_rows) / sizeof(status_rows[0]); i++) {
		json_t *pattern = json_of(status_rows[i].pattern);

		OK(status_is_well_formed(pattern) == status_rows[i].is_well_formed);
		ROW("%s", status_rows[i].pattern);
		json_decref(pattern);
	}
}

static void a_body_with_nul_bytes_is_a_text_too(void)
{
	struct wire_answer answer = {.status = 200, .body = "a\0b", .body_bytes = 3};
	json_t *parts = parts_of(&answer);

	IS(json_string_length(json_object_get(parts, "text")), 3);
	IS(json_integer_value(json_object_get(parts, "size")), 3);
	OK(!json_object_get(parts, "json"));
	OK(!json_object_get(parts, "type"));
	json_decref(parts);
}

static void a_body_of_too_many_values_is_not_read(void)
{
	enum { COUNT = 300000 };
	char *body = malloc(COUNT * 2 + 2);
	struct wire_answer answer = {.status = 200, .body = body, .body_bytes = COUNT * 2 + 1};
	struct arena *arena = arena_new();
	json_t *parts;

	for (size_t i = 0; i < COUNT; i++)
		memcpy(body + 2 * i, i ? ",1" : "[1", 2);
	memcpy(body + 2 * COUNT, "]", 2);
	parts = parts_of(&answer);
	OK(!json_object_get(parts, "json"));
	IS_TEXT(parts_no_json(&answer, arena),
		"no JSON of a size that is read here: too many values");
	json_decref(parts);
	arena_free(arena);
	free(body);
}

static void a_cookie_keeps_its_attributes(void)
{
	struct wire_header headers[] = {
		{"Set-Cookie", " sid = a=b ; Path=/x;Secure; Max-Age= 10 ;;"},
		{"set-cookie", "nothing"},
		{"set-cookie", "empty="}};
	struct wire_answer answer = {.status = 200, .headers = headers, .header_count = 3};
	json_t *parts = parts_of(&answer);
	json_t *wanted = json_of(
		"{\"sid\": {\"value\": \"a=b\", \"path\": \"/x\", \"secure\": true, \"max-age\": \"10\"},"
		" \"empty\": {\"value\": \"\"}}");

	OK(json_equal(json_object_get(parts, "cookies"), wanted));
	json_decref(parts);
	json_decref(wanted);
}

TAP_MAIN(T(every_answer_is_told_as_the_table_says) T(a_slip_of_headers_is_told_in_a_sentence)
		 T(a_body_of_utf_16_is_told) T(every_slip_has_a_sentence)
			 T(a_status_is_a_number_a_class_or_a_list)
				 T(a_body_with_nul_bytes_is_a_text_too)
					 T(a_cookie_keeps_its_attributes)
						 T(a_body_of_too_many_values_is_not_read))
