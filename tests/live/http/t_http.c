/* SPDX-License-Identifier: MIT */
/* The probe http against services that are wrong in every way: one row a way. */
#include "tests/live/http/road.h"

struct row {
	const char *program;
	const char *steps;
	enum verdict verdict;
	const char *cause; /* a part of it; NULL: none */
	const char *told;
};

#define NOT_FOUND_PAGE                                                                             \
	"        if h.path == '/health': return h.reply(body={'status': 'ok'})\n"                  \
	"        h.reply(404, '<!DOCTYPE HTML>\\n<html lang=\"en\">\\n<title>Error</title>', 'text/html;charset=utf-8')"

static const struct row rows[] = {
	/* right */
	{SERVICE("        h.reply(body={'status': 'ok', 'n': 9007199254740993})"),
	 "[{\"get\": \"/health\", \"expect\": {\"status\": 200, \"type\": \"application/json\","
	 " \"json\": {\"status\": \"ok\", \"n\": 9007199254740993}, \"within\": \"2s\", \"headers\": {\"X-No\": \"$absent\"}}}]",
	 VERDICT_PASS, NULL, ""},
	{SERVICE("        h.reply(body={'name': h.query('name'), 'body': h.body().decode(), 'type': h.headers['Content-Type']})"),
	 "[{\"post\": \"/x\", \"query\": {\"name\": \"\\u0906\\u0936\\u093e & co\"}, \"json\": {\"a\": [1, null]},"
	 " \"expect\": {\"json\": {\"name\": \"\\u0906\\u0936\\u093e & co\", \"body\": \"{\\\"a\\\": [1, null]}\","
	 " \"type\": \"application/json\"}}},"
	 " {\"put\": \"/x\", \"form\": {\"a\": \"b c\"}, \"expect\": {\"json\": {\"body\": \"a=b%20c\", \"type\": \"application/x-www-form-urlencoded\"}}},"
	 " {\"patch\": \"/x\", \"upload\": {\"f\": {\"text\": \"abc\"}}, \"expect\": {\"json\": {\"body\": {\"$contains\": \"abc\"}, \"type\": {\"$starts\": \"multipart/form-data; boundary=\"}}}},"
	 " {\"request\": \"REPORT /x\", \"body\": \"hi\", \"type\": \"a/b\", \"expect\": {\"json\": {\"body\": \"hi\", \"type\": \"a/b\"}}},"
	 " {\"head\": \"/x\", \"expect\": {\"status\": 200, \"size\": 0, \"json\": \"$absent\"}},"
	 " {\"options\": \"/x\", \"headers\": {\"origin\": \"http://a\"}, \"expect\": {\"status\": 200}}]",
	 VERDICT_PASS, NULL, ""},
	{SERVICE("        if h.path == '/login': return h.reply(Set_Cookie='sid=s3; HttpOnly', Location='/me/7')\n"
		 "        h.reply(200 if h.headers.get('Cookie') == 'sid=s3' and h.path == '/me/7' else 401)"),
	 "[{\"post\": \"/login\", \"save\": {\"sid\": \"cookies.sid\", \"where\": \"headers.Location\"},"
	 " \"expect\": {\"cookies\": {\"sid\": {\"httponly\": true}}}},"
	 " {\"get\": \"$(where)\", \"headers\": {\"Cookie\": \"sid=$(sid)\"}, \"expect\": {\"status\": 200}}]",
	 VERDICT_PASS, NULL, ""},
	{SERVICE("        h.reply(200 if h.headers.get('Authorization') == 'Basic YTpi' else 401)"),
	 "[{\"get\": \"/\", \"auth\": {\"basic\": [\"a\", \"b\"]}, \"expect\": {\"status\": 200}},"
	 " {\"get\": \"/\", \"auth\": {\"bearer\": \"a\"}, \"expect\": {\"status\": 401}}]",
	 VERDICT_PASS, NULL, ""},
	/* wrong values */
	{SERVICE("        h.reply(body={'sum': '512'})"),
	 "[{\"get\": \"/sum\", \"expect\": {\"json\": {\"sum\": 512}}}]", VERDICT_FAIL, NULL,
	 "GET /sum\n  json.sum | 512 | \"512\"\n  say The number stands there as a text: a number in JSON has no quotes.\n"},
	{SERVICE("        h.reply(body={'sum': '23'})"),
	 "[{\"get\": \"/sum\", \"expect\": {\"json\": {\"sum\": 5}}, \"near\": [{\"json\": {\"sum\": 23}, \"say\": \"no\"},"
	 " {\"json\": {\"sum\": \"23\"}, \"say\": \"Joined as text.\"}]}]",
	 VERDICT_FAIL, NULL, "GET /sum\n  json.sum | 5 | \"23\"\n  say Joined as text.\n"},
	{SERVICE("        h.reply(body={'userId': 5})"),
	 "[{\"get\": \"/\", \"expect\": {\"json\": {\"user_id\": 5}}}]", VERDICT_FAIL, NULL,
	 "GET /\n  json.user_id | 5 | no such key\n"
	 "  say The answer has the key userId where user_id is wanted: keys must be spelt exactly so.\n"},
	/* wrong forms */
	{SERVICE(NOT_FOUND_PAGE),
	 "[{\"get\": \"/no\", \"expect\": {\"status\": 404, \"type\": \"application/json\", \"json\": {\"error\": {\"code\": \"$text\"}}}}]",
	 VERDICT_FAIL, "The error answers have the right status, but they are HTML pages, not JSON",
	 "GET /no\n  type | application/json | text/html;charset=utf-8\n"
	 "  json | an object with error.code | no JSON: <!DOCTYPE HTML> <html lang=... (53 bytes)\n"},
	{SERVICE(NOT_FOUND_PAGE),
	 "[{\"get\": \"/greet\", \"expect\": {\"status\": 200, \"json\": {\"a\": 1}}}, {\"get\": \"/sum\", \"expect\": {\"status\": 200}}]",
	 VERDICT_FAIL, "does not know this path",
	 "GET /greet\n  status | 200 | 404 Not Found\n"
	 "  json | an object with a 1 | no JSON: <!DOCTYPE HTML> <html lang=... (53 bytes)\n"
	 "GET /sum\n  status | 200 | 404 Not Found\n"},
	{SERVICE("        h.reply(body='{\"a\": 1}', type='text/html')"),
	 "[{\"get\": \"/\", \"expect\": {\"type\": \"application/json\", \"json\": {\"a\": 1}}}]",
	 VERDICT_FAIL,
	 "The body is JSON as it should be, but the Content-Type header does not say so.",
	 "GET /\n  type | application/json | text/html\n"},
	{SERVICE("        h.reply(body='{\"a\": 1', type=None)"),
	 "[{\"get\": \"/\", \"expect\": {\"type\": \"application/json\", \"json\": {\"a\": 1}}}]",
	 VERDICT_FAIL, NULL,
	 "GET /\n  type | application/json | no Content-Type header\n"
	 "  json | an object with a 1 | broken JSON: '}' expected near end of file (line 1, column 7)\n"},
	{SERVICE("        s = json.dumps({'n': '\\u0906\\u0936\\u093e'}, ensure_ascii=False)\n"
		 "        h.send_response(200); h.send_header('Content-Length', str(len(s))); h.end_headers()\n"
		 "        h.wfile.write(s.encode()); h.close_connection = True"),
	 "[{\"get\": \"/\", \"expect\": {\"json\": {\"n\": \"\\u0906\\u0936\\u093e\"}}}]",
	 VERDICT_FAIL, NULL,
	 "GET /\n  json | an object with n \"\u0906\u0936\u093e\" | broken JSON: unable to decode byte 0xe0 near '\"\u0906' (line 1, column 8)\n"
	 "  say The JSON breaks off too early. Content-Length counts bytes, and a letter outside ASCII has "
	 "two to four of them: measure the body after it is encoded.\n"},
	{SERVICE("        h.reply(500)"),
	 "[{\"post\": \"/sum\", \"body\": \"{\", \"expect\": {\"status\": 400}}]", VERDICT_FAIL,
	 "Input that is not as expected breaks your code",
	 "POST /sum with the body {\n  status | 400 | 500 Internal Server Error\n"},
	{SERVICE("        h.reply(405, Allow='POST')"),
	 "[{\"get\": \"/sum\", \"expect\": {\"status\": 200}}]", VERDICT_FAIL,
	 "does not accept this method", "GET /sum\n  status | 200 | 405 Method Not Allowed\n"},
	/* different slips have no common cause */
	{SERVICE("        h.reply(404 if h.path == '/a' else 500)"),
	 "[{\"get\": \"/a\", \"expect\": {\"status\": 200}}, {\"get\": \"/b\", \"expect\": {\"status\": 200}}]",
	 VERDICT_FAIL, NULL,
	 "GET /a\n  status | 200 | 404 Not Found\nGET /b\n  status | 200 | 500 Internal Server Error\n"},
	/* no answer */
	{SERVICE("        raise ValueError('so sad')"),
	 "[{\"get\": \"/\", \"expect\": {\"status\": 200}}, {\"get\": \"/never\"}]", VERDICT_FAIL,
	 "The connection was closed before an answer came",
	 "GET /\n  answer | an answer | the connection was closed without an answer\n"},
	{SERVICE("        os._exit(3)"),
	 "[{\"get\": \"/\", \"expect\": {\"status\": \"$absent\"}}]", VERDICT_FAIL,
	 "Your service ended while it was asked",
	 "GET /\n  answer | an answer | the service ended with status 3 while it was asked\n"},
	{SERVICE("        time.sleep(30)"),
	 "[{\"get\": \"/\", \"timeout\": \"300ms\", \"expect\": {\"status\": 200}}]", VERDICT_LIMIT,
	 "No whole answer came in time: ",
	 "GET /\n  answer | an answer | no answer within 300 ms\n"},
	{SERVICE("        h.wfile.write(b'hello\\r\\n\\r\\n'); h.close_connection = True"),
	 "[{\"get\": \"/\", \"expect\": {\"status\": 200}}]", VERDICT_FAIL, "is not HTTP",
	 "GET /\n  answer | an answer | what came back is not HTTP: an answer begins with a line like HTTP/1.1 200 OK\n"},
	/* saving */
	{SERVICE("        h.reply(201, body={})"),
	 "[{\"post\": \"/c\", \"expect\": {\"status\": 201}, \"save\": {\"id\": \"json.id\"}}, {\"get\": \"/c/$(id)\"}]",
	 VERDICT_FAIL, NULL,
	 "POST /c\n  save | something that a later step needs | json.id is not there\n"},
	{SERVICE("        h.reply(404, body={})"),
	 "[{\"post\": \"/c\", \"expect\": {\"status\": 201}, \"save\": {\"id\": \"json.id\"}}, {\"get\": \"/c/$(id)\"}]",
	 VERDICT_FAIL, "does not know this path", "POST /c\n  status | 201 | 404 Not Found\n"},
	/* later steps run */
	{SERVICE("        h.reply(200)"),
	 "[{\"get\": \"/a\", \"expect\": {\"status\": 201}}, {\"get\": \"/b\", \"expect\": {\"status\": 200}},"
	 " {\"get\": \"/c\", \"expect\": {\"status\": [201, \"4xx\"]}}]",
	 VERDICT_FAIL, NULL,
	 "GET /a\n  status | 201 | 200 OK\nGET /c\n  status | 201 or 4xx | 200 OK\n"},
};

