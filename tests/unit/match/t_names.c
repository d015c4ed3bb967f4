/* SPDX-License-Identifier: MIT */
/* Names and words: drawn, put in, saved. */
#include "grader/match/match.h"

#include <errno.h>

#include "grader/match/inner.h"
#include "grader/match/rng.h"
#include "tests/helper/tap.h"

static json_t *json_of(const char *text)
{
	return json_loads(text, JSON_DECODE_ANY, NULL);
}

static struct names *names_of(const char *words, uint64_t seed)
{
	json_t *map = json_of(words);
	struct mp_error err = {0};
	struct names *names = NULL;

	if (names_new(map, seed, &names, &err) < 0)
		printf("# %s\n", err.text);
	json_decref(map);
	return names;
}

static const char every_kind[] =
	"{\"n\": \"name\", \"l\": \"latin_name\", \"w\": \"word\", \"t\": \"text\", \"i\": \"integer\", \"p\": \"paise\","
	" \"f\": \"phone\", \"pin\": \"pin\", \"e\": \"email\", \"d\": \"date\", \"at\": \"time\", \"u\": \"uuid\","
	" \"o\": {\"kind\": \"one_of\", \"of\": [1, \"a\"]}, \"s\": {\"kind\": \"sum\", \"of\": [\"i\", \"p\"]},"
	" \"crowd\": {\"kind\": \"name\", \"count\": 20}, \"many\": {\"kind\": \"integer\", \"from\": -3, \"to\": 400, \"count\": 50},"
	" \"emails\": {\"kind\": \"email\", \"count\": 30}, \"long\": {\"kind\": \"text\", \"length\": 300},"
	" \"code\": {\"kind\": \"word\", \"length\": 12}, \"days\": {\"kind\": \"date\", \"count\": 5},"
	" \"texts\": {\"kind\": \"text\", \"count\": 10}, \"sums\": {\"kind\": \"sum\", \"of\": [\"many\", \"i\"]}}";

static void one_seed_draws_the_same_words(void)
{
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct names *a = names_of(every_kind, seed), *b = names_of(every_kind, seed);
		struct names *other = names_of(every_kind, seed + 1000);
		static const char *const all[] = {"n", "crowd", "many", "emails",
						  "u", "sums",	"texts"};

		for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
			OK(value_equal(names_get(a, all[i]), names_get(b, all[i])));
			if (i > 0)
				OK(!value_equal(names_get(a, all[i]), names_get(other, all[i])));
		}
		names_free(a);
		names_free(b);
		names_free(other);
	}
}

/* What is drawn may not change with a new release: seeds are printed, and replayed. */
static void the_stream_of_a_seed_never_changes(void)
{
	struct rng rng;

	rng_init(&rng, 7, "friend");
	OK(rng_next(&rng) == UINT64_C(0xfaeecdeaca6a815a));
	rng_init(&rng, 0, "");
	for (int i = 0; i < 1000; i++) {
		OK(rng_below(&rng, 3) < 3);
		OK(rng_between(&rng, -2, 2) >= -2);
	}
	IS(rng_between(&rng, 5, 5), 5);
	IS(rng_between(&rng, 5, 4), 5);
	IS(rng_below(&rng, 0), 0);
}

static void a_new_word_changes_no_other(void)
{
	struct names *a = names_of("{\"x\": \"uuid\"}", 7);
	struct names *b = names_of("{\"a\": \"name\", \"x\": \"uuid\", \"z\": \"word\"}", 7);

	OK(value_equal(names_get(a, "x"), names_get(b, "x")));
	names_free(a);
	names_free(b);
}

static bool all_differ(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		for (size_t j = 0; j < i; j++) {
			if (value_equal(json_array_get(list, i), json_array_get(list, j)))
				return false;
		}
	}
	return true;
}

/* Which block of scripts a text begins in: by the first byte or two of its UTF-8. */
static int script_of(const json_t *name)
{
	const char *text = json_string_value(name);

	for (; *text; text++) {
		if ((unsigned char)*text >= 0xe0)
			return (unsigned char)text[0] << 8 | (unsigned char)text[1];
		if ((unsigned char)*text >= 0xd8)
			return (unsigned char)*text;
	}
	return 0;
}

