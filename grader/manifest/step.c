/* SPDX-License-Identifier: MIT */
/*
 * One step: a verb among the keys of a map, further keys by the table of the verb's probe, what is expected
 * of the answer, what is kept of it.
 */
#include <string.h>

#include "grader/manifest/step.h"
#include "grader/match/match.h"

/* The keys that every probe's steps may have; a verb's list says which. */
static const char *const common_keys[] = {"expect", "save", "near", NULL};

static const struct verb *find_verb(const struct loading *loading, const char *name,
				    const struct probe_kind **ret_probe)
{
	for (size_t i = 0; loading->probes && loading->probes[i]; i++) {
		const struct probe_kind *probe = loading->probes[i];

		for (size_t j = 0; j < probe->verb_count; j++) {
			if (strcmp(probe->verbs[j].name, name) == 0) {
				*ret_probe = probe;
				return &probe->verbs[j];
			}
		}
	}
	return NULL;
}

static bool is_probe_key(const struct loading *loading, const char *key)
{
	for (size_t i = 0; loading->probes && loading->probes[i]; i++) {
		if (field_find(loading->probes[i]->fields, loading->probes[i]->field_count, key) >=
		    0)
			return true;
	}
	return step_words_have(common_keys, key);
}

bool is_step_key(const struct loading *loading, const char *key)
{
	const struct probe_kind *ignored;

	return find_verb(loading, key, &ignored) || is_probe_key(loading, key);
}

/* --- which keys ------------------------------------------------------------------------------------ */

static bool may_have(const struct step_draft *draft, const char *key)
{
	return step_words_have(draft->verb->keys, key) ||
	       (draft->second && step_words_have(draft->second->keys, key));
}

/* The words that a slip in a step may have meant, in ARENA. */
static const char **likely_words(const struct step_draft *draft, struct arena *arena)
{
	const struct loading *loading = draft->context->loading;
	const char **words = NULL;
	size_t count = 0;

#define ADD_WORD(WORD) *(const char **)arena_push(arena, &words, &count, sizeof(*words)) = (WORD)
	for (size_t i = 0; draft->verb && draft->verb->keys && draft->verb->keys[i]; i++)
		ADD_WORD(draft->verb->keys[i]);
	for (size_t i = 0; !draft->verb && loading->probes[i]; i++) {
		for (size_t j = 0; j < loading->probes[i]->verb_count; j++)
			ADD_WORD(loading->probes[i]->verbs[j].name);
	}
	for (size_t i = 0; draft->is_inline && i < check_table.count; i++)
		ADD_WORD(check_table.rows[i].name);
	ADD_WORD(NULL);
#undef ADD_WORD
	return words;
}

static void complain_key(const struct step_draft *draft, const struct yaml_node *key)
{
	mp_autoarena struct arena *arena = arena_new();
	const struct loading *loading = draft->context->loading;
	const char *near = nearest_of(key->text, likely_words(draft, arena));

	if (draft->verb && is_probe_key(loading, key->text))
		complain_at(loading, key, "%s takes no '%s'", draft->where, key->text);
	else if (near)
		complain_at(loading, key, "unknown key '%s' in %s; did you mean '%s'?", key->text,
			    draft->where, near);
	else
		complain_at(loading, key, "unknown key '%s' in %s", key->text, draft->where);
}

/* The verb among the keys; complains about none and about two. */
static bool find_step_verb(struct step_draft *draft)
{
	const struct loading *loading = draft->context->loading;

	for (size_t i = 0; i < draft->node->pair_count; i++) {
		const struct yaml_pair *pair = &draft->node->pairs[i];
		const struct probe_kind *probe = NULL;
		const struct verb *verb = find_verb(loading, pair->key->text, &probe);

		if (!verb)
			continue;
		if (!draft->verb) {
			draft->verb = verb;
			draft->pair = pair;
			draft->step->probe = probe;
			continue;
		}
		if (!draft->second)
			complain_at(loading, pair->key,
				    "'%s' and '%s' in one step; a step has one verb%s",
				    draft->verb->name, verb->name,
				    draft->is_inline ? " (use steps:)" : "");
		draft->second = verb;
	}
	if (draft->verb)
		(void)snprintf(draft->where, sizeof(draft->where), "%s %s step",
			       strchr("aeiou", draft->verb->name[0]) ? "an" : "a",
			       draft->verb->name);
	return draft->verb;
}

