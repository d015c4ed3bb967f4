/* SPDX-License-Identifier: MIT */
/* Languages by name, and saying a text in one of them. */
#include "grader/language/language.h"

#include <string.h>

#include "grader/language/inner.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum {
	LEARNER_BYTES = 64 << 10,
	DEPTH_MOST = 3, /* a place may hold a sentence that has a place that holds one */
};

const struct language_name language_names[] = {
	{"en", "English"}, {"hi", "हिन्दी"}, {"ta", "தமிழ்"}, {"te", "తెలుగు"},
	{"mr", "मराठी"},   {"bn", "বাংলা"}, {"kn", "ಕನ್ನಡ"}, {NULL, NULL},
};

const struct language_name *language_find(const char *code)
{
	for (const struct language_name *row = language_names; row->code; row++) {
		if (strcmp(row->code, code) == 0)
			return row;
	}
	return NULL;
}

const char *language_of_bytes(const char *bytes, size_t count)
{
	mp_autoarena struct arena *arena = arena_new();
	const struct language_name *found = NULL;
	struct yaml_complaints complaints;
	struct yaml_node *root = NULL;

	if (count > LEARNER_BYTES)
		return language_names[0].code;
	yaml_complaints_init(&complaints, "learner.yaml");
	if (yaml_parse(bytes, count, arena, &root, &complaints) == 0 && root &&
	    root->kind == YAML_MAP) {
		const struct yaml_node *node = yaml_get(root, "feedback");

		found = node && node->kind == YAML_SCALAR ? language_find(node->text) : NULL;
	}
	yaml_complaints_done(&complaints);
	return found ? found->code : language_names[0].code;
}

const char *language_of_learner(int top_fd)
{
	mp_autofree char *bytes = NULL;
	size_t count = 0;

	if (path_read_below(top_fd, "learner.yaml", LEARNER_BYTES, &bytes, &count) < 0)
		return language_names[0].code;
	return language_of_bytes(bytes, count);
}

struct language *language_new(const struct language_name *name)
{
	struct arena *arena = arena_new();
	struct language *language = arena_new_of(arena, struct language);

	*language = (struct language){.arena = arena, .name = name};
	return language;
}

struct language *language_free(struct language *language)
{
	if (language)
		arena_free(language->arena);
	return NULL;
}

const struct language_name *language_name_of(const struct language *language)
{
	return language->name;
}

const char *language_word(const struct language *language, const char *key)
{
	for (size_t i = 0; i < language->word_count; i++) {
		if (strcmp(language->words[i].key, key) == 0)
			return language->words[i].words;
	}
	return NULL;
}

static const char *say(struct language *language, const char *english, int depth);

/* WORDS with its places filled. */
static const char *fill(struct language *language, const char *words,
			const struct place places[PLACES_MAX], int depth)
{
	mp_autotext struct text text = {0};

	for (const char *at = words; *at; at++) {
		const struct place *place =
			&places[at[0] == '%' && at[1] >= '1' && at[1] <= '9' ? at[1] - '1' : 0];
		const char *value;

		if (at[0] != '%' || at[1] < '1' || at[1] > '9') {
			text_add_char(&text, *at);
			continue;
		}
		at++;
		value = arena_bytes(language->arena, place->bytes ? place->bytes : "",
				    place->count);
		text_add(&text, depth < DEPTH_MOST ? say(language, value, depth + 1) : value);
	}
	return arena_text(language->arena, text_get(&text));
}

/* The sentence that TEXT is, the longest of those that fit; NULL: none. */
static const struct sentence *find_sentence(const struct language *language, const char *text,
					    struct place ret_places[PLACES_MAX])
{
	const struct sentence *best = NULL;
	size_t length = 0;

	for (size_t i = 0; i < language->sentence_count; i++) {
		const struct sentence *sentence = &language->sentences[i];
		struct place places[PLACES_MAX] = {{0}};

		if ((best && strlen(sentence->english) <= length) ||
		    !sentence_fits(sentence->english, text, places))
			continue;
		best = sentence;
		length = strlen(sentence->english);
		memcpy(ret_places, places, sizeof(places));
	}
	return best;
}

/* Each line by itself. */
static const char *say_lines(struct language *language, const char *english, int depth)
{
	mp_autotext struct text text = {0};

	while (*english) {
		size_t count = strcspn(english, "\n");

		text_add(&text, say(language, arena_bytes(language->arena, english, count), depth));
		text_add(&text, english[count] ? "\n" : "");
		english += count + (english[count] == '\n');
	}
	return arena_text(language->arena, text_get(&text));
}

static const char *say(struct language *language, const char *english, int depth)
{
	struct place places[PLACES_MAX] = {{0}};
	const struct sentence *sentence = find_sentence(language, english, places);

	if (sentence)
		return fill(language, sentence->words, places, depth);
	return strchr(english, '\n') && depth < DEPTH_MOST ? say_lines(language, english, depth + 1)
							   : english;
}

const char *language_say(struct language *language, const char *english)
{
	return english ? say(language, english, 0) : NULL;
}
