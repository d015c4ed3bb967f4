/* SPDX-License-Identifier: MIT */
/* Catalogues: what is said in a language, what stays English, and what is wrong in a file. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/language/language.h"
#include "tests/helper/tap.h"

static const struct check checks[] = {
	{.id = "adds", .title = "Adds 100 % right", .rule = "Sums are sums."},
	{.id = "stops", .title = "Stops in time"},
};

static const char *hint_items[] = {"Look twice."};

static const struct exercise exercise = {
	.id = "sums",
	.title = "Sums",
	.summary = "Add.",
	.checks = checks,
	.check_count = 2,
	.hints = {hint_items, 1},
};

static const char *english_word(const char *key)
{
	return strcmp(key, "report.of") == 0 ? "%1 of %2" : NULL;
}

static struct language *speak(const char *yaml, const struct exercise *of, struct text *ret_lines)
{
	struct language *language = language_new(language_find("hi"));
	struct yaml_complaints list;

	yaml_complaints_init(&list, "m");
	language_add_bytes(language, yaml, strlen(yaml), of, english_word, &list);
	text_clear(ret_lines);
	yaml_complaints_print(&list, ret_lines);
	yaml_complaints_done(&list);
	return language;
}

static void a_finished_sentence_is_found_again(void)
{
	static const char yaml[] =
		"says:\n"
		"  \"runs on port %d. It was told PORT=%d.\": \"PORT=%2 था, चलता है %1 पर।\"\n"
		"  \"not yet: %s\": \"अभी नहीं: %1\"\n"
		"  \"not yet: %s, sorry\": \"माफ़ करो, अभी नहीं: %1\"\n"
		"  \"no header\": \"header नहीं\"\n"
		"  \"at least %s\": \"कम से कम %1\"\n"
		"  \"100 %% of %s\": \"%1 का 100 %\"\n"
		"  \"an object with %s and %s\": \"object: %1 और %2\"\n"
		"  \"%s in %s, since %s\": \"%3 से %2 में %1\"\n";
	static const struct {
		const char *english, *wanted;
	} rows[] = {
		{"runs on port 8000. It was told PORT=41234.", "PORT=41234 था, चलता है 8000 पर।"},
		{"runs on port eight. It was told PORT=41234.",
		 "runs on port eight. It was told PORT=41234."},
		{"runs on port 8000. It was told PORT=41234. Or so",
		 "runs on port 8000. It was told PORT=41234. Or so"},
		{"runs on port . It was told PORT=1.", "runs on port . It was told PORT=1."},
		/* What stands in a place may be a sentence itself. */
		{"not yet: no header", "अभी नहीं: header नहीं"},
		{"not yet: not yet: x", "अभी नहीं: अभी नहीं: x"},
		{"not yet: ", "अभी नहीं: "},
		/* The longest sentence that fits is the right one. */
		{"not yet: a, sorry", "माफ़ करो, अभी नहीं: a"},
		{"not yet: a, sorry, sorry", "माफ़ करो, अभी नहीं: a, sorry"},
		{"100 % of 5", "5 का 100 %"},
		{"a key in b in c, since 4f", "4f से b in c में a key"},
		/* What is quoted joins nothing of ours; a quote without partner, or an attribute's, quotes nothing. */
		{"an object with a, b and c", "object: a, b और c"},
		{"an object with a \"salt and pepper\"", "an object with a \"salt and pepper\""},
		{"an object with \"x \\\" and y\" and z", "object: \"x \\\" and y\" और z"},
		{"an object with \"x and y", "object: \"x और y"},
		{"an object with <a b=\"x and y\">", "object: <a b=\"x और y\">"},
		/* Places of a learner's own text are no places. */
		{"at least %2 %s %n", "कम से कम %2 %s %n"},
		/* Lines that are known are said, the others stay. */
		{"no header\n  curl -i\nno header\n", "header नहीं\n  curl -i\nheader नहीं\n"},
		{"something else", "something else"},
		{"", ""},
	};
	mp_autotext struct text lines = {0};
	struct language *language = speak(yaml, NULL, &lines);

	IS_TEXT(text_get(&lines), "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS_TEXT(language_say(language, rows[i].english), rows[i].wanted);
		ROW("%s", rows[i].english);
	}
	OK(language_say(language, NULL) == NULL);
	language = language_free(language);
}

