/* SPDX-License-Identifier: MIT */
/* What a step expects of the answer, near misses, and what its probe says of it. */
#include <stdarg.h>
#include <string.h>

#include "grader/manifest/step.h"
#include "grader/match/match.h"

enum { NEAR_MAX = 20 };

bool step_words_have(const char *const *words, const char *name)
{
	for (size_t i = 0; words && words[i]; i++) {
		if (strcmp(words[i], name) == 0)
			return true;
	}
	return false;
}

static void release_json(void *value)
{
	json_decref(value);
}

static bool may_expect(const struct step_draft *draft, const char *part)
{
	return step_words_have(draft->verb->parts, part) ||
	       (draft->second && step_words_have(draft->second->parts, part));
}

static void complain_part(const struct step_draft *draft, const struct yaml_node *key)
{
	const char *near = draft->verb->parts ? nearest_of(key->text, draft->verb->parts) : NULL;

	if (near)
		complain_at(draft->context->loading, key,
			    "the answer of %s has no part '%s'; did you mean '%s'?", draft->where,
			    key->text, near);
	else
		complain_at(draft->context->loading, key, "the answer of %s has no part '%s'",
			    draft->where, key->text);
}

/* The pattern that `use` names: its parts must be parts of this answer, its names known here. */
static const json_t *read_use(struct step_draft *draft, const struct yaml_node *use)
{
	struct loading *loading = draft->context->loading;
	const struct yaml_node *pattern =
		use->kind == YAML_SCALAR ? yaml_get(loading->draft->patterns, use->text) : NULL;
	size_t errors = loading->list->error_count;

	if (loading->root->is_cut && !loading->draft->patterns)
		return NULL; /* it may stand behind the break */
	if (!pattern || pattern->kind != YAML_MAP) {
		complain_at(loading, use, "use: there is no pattern '%s' under patterns:",
			    use->kind == YAML_SCALAR ? use->text : "");
		return NULL;
	}
	loading_use(loading, use->text);
	for (size_t i = 0; i < pattern->pair_count; i++) {
		const char *part = pattern->pairs[i].key->text;

		/* A part that no answer has was told where the pattern stands. */
		if (!may_expect(draft, part) && is_part(loading, part))
			complain_at(
				loading, use,
				"pattern '%s' names the part '%s', which the answer of %s does not have",
				use->text, part, draft->where);
	}
	names_check(draft->context, pattern, draft->at_once);
	return loading->list->error_count == errors
		       ? json_object_get(loading->exercise->patterns, use->text)
		       : NULL;
}

/* A map of part to pattern, LEAVE_OUT (may be NULL) left out; `use` merged in. NULL after a mistake. */
static const json_t *read_parts(struct step_draft *draft, const struct yaml_node *node,
				const char *leave_out)
{
	struct loading *loading = draft->context->loading;
	size_t errors = loading->list->error_count;
	const json_t *base = NULL;
	json_t *own = json_object();
	json_t *merged;

	for (size_t i = 0; i < node->pair_count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		const char *part = pair->key->text;
		json_t *value;

		if (leave_out && strcmp(part, leave_out) == 0)
			continue;
		if (strcmp(part, "use") == 0) {
			base = read_use(draft, pair->value);
			continue;
		}
		if (!may_expect(draft, part)) {
			complain_part(draft, pair->key);
			continue;
		}
		value = yaml_free_value(pair->value, loading->list);
		pattern_check(loading, pair->value);
		names_check(draft->context, pair->value, draft->at_once);
		if (value)
			(void)json_object_set_new(own, part, value);
	}
	merged = pattern_merge(base, own);
	json_decref(own);
	arena_defer(loading->arena, release_json, merged);
	return loading->list->error_count == errors ? merged : NULL;
}

void step_read_expect(struct step_draft *draft, const struct yaml_node *node)
{
	if (node->kind != YAML_MAP)
		complain_at(draft->context->loading, node,
			    "expect: wanted: a map of parts to patterns");
	else
		draft->step->expect = read_parts(draft, node, NULL);
}

void step_read_near(struct step_draft *draft, const struct yaml_node *node)
{
	struct loading *loading = draft->context->loading;
	struct near_miss *misses = NULL;
	size_t count = 0;

	if (node->kind != YAML_LIST || node->item_count > NEAR_MAX) {
		complain_at(loading, node,
			    "near: wanted: a list of at most %d near misses, each with say",
			    NEAR_MAX);
		return;
	}
	for (size_t i = 0; i < node->item_count; i++) {
		const struct yaml_node *item = node->items[i];
		struct near_miss *miss = arena_push(loading->arena, &misses, &count, sizeof(*miss));
		const struct yaml_node *say = yaml_get(item, "say");

		if (item->kind != YAML_MAP || !say) {
			complain_at(loading, item,
				    "near: each near miss is a map of parts to patterns, with say");
			continue;
		}
		yaml_read_value(say, near_table.rows, 0, miss, near_table.name, loading->arena,
				loading->list);
		if (item->pair_count < 2)
			complain_at(loading, item,
				    "near: a near miss without a part fits everything");
		if (say->kind == YAML_SCALAR && strstr(say->text, "$("))
			yaml_warn(loading->list, say->line, say->column,
				  "say is told as it is written: no name is put in");
		miss->parts = read_parts(draft, item, "say");
	}
	draft->step->near = misses;
	draft->step->near_count = count;
}

/* --- the probe ------------------------------------------------------------------------------------- */

/* What a probe complains to: the list, and the step whose keys its sentences may begin with. */
struct complaints {
	struct yaml_complaints *list;
	const struct yaml_node *step;
};

/* The value that SENTENCE begins with the name of, among keys, parts and near misses; NULL: none, or several. */
static const struct yaml_node *place_in_step(const struct yaml_node *step, const char *sentence)
{
	const struct yaml_node *near = yaml_get(step, "near");
	const struct yaml_node *found = NULL;
	char name[NAME_SIZE];
	size_t length = strspn(sentence, "abcdefghijklmnopqrstuvwxyz_");
	size_t maps = near && near->kind == YAML_LIST ? near->item_count : 0;

	if (length == 0 || length >= sizeof(name))
		return NULL;
	memcpy(name, sentence, length);
	name[length] = '\0';
	for (size_t i = 0; i < maps + 2; i++) {
		const struct yaml_node *map = i == 0   ? step
					      : i == 1 ? yaml_get(step, "expect")
						       : near->items[i - 2];
		const struct yaml_node *value = yaml_get(map, name);

		if (value && found)
			return NULL;
		found = value ? value : found;
	}
	return found;
}

static void complain_for_probe(struct complaints *to, int line, int column, const char *format, ...)
	MP_PRINTF(4, 5);
static void complain_for_probe(struct complaints *to, int line, int column, const char *format, ...)
{
	mp_autotext struct text sentence = {0};
	const struct yaml_node *place;
	va_list args;

	text_init(&sentence, 0);
	va_start(args, format);
	text_vaddf(&sentence, format, args);
	va_end(args);
	place = place_in_step(to->step, text_get(&sentence));
	yaml_complain(to->list, place ? place->line : line, place ? place->column : column, "%s",
		      text_get(&sentence));
}

void step_examine(struct step_draft *draft)
{
	struct loading *loading = draft->context->loading;
	struct complaints to = {loading->list, draft->node};

	draft->step->probe->examine(loading->exercise, draft->step, complain_for_probe, &to);
}