static void every_wrong_service_is_told_as_the_table_says(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct desk desk;
		struct outcome outcome;

		if (desk_of(&desk, rows[i].program, 7)) {
			outcome = road_ask(&desk, rows[i].steps, NULL);
			IS(outcome.verdict, rows[i].verdict);
			IS_TEXT(road_told(&desk, &outcome), rows[i].told);
			if (rows[i].cause)
				HAS_TEXT(outcome.cause, rows[i].cause);
			else
				IS_TEXT(outcome.cause, NULL);
			OK((outcome.message == NULL) == (outcome.verdict == VERDICT_PASS));
		}
		ROW("%zu: %s", i, rows[i].steps);
		desk_done(&desk);
	}
}

static void a_service_that_meets_a_limit_while_asked_is_told_so(void)
{
	struct desk desk;
	struct outcome outcome;

	if (!desk_has_group())
		SKIP_TEST("no control group counts memory here");
	if (desk_of(&desk, SERVICE("        hoard = [b'x' * (1 << 20) for i in range(4096)]"), 7)) {
		outcome =
			road_ask(&desk, "[{\"get\": \"/\", \"expect\": {\"status\": 200}}]", NULL);
		IS(outcome.verdict, VERDICT_LIMIT);
		HAS_TEXT(road_told(&desk, &outcome), "memory");
	}
	desk_done(&desk);
}