static void an_exercise_speaks_by_path(void)
{
	static const char yaml[] = "title: जोड़\nsummary: जोड़ो।\nhints: [दो बार देखो।]\n"
				   "checks:\n  adds: {title: 100 % सही जोड़, rule: जोड़ तो जोड़ है।}\n"
				   "  stops: {title: समय पर रुकता है}\n";
	mp_autotext struct text lines = {0};
	struct language *language = speak(yaml, &exercise, &lines);

	IS_TEXT(text_get(&lines), "");
	IS_TEXT(language_say(language, "Sums"), "जोड़");
	IS_TEXT(language_say(language, "Adds 100 % right"), "100 % सही जोड़");
	IS_TEXT(language_say(language, "Look twice."), "दो बार देखो।");
	language = language_free(language);
}

static void each_mistake_has_place_and_sentence(void)
{
	static const struct {
		const char *yaml;
		bool is_exercise;
		const char *wanted; /* the line begins so */
	} rows[] = {
		{"sayz: {}\n", false, "m:1:1: "},
		{"report: {off: x}\n", false, "m:1:10: the report has no word 'off'\n"},
		{"report: {of: \"%1\"}\n", false,
		 "m:1:14: the place %2 is missing: the English text has it\n"},
		{"report: {of: \"%1 %2 %3\"}\n", false,
		 "m:1:14: the place %3 is too many: the English text has none\n"},
		{"says: {\"port %d\": port}\n", false, "m:1:19: the place %1 is missing"},
		{"says: {\"port %d\": \"%1 %1\"}\n", false, "m:1:19: the place %1 is there twice"},
		{"says: {\"port %x\": port}\n", false, "m:1:8: a sentence has letters"},
		{"says: {\"port %s%d\": \"%1%2\"}\n", false, "m:1:8: a sentence has letters"},
		{"says: {\"%s: %s\": \"%1%2\"}\n", false, "m:1:8: a sentence has letters"},
		{"says: {port: [x]}\n", false, "m:1:14: write a text"},
		{"says: [x]\n", false, "m:1:7: says is a map\n"},
		{"[]\n", false, "m:1:1: a catalogue is a map\n"},
		{"checks: {add: {title: x}}\n", true, "m:1:10: there is no check 'add'\n"},
		{"checks: {stops: {rule: x}}\n", true,
		 "m:1:18: the check stops has no text 'rule'\n"},
		{"says: {no: x}\n", true, "m:1:8: no near miss of the exercise says so"},
		{"hints: [a, b]\n", true, "m:1:1: hints: the exercise has 1 of them, here are 2\n"},
		{"title: x\n", true, "m:1:1: warning: summary is still English: Add.\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text lines = {0};
		struct language *language =
			speak(rows[i].yaml, rows[i].is_exercise ? &exercise : NULL, &lines);

		OK(strstr(text_get(&lines), rows[i].wanted) != NULL);
		ROW("%s got %s", rows[i].yaml, text_get(&lines));
		language = language_free(language);
	}
}

static void a_broken_catalogue_keeps_its_sound_entries(void)
{
	mp_autotext struct text lines = {0};
	struct language *language =
		speak("says: {\"no port\": \"port नहीं\", \"port %d\": x}\n", NULL, &lines);

	IS_TEXT(language_say(language, "no port"), "port नहीं");
	IS_TEXT(language_say(language, "port 5"), "port 5");
	language = language_free(language);
	language = speak("says: {\"no port", NULL, &lines);
	IS_TEXT(language_say(language, "no port"), "no port");
	language = language_free(language);
}

static void the_learner_chooses(void)
{
	static const struct {
		const char *yaml, *wanted;
	} rows[] = {
		{"handle: asha\nfeedback: hi\n", "hi"},
		{"feedback: en\n", "en"},
		{"feedback: xx\n", "en"},
		{"feedback: [hi]\n", "en"},
		{"- hi\n", "en"},
		{"", "en"},
		{"feedback: hi\nfeedback: [\n", "en"},
	};
	char folder[] = "/tmp/t_language_XXXXXX";
	int fd;

	OK(mkdtemp(folder) != NULL);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	IS_TEXT(language_of_learner(fd), "en");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int file =
			openat(fd, "learner.yaml", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		IS(write(file, rows[i].yaml, strlen(rows[i].yaml)), (intmax_t)strlen(rows[i].yaml));
		(void)close(file);
		IS_TEXT(language_of_learner(fd), rows[i].wanted);
		ROW("%s", rows[i].yaml);
	}
	(void)unlinkat(fd, "learner.yaml", 0);
	(void)close(fd);
	(void)rmdir(folder);
}

TAP_MAIN(T(a_finished_sentence_is_found_again) T(an_exercise_speaks_by_path)
		 T(each_mistake_has_place_and_sentence)
			 T(a_broken_catalogue_keeps_its_sound_entries) T(the_learner_chooses))