static void every_seed_has_every_edge_case(void)
{
	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct names *names = names_of(every_kind, seed);
		const json_t *crowd = names_get(names, "crowd"), *many = names_get(names, "many");
		bool has_devanagari = false, has_tamil = false, has_plain = false, has_low = false,
		     has_high = false;
		bool has_leap_day = false;

		IS(json_array_size(crowd), 20);
		OK(all_differ(crowd));
		OK(all_differ(names_get(names, "emails")));
		OK(all_differ(many));
		for (size_t i = 0; i < json_array_size(crowd); i++) {
			int script = script_of(json_array_get(crowd, i));

			has_devanagari = has_devanagari || script == 0xe0a4;
			has_tamil = has_tamil || script == 0xe0ae;
			has_plain = has_plain || script == 0;
		}
		for (size_t i = 0; i < json_array_size(many); i++) {
			has_low = has_low || json_integer_value(json_array_get(many, i)) == -3;
			has_high = has_high || json_integer_value(json_array_get(many, i)) == 400;
		}
		for (size_t i = 0; i < 5; i++)
			has_leap_day = has_leap_day || strcmp(json_string_value(json_array_get(
								      names_get(names, "days"), i)),
							      "2024-02-29") == 0;
		OK(has_devanagari && has_tamil && has_plain && has_low && has_high && has_leap_day);
		names_free(names);
	}
}

struct form_row {
	const char *name;
	const char *pattern;
};

static void every_kind_draws_its_form(void)
{
	static const struct form_row forms[] = {
		{"n", "{\"$length\": {\"$at_least\": 2}}"},
		{"l", "{\"$matches\": \"[A-Za-z' -]+\"}"},
		{"w", "{\"$matches\": \"[a-z]{4,8}\"}"},
		{"t", "{\"$length\": 40}"},
		{"long", "{\"$length\": 300}"},
		{"code", "{\"$matches\": \"[a-z]{12}\"}"},
		{"i", "{\"$at_least\": 1, \"$at_most\": 1000}"},
		{"p", "{\"$at_least\": 100, \"$at_most\": 10000000}"},
		{"f", "{\"$matches\": \"[6-9][0-9]{9}\"}"},
		{"pin", "{\"$matches\": \"[1-9][0-9]{5}\"}"},
		{"e", "{\"$matches\": \"[a-z.+]+@[a-z.]+\"}"},
		{"d", "\"$date\""},
		{"at", "\"$time\""},
		{"u", "\"$uuid\""},
		{"o", "{\"$one_of\": [1, \"a\"]}"},
		{"emails", "{\"$each\": {\"$matches\": \"[a-z.+]+@[a-z.]+\"}}"},
		{"days", "{\"$each\": \"$date\"}"},
		{"texts", "{\"$each\": {\"$length\": 40}}"},
	};

	for (uint64_t seed = 0; seed < 30; seed++) {
		struct names *names = names_of(every_kind, seed);

		for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
			json_t *pattern = json_of(forms[i].pattern);

			OK(match_holds(pattern, names_get(names, forms[i].name), names));
			ROW("%s, seed %" PRIu64 ": %s", forms[i].name, seed,
			    json_is_string(names_get(names, forms[i].name))
				    ? json_string_value(names_get(names, forms[i].name))
				    : "");
			json_decref(pattern);
		}
		IS(json_integer_value(names_get(names, "s")),
		   json_integer_value(names_get(names, "i")) +
			   json_integer_value(names_get(names, "p")));
		IS(json_integer_value(json_array_get(names_get(names, "sums"), 49)),
		   json_integer_value(names_get(names, "i")) +
			   json_integer_value(json_array_get(names_get(names, "many"), 49)));
		IS(names_count(names, "sums"), 50);
		IS(names_count(names, "i"), 0);
		names_free(names);
	}
}

struct word_slip {
	const char *word;
	const char *sentence;
};