static void each_answer_of_a_burst_is_judged_by_its_own_word(void)
{
	static const char steps[] =
		"[{\"get\": \"/greet\", \"query\": {\"name\": \"$(crowd)\"}, \"at_once\": 20,"
		" \"expect\": {\"status\": 200, \"json\": {\"greeting\": \"Hello, $(crowd)!\"}}}]";
	static const char words[] = "{\"crowd\": {\"kind\": \"name\", \"count\": 20}}";
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk,
		    SERVICE("        h.reply(body={'greeting': 'Hello, %s!' % h.query('name')})"),
		    7)) {
		outcome = road_ask(&desk, steps, words);
		IS(outcome.verdict, VERDICT_PASS);
		IS_TEXT(road_told(&desk, &outcome), "");
	}
	desk_done(&desk);
	if (desk_of(&desk,
		    SERVICE("        H.name = h.query('name'); time.sleep(0.1)\n"
			    "        h.reply(body={'greeting': 'Hello, %s!' % H.name})"),
		    7)) {
		outcome = road_ask(&desk, steps, words);
		IS(outcome.verdict, VERDICT_FAIL);
		HAS_TEXT(road_told(&desk, &outcome), "20 at once, the first: GET /greet?name=");
		HAS_TEXT(
			road_told(&desk, &outcome),
			"\n  20 answers | in each what its own request asks for | in some of them something else\n");
		IS(outcome.fact_count, 1);
		HAS_TEXT(outcome.facts[0].note, ": json.greeting: wanted \"Hello, ");
	}
	desk_done(&desk);
}