/* No verb: the unknown keys say why, else that one is missing. */
static void complain_no_verb(struct step_draft *draft)
{
	const struct loading *loading = draft->context->loading;
	size_t errors = loading->list->error_count;

	(void)snprintf(draft->where, sizeof(draft->where),
		       draft->is_inline ? "check '%.40s'" : "a step", draft->context->id);
	for (size_t i = 0; i < draft->node->pair_count; i++) {
		const struct yaml_node *key = draft->node->pairs[i].key;
		bool is_of_check = draft->is_inline &&
				   field_find(check_table.rows, check_table.count, key->text) >= 0;

		if (!is_of_check && !is_probe_key(loading, key->text))
			complain_key(draft, key);
	}
	if (loading->list->error_count == errors)
		complain_at(loading, draft->is_inline ? check_place(draft->node) : draft->node,
			    "%s does nothing: write a verb%s", draft->where,
			    draft->is_inline ? ", or steps:" : "");
}

/* --- the verb's value ------------------------------------------------------------------------------ */

static bool is_path(const char *text)
{
	return text[0] == '/' || strncmp(text, "$(", 2) == 0;
}

static bool is_request(const char *text)
{
	size_t method = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

	return method > 0 && method <= 20 && text[method] == ' ' && is_path(text + method + 1);
}

static bool form_fits(const struct verb *verb, const char *text)
{
	int64_t ignored;

	switch (verb->form) {
	case VERB_PATH:
		return is_path(text);
	case VERB_REQUEST:
		return is_request(text);
	case VERB_HEALTH:
		return strcmp(text, "health") == 0;
	case VERB_DURATION:
		return parse_msec(text, &ignored) == 0;
	case VERB_WORD:
		return step_words_have(verb->words, text);
	default:
		return *text != '\0';
	}
}

static const char *const form_sentences[] = {
	[VERB_PATH] = "a path begins with / or is $(name)",
	[VERB_REQUEST] = "write METHOD and a path, like PROPFIND /files",
	[VERB_HEALTH] = "write health",
	[VERB_DURATION] = "write a duration, like 5s",
	[VERB_WORD] = "write one of:",
	[VERB_ARGS] = "write a list of texts, [] for none",
	[VERB_TEXT] = "write a text",
};

static void complain_target(const struct step_draft *draft)
{
	mp_autotext struct text words = {0};

	text_init(&words, 0);
	for (size_t i = 0; draft->verb->form == VERB_WORD && draft->verb->words[i]; i++)
		text_addf(&words, " %s", draft->verb->words[i]);
	complain_at(draft->context->loading, draft->pair->value, "%s: %s%s", draft->verb->name,
		    form_sentences[draft->verb->form], text_get(&words));
}

static void release_json(void *value)
{
	json_decref(value);
}

static void read_args(struct step_draft *draft, const struct yaml_node *value)
{
	json_t *args = json_array();

	arena_defer(draft->context->loading->arena, release_json, args);
	draft->step->value = args;
	for (size_t i = 0; i < value->item_count; i++) {
		const struct yaml_node *item = value->items[i];

		if (item->kind != YAML_SCALAR || strlen(item->text) != item->length)
			complain_target(draft);
		else
			(void)json_array_append_new(args, json_stringn(item->text, item->length));
	}
}

static void read_target(struct step_draft *draft)
{
	const struct yaml_node *value = draft->pair->value;
	bool is_list = draft->verb->form == VERB_ARGS;
	bool is_sound = value->kind == (is_list ? YAML_LIST : YAML_SCALAR);
	json_t *text;

	if (!is_sound || (!is_list && (strlen(value->text) != value->length ||
				       !form_fits(draft->verb, value->text)))) {
		complain_target(draft);
		return;
	}
	if (is_list) {
		read_args(draft, value);
		return;
	}
	draft->step->target = value->text;
	text = json_string(value->text);
	arena_defer(draft->context->loading->arena, release_json, text);
	draft->step->value = text;
}