static void every_slip_of_a_word_has_its_sentence(void)
{
	static const struct word_slip slips[] = {
		{"\"nam\"", "word x: no kind 'nam'; did you mean 'name'?"},
		{"\"qqqqqqqq\"", "word x: no kind 'qqqqqqqq'"},
		{"5", "word x: give a kind, or {kind: ..., ...}"},
		{"{\"count\": 5}", "word x: give a kind, or {kind: ..., ...}"},
		{"{\"kind\": \"name\", \"cuont\": 5}",
		 "word x: unknown key 'cuont'; did you mean 'count'?"},
		{"{\"kind\": \"name\", \"count\": 0}",
		 "word x: count is a whole number from 1 to 200"},
		{"{\"kind\": \"name\", \"count\": 201}",
		 "word x: count is a whole number from 1 to 200"},
		{"{\"kind\": \"name\", \"from\": 1}", "word x: this kind has no from and to"},
		{"{\"kind\": \"integer\", \"from\": 5, \"to\": 1}", "word x: from lies behind to"},
		{"{\"kind\": \"integer\", \"from\": \"a\"}",
		 "word x: from and to of an integer are whole numbers"},
		{"{\"kind\": \"date\", \"from\": \"2024\"}",
		 "word x: from and to of a date are dates: 2024-11-01"},
		{"{\"kind\": \"one_of\"}", "word x: one_of needs of: [a, b]"},
		{"\"sum\"", "word x: a sum needs of: [a, b]"},
		{"{\"kind\": \"sum\", \"of\": [\"y\"]}",
		 "word x: a sum is of words that are integer or paise, and 'y' is none"},
		{"{\"kind\": \"sum\", \"of\": [\"x\"]}",
		 "word x: a sum is of words that are integer or paise, and 'x' is none"},
	};

	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		json_t *words = json_object(), *word = json_of(slips[i].word);
		struct names *names = NULL;
		struct mp_error err = {0};

		(void)json_object_set(words, "x", word);
		IS(word_examine("x", word, words, &err), -EBADMSG);
		IS_TEXT(err.text, slips[i].sentence);
		IS(names_new(words, 7, &names, NULL), -EBADMSG);
		OK(!names);
		json_decref(words);
		json_decref(word);
	}
}

struct fill_row {
	const char *text, *filled, *encoded;
};

static void names_are_put_into_texts(void)
{
	static const struct fill_row fills[] = {
		{"/a", "/a", "/a"},
		{"/x/$(id)", "/x/42", "/x/42"},
		{"/x/$(odd)?", "/x/a/b ?", "/x/a%2Fb%20%3F?"},
		{"$(path)/y", "/p q/y", "/p q/y"},
		{"$(url)", "http://h/p?q", "http://h/p?q"},
		{"/go/$(url)", "/go/http://h/p?q", "/go/http%3A%2F%2Fh%2Fp%3Fq"},
		{"$$5", "$5", "$5"},
		{"a$$5", "a$$5", "a$$5"},
		{"$$(id)", "$(id)", "$(id)"},
		{"a$$(id)$(id)", "a$(id)42", "a$(id)42"},
		{"$(Id) $( $(", "$(Id) $( $(", "$(Id) $( $("},
		{"$(now.s)", "1730485800", "1730485800"},
		{"$(yes)$(none)$(list)", "truenull[1,\"a\"]", "truenull%5B1%2C%22a%22%5D"},
		{"", "", ""},
	};
	struct names *names = names_of("{}", 1);
	json_t *saved = json_of(
		"{\"id\": 42, \"odd\": \"a/b ?\", \"path\": \"/p q\", \"url\": \"http://h/p?q\","
		" \"yes\": true, \"none\": null, \"list\": [1, \"a\"]}");
	const char *key;
	json_t *value;

	names_set_now(names, 1730485800123);
	json_object_foreach (saved, key, value)
		IS(names_set(names, key, value), 0);
	for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++) {
		char *plain = NULL, *encoded = NULL;

		IS(names_fill_text(names, fills[i].text, false, &plain, NULL), 0);
		IS(names_fill_text(names, fills[i].text, true, &encoded, NULL), 0);
		if (i != 2)
			IS_TEXT(plain, fills[i].filled);
		if (i != 2)
			IS_TEXT(encoded, fills[i].encoded);
		free(plain);
		free(encoded);
	}
	json_decref(saved);
	names_free(names);
}

static void a_name_alone_keeps_its_type(void)
{
	struct names *names =
		names_of("{\"a\": {\"kind\": \"integer\", \"from\": 5, \"to\": 5}}", 1);
	json_t *value = json_of(
		"{\"a\": \"$(a)\", \"t\": \"is $(a)\", \"$$k\": [\"$$x\", null, \"$(a)\"]}");
	json_t *wanted = json_of("{\"a\": 5, \"t\": \"is 5\", \"$k\": [\"$x\", null, 5]}");
	json_t *bad = json_of("[\"x $(b)\"]");
	json_t *filled = NULL;
	struct mp_error err = {0};

	IS(names_fill(names, value, &filled, NULL), 0);
	OK(value_equal(filled, wanted));
	json_decref(filled);
	IS(names_fill(names, bad, &filled, &err), -ENOENT);
	IS_TEXT(err.text, "$(b) has no value");
	json_decref(value);
	json_decref(wanted);
	json_decref(bad);
	names_free(names);
}