static void a_burst_that_is_wrong_throughout_is_told_by_its_first(void)
{
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk, SERVICE("        h.reply(404)"), 7)) {
		outcome = road_ask(
			&desk,
			"[{\"get\": \"/greet\", \"at_once\": 5, \"expect\": {\"status\": 200}}]",
			NULL);
		IS(outcome.verdict, VERDICT_FAIL);
		IS_TEXT(road_told(&desk, &outcome),
			"5 at once: GET /greet\n  status | 200 | 404 Not Found\n");
		HAS_TEXT(outcome.cause, "does not know this path");
	}
	desk_done(&desk);
}

static void what_the_service_said_of_its_mistake_is_told(void)
{
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk, SERVICE("        raise ValueError('so sad')"), 7)) {
		outcome =
			road_ask(&desk, "[{\"get\": \"/\", \"expect\": {\"status\": 200}}]", NULL);
		OK(outcome.fact_count > 2);
		IS_TEXT(outcome.facts[0].label, "it said");
		OK(outcome.facts[0].is_measured);
		IS_TEXT(outcome.facts[outcome.fact_count - 2].value, "ValueError: so sad");
	}
	desk_done(&desk);
	/* A log of requests is no news. */
	if (desk_of(&desk,
		    SERVICE("        print('\"GET / HTTP/1.1\" 500 -', flush=True); h.reply(500)"),
		    7)) {
		outcome =
			road_ask(&desk, "[{\"get\": \"/\", \"expect\": {\"status\": 200}}]", NULL);
		IS(outcome.verdict, VERDICT_FAIL);
		IS(outcome.fact_count, 0);
	}
	desk_done(&desk);
}

