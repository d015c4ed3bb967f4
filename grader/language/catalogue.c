/* SPDX-License-Identifier: MIT */
/* Reading a catalogue: every entry against the English it stands for. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "grader/language/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { TITLE_MOST = 60, TEXT_MOST = 300, SENTENCE_MOST = 2000 };

/* One reading of one file. */
struct reading {
	struct language *language;
	const struct exercise *exercise; /* NULL: the common catalogue */
	language_word_fn *english;
	struct yaml_complaints *list;
};

struct file {
	const struct yaml_node *report, *says; /* of the common one */
	const char *title, *summary;
	const struct yaml_node *checks;
	struct text_list hints;
};

static const struct field common_fields[] = {
	{"report", FIELD_NODE, offsetof(struct file, report), 0, 0,
	 "map of a report's word to its text", NULL, false},
	{"says", FIELD_NODE, offsetof(struct file, says), 0, 0,
	 "map of an English sentence to its translation", NULL, false},
};

static const struct field exercise_fields[] = {
	{"title", FIELD_TEXT, offsetof(struct file, title), 1, TITLE_MOST, "the exercise's title",
	 NULL, false},
	{"summary", FIELD_TEXT, offsetof(struct file, summary), 1, TEXT_MOST, "its summary", NULL,
	 false},
	{"checks", FIELD_NODE, offsetof(struct file, checks), 0, 0, "map of check to {title, rule}",
	 NULL, false},
	{"hints", FIELD_TEXTS, offsetof(struct file, hints), 1, TEXT_MOST,
	 "as many hints as in English", NULL, false},
	{"says", FIELD_NODE, offsetof(struct file, says), 0, 0,
	 "map of what a near miss says to its translation", NULL, false},
};

static void add_sentence(struct language *language, const char *english, const char *words)
{
	struct sentence *sentence = arena_push(language->arena, &language->sentences,
					       &language->sentence_count, sizeof(*sentence));

	*sentence = (struct sentence){arena_text(language->arena, english),
				      arena_text(language->arena, words)};
}

/* A literal English text as a sentence: its per cent signs are no places. */
static void add_literal(struct language *language, const char *english, const char *words)
{
	mp_autotext struct text text = {0};

	for (const char *at = english; *at; at++)
		text_add(&text, *at == '%' ? "%%" : (const char[]){*at, '\0'});
	add_sentence(language, text_get(&text), words);
}

static bool is_translation(struct reading *reading, const struct yaml_pair *pair)
{
	const struct yaml_node *value = pair->value;
	bool is_text = value->kind == YAML_SCALAR && value->length > 0 &&
		       value->length <= SENTENCE_MOST && strlen(value->text) == value->length;

	if (!is_text && !value->is_told)
		yaml_complain(reading->list, value->line, value->column,
			      "write a text of at most %d bytes", SENTENCE_MOST);
	return is_text;
}

/* Do the places of the translation agree with WANTED, a set of bits? */
static bool agree(struct reading *reading, const struct yaml_node *value, unsigned wanted)
{
	unsigned got = words_places(value->text);
	int twice = words_place_twice(value->text);

	/* A place may hold a sentence with places of its own: repeated ones would grow without bound. */
	if (twice > 0) {
		yaml_complain(reading->list, value->line, value->column,
			      "the place %%%d is there twice", twice);
		return false;
	}
	for (int i = 0; i < PLACES_MAX; i++) {
		bool is_wanted = wanted >> i & 1U, is_got = got >> i & 1U;

		if (is_wanted == is_got)
			continue;
		yaml_complain(reading->list, value->line, value->column,
			      is_wanted ? "the place %%%d is missing: the English text has it"
					: "the place %%%d is too many: the English text has none",
			      i + 1);
		return false;
	}
	return true;
}

static bool is_map(struct reading *reading, const struct yaml_node *node, const char *what)
{
	if (node && node->kind != YAML_MAP && !node->is_told)
		yaml_complain(reading->list, node->line, node->column, "%s is a map", what);
	return node && node->kind == YAML_MAP;
}