/* --- the whole ------------------------------------------------------------------------------------- */

/* One key that belongs to the probe, by its field table. */
static void read_probe_key(struct step_draft *draft, const struct yaml_pair *pair, void *keys)
{
	struct loading *loading = draft->context->loading;
	const struct probe_kind *probe = draft->step->probe;
	int index = field_find(probe->fields, probe->field_count, pair->key->text);
	const struct field *row;

	if (index < 0)
		return;
	row = &probe->fields[index];
	yaml_read_value(pair->value, probe->fields, (size_t)index, keys, draft->where,
			loading->arena, loading->list);
	if (row->type == FIELD_FREE)
		free_check(loading, pair->value,
			   *(json_t *const *)((const char *)keys + row->offset));
	if (row->type == FIELD_PATTERN || row->type == FIELD_PARTS)
		pattern_check(loading, pair->value);
	names_check(draft->context, pair->value, draft->at_once);
}

static void read_keys(struct step_draft *draft)
{
	struct loading *loading = draft->context->loading;
	void *keys = arena_alloc(loading->arena, 1, draft->step->probe->step_size + 1);

	draft->step->keys = keys;
	for (size_t i = 0; i < draft->node->pair_count; i++) {
		const struct yaml_pair *pair = &draft->node->pairs[i];
		const char *name = pair->key->text;
		const struct probe_kind *ignored;
		bool is_of_check = draft->is_inline &&
				   field_find(check_table.rows, check_table.count, name) >= 0;

		/* Of a key that is there twice the first counts; the second was told. */
		if (pair->key->is_told || is_of_check || find_verb(loading, name, &ignored))
			continue;
		if (!may_have(draft, name))
			complain_key(draft, pair->key);
		else if (strcmp(name, "expect") == 0)
			step_read_expect(draft, pair->value);
		else if (strcmp(name, "near") == 0)
			step_read_near(draft, pair->value);
		else if (strcmp(name, "save") == 0)
			draft->step->save = loading_json(loading, pair->value);
		else
			read_probe_key(draft, pair, keys);
	}
}

/* All steps of a check ask by the same probe. */
static void check_probe(struct step_draft *draft)
{
	struct check_context *context = draft->context;

	if (context->probe && context->probe != draft->step->probe)
		complain_at(
			context->loading, draft->pair->key,
			"'%s' and '%s' in one check: all steps of a check ask in the same way (%s)",
			context->probe_verb, draft->verb->name, context->probe->name);
	context->probe = draft->step->probe;
	context->probe_verb = draft->verb->name;
}

bool step_read(struct check_context *context, const struct yaml_node *node, bool is_inline,
	       struct step *ret_step)
{
	struct step_draft draft = {
		.context = context, .node = node, .is_inline = is_inline, .step = ret_step};
	struct loading *loading = context->loading;
	const struct yaml_node *at_once = yaml_get(node, "at_once");
	const struct yaml_node *save = yaml_get(node, "save");
	size_t errors = loading->list->error_count;

	if (node->kind != YAML_MAP) {
		complain_at(loading, node, "a step is a map: a verb and its keys");
		return false;
	}
	if (!find_step_verb(&draft)) {
		complain_no_verb(&draft);
		return false;
	}
	if (!at_once || at_once->kind != YAML_SCALAR ||
	    parse_count(at_once->text, &draft.at_once) < 0)
		draft.at_once = 0;
	ret_step->verb = draft.verb;
	ret_step->line = draft.pair->key->line;
	ret_step->column = draft.pair->key->column;
	check_probe(&draft);
	if (!draft.second)
		read_target(&draft);
	names_check(context, draft.pair->value, draft.at_once);
	read_keys(&draft);
	if (save && may_have(&draft, "save"))
		save_check(context, save, draft.verb->parts);
	if (ret_step->probe->examine && loading->list->error_count == errors)
		step_examine(&draft);
	return true;
}