static void a_tally_counts_the_statuses_of_a_burst(void)
{
	static const char steps[] =
		"[{\"post\": \"/seat\", \"at_once\": 10, \"tally\": {\"201\": 1, \"4xx\": 9}}]";
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk, SERVICE("        h.reply(409)"), 7)) {
		outcome = road_ask(&desk, steps, NULL);
		OK(outcome.verdict == VERDICT_FAIL);
		HAS_TEXT(
			road_told(&desk, &outcome),
			"10 at once: POST /seat\n  tally.201 | 1 of 10 answers | 0\n  tally.4xx | 9 of 10 answers | 10\n");
	}
	desk_done(&desk);
	if (desk_of(&desk,
		    SERVICE("        first, H.taken = not getattr(H, 'taken', False), True\n"
			    "        h.reply(201 if first else 409)"),
		    7)) {
		outcome = road_ask(&desk, steps, NULL);
		IS(outcome.verdict, VERDICT_PASS);
	}
	desk_done(&desk);
}

static void until_repeats_a_request(void)
{
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk,
		    SERVICE("        H.n = getattr(H, 'n', 0) + 1\n"
			    "        h.reply(body={'done': H.n > 4})"),
		    7)) {
		outcome = road_ask(
			&desk,
			"[{\"get\": \"/job\", \"until\": \"2s\", \"expect\": {\"json\": {\"done\": true}}}]",
			NULL);
		IS(outcome.verdict, VERDICT_PASS);
		outcome = road_ask(
			&desk,
			"[{\"get\": \"/job\", \"until\": \"500ms\", \"expect\": {\"json\": {\"done\": false}}}]",
			NULL);
		IS(outcome.verdict, VERDICT_FAIL);
		IS_TEXT(road_told(&desk, &outcome), "GET /job\n  json.done | false | true\n");
	}
	desk_done(&desk);
}

static void a_link_to_another_host_is_led_back_and_told(void)
{
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk,
		    SERVICE("        h.reply(body={'next': 'http://shop.example:3000/page/2', 'path': h.path})"),
		    7)) {
		outcome = road_ask(
			&desk,
			"[{\"get\": \"/page/1\", \"save\": {\"next\": \"json.next\"}},"
			" {\"get\": \"$(next)\", \"expect\": {\"json\": {\"path\": \"/page/2\"}}}]",
			NULL);
		IS(outcome.verdict, VERDICT_PASS);
		IS(outcome.fact_count, 1);
		IS_TEXT(outcome.facts[0].value, "http://shop.example:3000/page/2");
	}
	desk_done(&desk);
}

static void a_check_over_its_time_is_a_limit(void)
{
	struct outcome outcome;
	struct desk desk;

	if (desk_of(&desk, SERVICE("        time.sleep(1.2); h.reply()"), 7)) {
		outcome = road_ask(
			&desk,
			"[{\"get\": \"/1\"}, {\"get\": \"/2\"}, {\"get\": \"/3\"}, {\"get\": \"/4\"}]",
			NULL);
		IS(outcome.verdict, VERDICT_LIMIT);
		IS_TEXT(road_told(&desk, &outcome),
			"GET /3\n  answer | an answer | no whole answer within the 3 s of this check\n");
	}
	desk_done(&desk);
}

static const struct tap_test tests[] = {
	T(every_wrong_service_is_told_as_the_table_says)
		T(a_service_that_meets_a_limit_while_asked_is_told_so) T(
			each_answer_of_a_burst_is_judged_by_its_own_word)
			T(a_burst_that_is_wrong_throughout_is_told_by_its_first) T(
				what_the_service_said_of_its_mistake_is_told)
				T(a_tally_counts_the_statuses_of_a_burst) T(until_repeats_a_request)
					T(a_link_to_another_host_is_led_back_and_told)
						T(a_check_over_its_time_is_a_limit)};

int main(void)
{
	return desk_main(tests, sizeof(tests) / sizeof(tests[0]));
}