static void read_report(struct reading *reading, const struct yaml_node *node)
{
	for (size_t i = 0; is_map(reading, node, "report") && i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct language *language = reading->language;
		const char *key = arena_format(language->arena, "report.%s", pair->key->text);
		const char *english = reading->english(key);
		struct word_text *word;

		if (!english)
			yaml_complain(reading->list, pair->key->line, pair->key->column,
				      "the report has no word '%s'", pair->key->text);
		if (!english || !is_translation(reading, pair) ||
		    !agree(reading, pair->value, words_places(english)))
			continue;
		word = arena_push(language->arena, &language->words, &language->word_count,
				  sizeof(*word));
		*word = (struct word_text){key, arena_text(language->arena, pair->value->text)};
	}
}

static void read_sentences(struct reading *reading, const struct yaml_node *node)
{
	for (size_t i = 0; is_map(reading, node, "says") && i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		int places = sentence_places(pair->key->text);

		if (places < 0)
			yaml_complain(
				reading->list, pair->key->line, pair->key->column,
				"a sentence has letters, and at most 9 places %%s or %%d with letters between "
				"them; a per cent sign is written %%%%");
		if (places < 0 || !is_translation(reading, pair) ||
		    !agree(reading, pair->value, (1U << places) - 1))
			continue;
		add_sentence(reading->language, pair->key->text, pair->value->text);
	}
}

/* --- an exercise's ------------------------------------------------------------------------- */

/* WORDS stands for ENGLISH; a text without translation is told under its KEY. */
static void add_text(struct reading *reading, const char *english, const char *words,
		     const char *key)
{
	if (!english)
		return;
	if (words)
		add_literal(reading->language, english, words);
	else
		yaml_warn(reading->list, 1, 1, "%s is still English: %s", key, english);
}

static const char *text_in(struct reading *reading, const struct yaml_node *map, const char *key)
{
	const struct yaml_pair *pair = map ? yaml_pair_of(map, key) : NULL;

	return pair && is_translation(reading, pair) ? pair->value->text : NULL;
}

static void read_check(struct reading *reading, const struct check *check,
		       const struct yaml_node *node)
{
	static const char *const keys[] = {"title", "rule", NULL};
	struct arena *arena = reading->language->arena;

	for (size_t i = 0; node && i < node->pair_count; i++) {
		const struct yaml_node *key = node->pairs[i].key;

		if (strcmp(key->text, keys[0]) != 0 &&
		    (strcmp(key->text, keys[1]) != 0 || !check->rule))
			yaml_complain(reading->list, key->line, key->column,
				      "the check %s has no text '%s'", check->id, key->text);
	}
	add_text(reading, check->title, text_in(reading, node, keys[0]),
		 arena_format(arena, "checks.%s.title", check->id));
	add_text(reading, check->rule, text_in(reading, node, keys[1]),
		 arena_format(arena, "checks.%s.rule", check->id));
}

static void read_checks(struct reading *reading, const struct yaml_node *node)
{
	bool has_map = is_map(reading, node, "checks");

	for (size_t i = 0; has_map && i < node->pair_count; i++) {
		const struct yaml_node *key = node->pairs[i].key;

		if (!exercise_check(reading->exercise, key->text))
			yaml_complain(reading->list, key->line, key->column,
				      "there is no check '%s'", key->text);
		else
			(void)is_map(reading, node->pairs[i].value, key->text);
	}
	for (size_t i = 0; i < reading->exercise->check_count; i++) {
		const struct check *check = &reading->exercise->checks[i];
		const struct yaml_node *own = has_map ? yaml_get(node, check->id) : NULL;

		read_check(reading, check, own && own->kind == YAML_MAP ? own : NULL);
	}
}