static void in_a_burst_a_name_means_its_element(void)
{
	struct names *names =
		names_of("{\"crowd\": {\"kind\": \"name\", \"count\": 3}, \"one\": \"name\"}", 1);
	const json_t *crowd = names_get(names, "crowd");
	json_t *text = json_string("$(crowd)"), *filled = NULL;

	for (int i = 0; i < 3; i++) {
		names_set_element(names, i);
		IS(names_fill(names, text, &filled, NULL), 0);
		OK(value_equal(filled, json_array_get(crowd, (size_t)i)));
		json_decref(filled);
	}
	names_set_element(names, -1);
	IS(names_fill(names, text, &filled, NULL), 0);
	OK(json_is_array(filled));
	json_decref(filled);
	json_decref(text);
	names_free(names);
}

static void names_are_found_in_a_text(void)
{
	const char *text = "a $(b) $$(c) $(D) $(now.ms)$(e_1) $(now.x)";
	char name[NAME_SIZE];
	size_t position = 0;

	OK(names_scan(text, &position, name));
	IS_TEXT(name, "b");
	OK(names_scan(text, &position, name));
	IS_TEXT(name, "now.ms");
	OK(names_scan(text, &position, name));
	IS_TEXT(name, "e_1");
	OK(!names_scan(text, &position, name));
}

struct save_row {
	const char *save;
	int rc;
	const char *value; /* of x */
	const char *sentence;
};

static void what_came_is_saved(void)
{
	static const struct save_row saves[] = {
		{"{\"x\": \"json.items.0.id\"}", 0, "7", NULL},
		{"{\"x\": \"headers.Location\"}", 0, "\"/c/9\"", NULL},
		{"{\"x\": \"status\"}", 0, "201", NULL},
		{"{\"x\": {\"from\": \"headers.location\", \"matches\": \"/c/(\\\\d+)\"}}", 0,
		 "\"9\"", NULL},
		{"{\"x\": {\"from\": \"text\", \"matches\": \"code=\\\\w+\"}}", 0, "\"code=ab\"",
		 NULL},
		{"{\"x\": {\"from\": \"json\", \"matches\": \"\\\"id\\\":(\\\\d)\"}}", 0, "\"7\"",
		 NULL},
		{"{\"x\": \"json.no\"}", -ENOENT, NULL, "json.no is not there"},
		{"{\"x\": {\"from\": \"text\", \"matches\": \"zzz\"}}", -ENOENT, NULL,
		 "text has nothing that matches zzz"},
		{"{\"x\": {\"from\": \"html\", \"matches\": \"z\"}}", -ENOENT, NULL,
		 "html is not there"},
		{"{\"taken\": \"status\"}", -EBADMSG, NULL, "save: taken is set already"},
	};
	json_t *parts = json_of(
		"{\"status\": 201, \"headers\": {\"location\": \"/c/9\"}, \"text\": \"a code=ab c\","
		" \"json\": {\"items\": [{\"id\": 7}]}}");

	for (size_t i = 0; i < sizeof(saves) / sizeof(saves[0]); i++) {
		struct names *names = names_of("{\"taken\": \"name\"}", 1);
		json_t *save = json_of(saves[i].save),
		       *wanted = saves[i].value ? json_of(saves[i].value) : NULL;
		struct mp_error err = {0};

		IS(names_save(names, save, parts, &err), saves[i].rc);
		if (wanted)
			OK(value_equal(names_get(names, "x"), wanted));
		else
			IS_TEXT(err.text, saves[i].sentence);
		names_forget_saved(names);
		OK(!names_get(names, "x"));
		OK(names_get(names, "taken") != NULL);
		json_decref(save);
		json_decref(wanted);
		names_free(names);
	}
	json_decref(parts);
}

TAP_MAIN(T(one_seed_draws_the_same_words) T(the_stream_of_a_seed_never_changes)
		 T(a_new_word_changes_no_other) T(every_seed_has_every_edge_case)
			 T(every_kind_draws_its_form) T(every_slip_of_a_word_has_its_sentence)
				 T(names_are_put_into_texts) T(a_name_alone_keeps_its_type)
					 T(in_a_burst_a_name_means_its_element)
						 T(names_are_found_in_a_text) T(what_came_is_saved))
