/* SPDX-License-Identifier: MIT */
#include "grader/pages/inner.h"
#include "tests/helper/tap.h"

static void paths_are_split_or_refused(void)
{
	static const struct {
		const char *path;
		int words; /* -1: none of ours */
	} cases[] = {
		{"/", 0},
		{"/me", 1},
		{"/s/7Q4M-2KXD/exercise/hello-api", 4},
		{"/a/b/c/d/e/f/g/h", 8},
		{"/a/b/c/d/e/f/g/h/i", -1},
		{"", -1},
		{"me", -1},
		{"//", -1},
		{"/me/", -1},
		{"/me//x", -1},
		{"/../me", -1},
		{"/.", -1},
		{"/%2e%2e/me", -1},
		{"/a b", -1},
		{"/\xc3\xa4", -1},
		{"/<script>", -1},
		{"/me?x", -1},
	};
	struct arena *arena = arena_new();
	char *path = arena_alloc(arena, PAGE_PATH_MAX + 3, 1);
	struct path_words words;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_path = path_split(cases[i].path, arena, &words);

		IS(is_path ? (int)words.count : -1, cases[i].words);
		ROW("%s", cases[i].path);
	}
	memset(path, 'a', PAGE_PATH_MAX + 1);
	*path = '/';
	OK(!path_split(path, arena, &words));
	arena_free(arena);
}

static void forms_are_decoded_or_refused(void)
{
	static const struct {
		const char *form, *value;
	} cases[] = {
		{"token=abc", "abc"},
		{"a=1&token=abc&b=2", "abc"},
		{"token=a%2Bb+c", "a+b c"},
		{"token=%E0%A4%85", "\xe0\xa4\x85"},
		{"token=", ""},
		{"xtoken=abc", NULL},
		{"token", NULL},
		{"", NULL},
		{"&&&", NULL},
		{"token=%", NULL},
		{"token=%4", NULL},
		{"token=%4g", NULL},
		{"token=%00", NULL},
		{"token=%0a", NULL},
		{NULL, NULL},
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		IS_TEXT(form_value(cases[i].form, "token", arena), cases[i].value);
		ROW("%s", cases[i].form ? cases[i].form : "(none)");
	}
	arena_free(arena);
}

static void a_cookie_is_found_among_others(void)
{
	struct arena *arena = arena_new();

	IS_TEXT(cookie_value("a=1; milepost=xy; b=2", "milepost", arena), "xy");
	IS_TEXT(cookie_value("milepost=xy", "milepost", arena), "xy");
	OK(!cookie_value("amilepost=xy", "milepost", arena));
	IS_TEXT(cookie_value("milepost=", "milepost", arena), "");
	OK(!cookie_value("; ;;=", "milepost", arena));
	OK(!cookie_value(NULL, "milepost", arena));
	arena_free(arena);
}

static void the_language_that_is_wanted_most_is_chosen(void)
{
	static const struct {
		const char *accept, *code;
	} cases[] = {
		{NULL, "en"},
		{"", "en"},
		{"hi", "hi"},
		{"hi-IN,hi;q=0.9,en;q=0.8", "hi"},
		{"en-US,en;q=0.5", "en"},
		{"en;q=0.4, hi;q=0.6", "hi"},
		{"hi;q=0", "en"},
		{"his", "en"},
		{"fr, de", "en"},
		{"hi;q=x, en", "en"},
		{";;;,,,=", "en"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		IS_TEXT(languages_choose(cases[i].accept), cases[i].code);
		ROW("%s", cases[i].accept ? cases[i].accept : "(none)");
	}
}

static void numbers_are_whole_or_none(void)
{
	IS(number_read("0"), 0);
	IS(number_read("123456789012345"), 123456789012345);
	IS(number_read("1234567890123456"), -1);
	IS(number_read(""), -1);
	IS(number_read("-1"), -1);
	IS(number_read("1x"), -1);
}

static struct score attempt(const char *exercise, int score, const char *status)
{
	return (struct score){.result = {.exercise = exercise, .score = score, .status = status}};
}

static void help_is_needed_where_nothing_gets_better(void)
{
	const int64_t day = 24 * 60 * 60 * 1000LL;
	const int64_t now = 100 * day;
	const struct score stuck[] = {attempt("a", 20, "needs-work"),
				      attempt("a", 20, "needs-work"), attempt("b", 90, "passed"),
				      attempt("a", 10, "needs-work"),
				      attempt("a", 30, "needs-work")};
	const struct score rising[] = {
		attempt("a", 40, "needs-work"), attempt("a", 30, "needs-work"),
		attempt("a", 20, "needs-work"), attempt("a", 10, "needs-work")};
	const struct score ours[] = {attempt("a", 0, "not-graded"), attempt("a", 0, "not-graded"),
				     attempt("a", 0, "not-graded"), attempt("a", 5, "needs-work")};
	const struct score passed[] = {attempt("a", 80, "passed"), attempt("a", 20, "needs-work"),
				       attempt("a", 20, "needs-work"),
				       attempt("a", 20, "needs-work"),
				       attempt("a", 20, "needs-work")};
	struct help help = help_needed(stuck, 5, now - day, now);

	IS(help.need, NEED_STUCK);
	IS_TEXT(help.exercise, "a");
	IS(help.count, 3);
	IS(help_needed(rising, 4, now - day, now).need, NEED_NONE);
	/* What we could not grade is no sign of the learner's. */
	IS(help_needed(ours, 4, now - day, now).need, NEED_NONE);
	IS(help_needed(passed, 5, now - day, now).need, NEED_NONE);
	IS(help_needed(NULL, 0, 0, now).need, NEED_FIRST_PUSH);
	IS(help_needed(rising, 4, now - 7 * day, now).need, NEED_QUIET);
	IS(help_needed(rising, 4, now - 7 * day, now).count, 7);
}

TAP_MAIN(T(paths_are_split_or_refused) T(forms_are_decoded_or_refused)
		 T(a_cookie_is_found_among_others) T(the_language_that_is_wanted_most_is_chosen)
			 T(numbers_are_whole_or_none) T(help_is_needed_where_nothing_gets_better))