static void read_hints(struct reading *reading, const struct text_list *hints)
{
	const struct text_list *english = &reading->exercise->hints;

	if (hints->count > english->count)
		yaml_complain(reading->list, 1, 1,
			      "hints: the exercise has %zu of them, here are %zu", english->count,
			      hints->count);
	for (size_t i = 0; i < english->count; i++)
		add_text(reading, english->items[i], i < hints->count ? hints->items[i] : NULL,
			 arena_format(reading->language->arena, "hints.%zu", i + 1));
}

/* What the near misses of the exercise say, each once. */
static struct text_list near_texts(const struct exercise *exercise, struct arena *arena)
{
	struct text_list list = {0};

	for (size_t i = 0; i < exercise->check_count; i++) {
		const struct check *check = &exercise->checks[i];

		for (size_t k = 0; k < check->step_count; k++) {
			for (size_t n = 0; n < check->steps[k].near_count; n++)
				*(const char **)arena_push(arena, &list.items, &list.count,
							   sizeof(char *)) =
					check->steps[k].near[n].say;
		}
	}
	return list;
}

static void read_near(struct reading *reading, const struct yaml_node *node)
{
	struct text_list texts = near_texts(reading->exercise, reading->language->arena);
	bool has_map = is_map(reading, node, "says");

	for (size_t i = 0; has_map && i < node->pair_count; i++) {
		const struct yaml_node *key = node->pairs[i].key;
		bool is_said = false;

		for (size_t k = 0; k < texts.count; k++)
			is_said |= strcmp(texts.items[k], key->text) == 0;
		if (!is_said)
			yaml_complain(reading->list, key->line, key->column,
				      "no near miss of the exercise says so, letter by letter");
	}
	for (size_t k = 0; k < texts.count; k++)
		add_text(reading, texts.items[k],
			 has_map ? text_in(reading, node, texts.items[k]) : NULL, "says");
}

void language_add_bytes(struct language *language, const char *bytes, size_t count,
			const struct exercise *exercise, language_word_fn *english,
			struct yaml_complaints *list)
{
	struct reading reading = {language, exercise, english, list};
	struct yaml_node *root = NULL;
	struct file file = {0};

	/* Of a broken file the whole entries count: the complaints are told by `lint`. */
	if (yaml_parse(bytes, count, language->arena, &root, list) < 0 && !root)
		return;
	if (!root || !is_map(&reading, root, "a catalogue"))
		return;
	if (!exercise) {
		yaml_read(root, common_fields, sizeof(common_fields) / sizeof(common_fields[0]),
			  &file, "a catalogue", NULL, language->arena, list);
		read_report(&reading, file.report);
		read_sentences(&reading, file.says);
		return;
	}
	yaml_read(root, exercise_fields, sizeof(exercise_fields) / sizeof(exercise_fields[0]),
		  &file, "an exercise's catalogue", NULL, language->arena, list);
	add_text(&reading, exercise->title, file.title, "title");
	add_text(&reading, exercise->summary, file.summary, "summary");
	read_checks(&reading, file.checks);
	read_hints(&reading, &file.hints);
	read_near(&reading, file.says);
}

static int add_file(struct language *language, int folder_fd, const struct exercise *exercise,
		    language_word_fn *english, struct yaml_complaints *list)
{
	const char *path =
		arena_format(language->arena, "text/%s/messages.yaml", language->name->code);
	mp_autofree char *bytes = NULL;
	size_t count = 0;
	int ret = path_read_below(folder_fd, path, YAML_BYTES_MAX, &bytes, &count);

	if (ret == 0)
		language_add_bytes(language, bytes, count, exercise, english, list);
	return ret;
}

int language_add_common(struct language *language, int exercises_fd, language_word_fn *english,
			struct yaml_complaints *list)
{
	return add_file(language, exercises_fd, NULL, english, list);
}

int language_add_exercise(struct language *language, const struct exercise *exercise,
			  struct yaml_complaints *list)
{
	return add_file(language, exercise->folder_fd, exercise, NULL, list);
}
