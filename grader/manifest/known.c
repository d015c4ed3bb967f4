/* SPDX-License-Identifier: MIT */
/* Names: which are known in a step, and who gives them. */
#include <stdlib.h>
#include <string.h>

#include "grader/manifest/inner.h"
#include "grader/match/match.h"

enum { SAVE_PATH_MAX = 200 };

void loading_words(struct loading *loading)
{
	const struct yaml_node *node = loading->draft->words;
	const json_t *words = node ? loading_json(loading, node) : NULL;

	if (!node)
		return;
	if (node->kind != YAML_MAP) {
		complain_at(loading, node, "words: wanted: a map of name to kind");
		return;
	}
	loading->exercise->words = words;
	for (size_t i = 0; i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct mp_error err = {0};

		if (!is_name_of_value(pair->key->text))
			complain_at(loading, pair->key,
				    "'%s' is no name: a-z, 0-9 and _, a letter first, at most 31",
				    pair->key->text);
		else if (words &&
			 word_examine(pair->key->text, json_object_get(words, pair->key->text),
				      words, &err) < 0)
			complain_at(loading, pair->value, "%s", err.text);
	}
}

/* How many values a word has: its count, the greatest of its parts for a sum, 0 for one alone. */
static int64_t word_count(const struct loading *loading, const char *name)
{
	const json_t *words = loading->exercise->words;
	const json_t *word = json_object_get(words, name);
	int64_t count = json_integer_value(json_object_get(word, "count"));
	const json_t *of = json_object_get(word, "of");
	const char *kind = json_string_value(json_object_get(word, "kind"));
	size_t i;
	json_t *part;

	if (count > 0 || !kind || strcmp(kind, "sum") != 0)
		return count;
	json_array_foreach (of, i, part) {
		const json_t *other = json_object_get(
			words, json_string_value(part) ? json_string_value(part) : "");
		int64_t more = json_integer_value(json_object_get(other, "count"));

		count = more > count ? more : count;
	}
	return count;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "a, b, crowd" in order, "none" when there is nothing. In ARENA. */
static const char *joined(const char **names, size_t count, struct arena *arena)
{
	mp_autotext struct text text = {0};

	if (count == 0)
		return "none";
	text_init(&text, 0);
	qsort(names, count, sizeof(*names), compare_texts);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%s%s", i ? ", " : "", names[i]);
	return arena_text(arena, text_get(&text));
}

static void complain_unknown(struct check_context *context, const struct yaml_node *node,
			     const char *name)
{
	struct loading *loading = context->loading;
	const struct yaml_node *words = loading->draft->words;
	size_t count = words && words->kind == YAML_MAP ? words->pair_count : 0;
	mp_autoarena struct arena *arena = arena_new();
	const char **names = arena_alloc(arena, count + context->saved.count + 1, sizeof(*names));
	const char **saved = names + count;

	for (size_t i = 0; i < count; i++)
		names[i] = words->pairs[i].key->text;
	for (size_t i = 0; i < context->saved.count; i++)
		saved[i] = context->saved.items[i];
	complain_at(loading, node, "$(%s) is not known here; words: %s; saved before: %s", name,
		    joined(names, count, arena), joined(saved, context->saved.count, arena));
}

static void check_name(struct check_context *context, const struct yaml_node *node,
		       const char *name, int64_t at_once)
{
	struct loading *loading = context->loading;
	int64_t count;

	if (strcmp(name, "now.s") == 0 || strcmp(name, "now.ms") == 0)
		return;
	loading_use(loading, name);
	if (list_has(&context->saved, name))
		return;
	if (loading->root->is_cut && !loading->draft->words)
		return; /* they may stand behind the break */
	if (!yaml_get(loading->draft->words, name)) {
		complain_unknown(context, node, name);
		return;
	}
	count = word_count(loading, name);
	if (count > 0 && count != at_once)
		complain_at(loading, node,
			    "$(%s) has %lld values; it belongs in a step with at_once: %lld", name,
			    (long long)count, (long long)count);
}

/* $(Word) and the like: meant as a name, and none. Regular expressions hardly ever look so. */
static void check_malformed(struct check_context *context, const struct yaml_node *node)
{
	const char *at = node->text;

	while ((at = strstr(at, "$("))) {
		size_t length = strspn(
			at + 2,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-. ");
		mp_autotext struct text name = {0};
		bool is_escaped = at > node->text && at[-1] == '$';

		text_init(&name, 0);
		text_add_bytes(&name, at + 2, length);
		at += 2;
		if (is_escaped || at[length] != ')' || is_name_of_value(text_get(&name)) ||
		    strcmp(text_get(&name), "now.s") == 0 || strcmp(text_get(&name), "now.ms") == 0)
			continue;
		complain_at(context->loading, node,
			    "'%s' is no name: a-z, 0-9 and _, a letter first ($$( for a real $()",
			    text_get(&name));
	}
}

void names_check(struct check_context *context, const struct yaml_node *node, int64_t at_once)
{
	const struct yaml_node *below;
	struct yaml_walk walk;

	yaml_walk_from(&walk, node);
	while ((below = yaml_walk_next(&walk))) {
		char name[NAME_SIZE];
		size_t position = 0;

		if (below->kind != YAML_SCALAR)
			continue;
		while (names_scan(below->text, &position, name))
			check_name(context, below, name, at_once);
		check_malformed(context, below);
	}
}

/* --- save ------------------------------------------------------------------------------------------ */

/* The first word of a path is a part of the answer. */
static void check_path(struct check_context *context, const struct yaml_node *node,
		       const char *const *parts)
{
	char part[SAVE_PATH_MAX + 1];
	const char *near;
	size_t length = node->kind == YAML_SCALAR ? strcspn(node->text, ".") : 0;

	if (length == 0 || length > SAVE_PATH_MAX) {
		complain_at(context->loading, node,
			    "save: wanted: the path of a part, like json.id");
		return;
	}
	memcpy(part, node->text, length);
	part[length] = '\0';
	for (size_t i = 0; parts && parts[i]; i++) {
		if (strcmp(parts[i], part) == 0 && strcmp(part, "use") != 0)
			return;
	}
	near = parts ? nearest_of(part, parts) : NULL;
	if (near)
		complain_at(context->loading, node,
			    "save: the answer has no part '%s'; did you mean '%s'?", part, near);
	else
		complain_at(context->loading, node, "save: the answer has no part '%s'", part);
}

static void check_group(struct check_context *context, const struct yaml_node *rule,
			const char *const *parts)
{
	const struct yaml_node *from = yaml_get(rule, "from");
	const struct yaml_node *matches = yaml_get(rule, "matches");
	json_t *pattern;
	struct mp_error err = {0};

	if (!from || !matches || rule->pair_count != 2 || matches->kind != YAML_SCALAR) {
		complain_at(context->loading, rule,
			    "save: wanted: a path, or {from: part, matches: 're'}");
		return;
	}
	check_path(context, from, parts);
	pattern = json_pack("{s:s%}", "$matches", matches->text, matches->length);
	if (pattern_examine(pattern, NULL, 0, &err) < 0)
		complain_at(context->loading, matches, "%s", err.text);
	else if (!strchr(matches->text, '('))
		complain_at(context->loading, matches,
			    "matches: the first group is kept; this has none: write ( and )");
	json_decref(pattern);
	names_check(context, matches, 0);
}

void save_check(struct check_context *context, const struct yaml_node *save,
		const char *const *parts)
{
	struct loading *loading = context->loading;

	if (save->kind != YAML_MAP) {
		complain_at(loading, save, "save: wanted: a map of name to the path of a part");
		return;
	}
	for (size_t i = 0; i < save->pair_count; i++) {
		const struct yaml_pair *pair = &save->pairs[i];
		const char *name = pair->key->text;

		if (pair->value->kind == YAML_MAP)
			check_group(context, pair->value, parts);
		else
			check_path(context, pair->value, parts);
		if (!is_name_of_value(name))
			complain_at(loading, pair->key,
				    "'%s' is no name: a-z, 0-9 and _, a letter first, at most 31",
				    name);
		else if (yaml_get(loading->draft->words, name) || list_has(&context->saved, name))
			complain_at(loading, pair->key, "'%s' is set already; a name is set once",
				    name);
	}
	for (size_t i = 0; i < save->pair_count; i++)
		*(const char **)arena_push(loading->arena, &context->saved.items,
					   &context->saved.count, sizeof(const char *)) =
			save->pairs[i].key->text;
}
