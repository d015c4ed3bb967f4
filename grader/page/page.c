/* SPDX-License-Identifier: MIT */
/* The probe page: its verb, what is said at load time, and the run of a check. */
#include "grader/page/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/match/match.h"
#include "grader/page/inner.h"
#include "grader/tree/tree.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { TOLD_MAX = 5 }; /* faults of one part that are told in full */

static const char *const step_keys[] = {"select", "save", "near", "expect", NULL};
static const char *const step_parts[] = {
	"doctype",  "lang",	"charset", "viewport",	 "title",    "headings",   "controls",
	"weight",   "requests", "skips",   "ids",	 "dead",     "remote",	   "missing",
	"handlers", "pictures", "nested",  "lists",	 "nameless", "unlabelled", "errors",
	"count",    "texts",	"names",   "attributes", NULL};

static const struct verb page_verbs[] = {
	{"page", VERB_TEXT, NULL, step_keys, step_parts,
	 "an HTML file of the exercise's folder, as a parser sees it"},
};

static const struct field page_fields[] = {
	{"select", FIELD_TEXT, offsetof(struct page_keys, select), 1, SELECTOR_MAX,
	 "a selector: the parts are about the elements that it finds", NULL, false},
};

/* Parts that only selected elements have, and parts that only the whole page has. */
static const char *const selected_parts[] = {"count", "texts", "names", "attributes", NULL};
static const char *const whole_parts[] = {"doctype", "lang",	 "charset", "viewport",
					  "title",   "requests", "weight",  NULL};

static bool is_one_of(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static const struct fault_part *fault_part_of(const char *name)
{
	for (size_t i = 0; i < fault_part_count; i++) {
		if (strcmp(fault_parts[i].name, name) == 0)
			return &fault_parts[i];
	}
	return NULL;
}

/* --- at load time -------------------------------------------------------------------------- */

static const char *select_of(const struct step *step)
{
	const struct page_keys *keys = step->keys;

	return keys ? keys->select : NULL;
}

static void examine(const struct exercise *exercise, const struct step *step, complain_fn *complain,
		    struct complaints *to)
{
	mp_autoarena struct arena *arena = arena_new();
	const char *select = select_of(step);
	const struct selector *selector;
	struct mp_error err = {0};
	const char *part;
	json_t *pattern;

	(void)exercise;
	if (!tree_is_plain_path(step->target))
		complain(to, step->line, step->column,
			 "page: write a path like index.html, without . and ..");
	if (select && selector_read(select, arena, &selector, &err) < 0)
		complain(to, step->line, step->column, "select: %s", err.text);
	json_object_foreach (json_readable(step->expect), part, pattern) {
		if (!select && is_one_of(part, selected_parts))
			complain(to, step->line, step->column,
				 "%s: which elements? Write select beside it", part);
		if (select && is_one_of(part, whole_parts))
			complain(to, step->line, step->column,
				 "%s: the whole page has it; leave select out", part);
		if (fault_part_of(part) && !json_is_array(pattern))
			complain(to, step->line, step->column, "%s: a list of faults; write []",
				 part);
	}
}

/* --- what is not as wanted ----------------------------------------------------------------- */

static void tell(struct asking *asking, const char *path, const char *wanted, const char *got)
{
	struct mismatch *item =
		arena_push(asking->run->arena, &asking->told, &asking->told_count, sizeof(*item));

	*item = (struct mismatch){path, wanted, got};
}

static const char *place_of(const struct asking *asking, int item)
{
	return item < 0
		       ? "page"
		       : arena_format(asking->run->arena, "line %d", page_line(asking->page, item));
}

/* A part that is a list of faults: each place is told. Its value is the list of sentences. */
static void judge_faults(struct asking *asking, const struct fault_part *part)
{
	struct arena *arena = asking->run->arena;
	struct faults faults = {.arena = arena};
	json_t *value = json_array();
	size_t told = 0;

	part->find(asking->page, asking->loads, &faults);
	for (size_t i = 0; i < faults.count; i++) {
		const struct fault *fault = &faults.items[i];

		if (asking->selected && (fault->item < 0 || !asking->selected[fault->item]))
			continue;
		(void)json_array_append_new(value,
					    match_text_of_bytes(fault->got, strlen(fault->got)));
		if (told++ < TOLD_MAX)
			tell(asking, arena_format(arena, "line %d", fault->line), part->wanted,
			     fault->got);
	}
	if (told > TOLD_MAX)
		tell(asking, part->name, part->wanted,
		     arena_format(arena, "%zu more", told - TOLD_MAX));
	(void)json_object_set_new(asking->parts, part->name, value);
}

/* {$each: p}: each element that does not match is told at its place. */
static bool judge_each(struct asking *asking, const char *part, const json_t *pattern,
		       const int *items)
{
	const json_t *each =
		json_object_size(pattern) == 1 ? json_object_get(pattern, "$each") : NULL;
	struct mismatches into = {.arena = asking->run->arena};
	json_t *value;
	size_t index;
	int told = 0;

	if (each && asking->selected &&
	    json_array_size(json_object_get(asking->parts, part)) == 0) {
		/* A count that is wanted has said so already. */
		if (asking->told_count == 0)
			tell(asking, "count", "at least one", "none");
		return true;
	}
	if (!each || !items)
		return false;
	json_array_foreach (json_object_get(asking->parts, part), index, value) {
		size_t before = into.count;

		if (told == TOLD_MAX || match_part("", each, value, asking->run->names, &into))
			continue;
		told++;
		for (size_t i = before; i < into.count; i++)
			tell(asking, place_of(asking, items[index]),
			     arena_format(asking->run->arena, "%s%s%s",
					  into.items[i].path + (into.items[i].path[0] == '.'),
					  into.items[i].path[0] ? ": " : "", into.items[i].wanted),
			     arena_format(asking->run->arena, "%s in %s", into.items[i].got,
					  page_start_tag(asking->page, items[index])));
	}
	return true;
}

/* How many there are, and where. */
static void judge_count(struct asking *asking, const json_t *pattern)
{
	struct arena *arena = asking->run->arena;
	mp_autotext struct text got = {.limit = 400};
	json_t *value;
	int count = 0;

	for (int i = 0; i < asking->page->count; i++) {
		if (!asking->selected[i])
			continue;
		if (count++ < TOLD_MAX)
			text_addf(&got, "%s%s on line %d", count == 1 ? ": " : ", ",
				  page_start_tag(asking->page, i), page_line(asking->page, i));
	}
	value = json_integer(count);
	(void)json_object_set_new(asking->parts, "count", value);
	if (!match_holds(pattern, value, asking->run->names))
		tell(asking, "count", match_describe(pattern, asking->run->names, arena),
		     count == 0 ? "none" : arena_format(arena, "%d%s", count, text_get(&got)));
}

/* Numbers of which a bare value means at most that. What there is goes on behind the number. */
static void judge_total(struct asking *asking, const char *part, const json_t *pattern,
			int64_t total, const char *behind)
{
	struct arena *arena = asking->run->arena;
	bool is_bytes = strcmp(part, "weight") == 0;
	int64_t most = tree_size_of(pattern);
	json_t *value = json_integer(total);
	const char *got = is_bytes ? tree_size_words(arena, total)
				   : arena_format(arena, "%lld", (long long)total);
	const char *limit = is_bytes ? tree_size_words(arena, most)
				     : arena_format(arena, "%lld", (long long)most);

	(void)json_object_set_new(asking->parts, part, value);
	if (most >= 0 ? total <= most : match_holds(pattern, value, asking->run->names))
		return;
	tell(asking, part,
	     most >= 0 ? arena_format(arena, "at most %s", limit)
		       : match_describe(pattern, asking->run->names, arena),
	     arena_format(arena, "%s%s", got, behind));
}

/* The page's weight, and what weighs most. */
static void judge_weight(struct asking *asking, const json_t *pattern)
{
	struct arena *arena = asking->run->arena;
	const struct load *heaviest = NULL;
	const char *behind = "";

	for (size_t i = 0; i < asking->loads->count; i++) {
		if (!heaviest || asking->loads->items[i].bytes > heaviest->bytes)
			heaviest = &asking->loads->items[i];
	}
	if (heaviest && heaviest->bytes > 0)
		behind = arena_format(arena, ", of which %s has %s", heaviest->url,
				      tree_size_words(arena, heaviest->bytes));
	judge_total(asking, "weight", pattern, asking->loads->bytes, behind);
}

/* How many requests the page needs, itself included, and for what. */
static void judge_requests(struct asking *asking, const json_t *pattern)
{
	mp_autotext struct text behind = {.limit = 400};
	int64_t count = 1;

	text_addf(&behind, ": %s", asking->path);
	for (size_t i = 0; i < asking->loads->count; i++) {
		if (asking->loads->items[i].is_hint)
			continue;
		count++;
		text_addf(&behind, ", %s", asking->loads->items[i].url);
	}
	judge_total(asking, "requests", pattern, count, text_get(&behind));
}

static void judge_value(struct asking *asking, const char *part, const json_t *pattern)
{
	struct mismatches into = {.arena = asking->run->arena};
	const int *items = NULL;
	json_t *value = page_part(asking, part, &items);

	if (value)
		(void)json_object_set_new(asking->parts, part, value);
	if (judge_each(asking, part, pattern, items) ||
	    match_part(part, pattern, value, asking->run->names, &into))
		return;
	for (size_t i = 0; i < into.count; i++)
		tell(asking, into.items[i].path, into.items[i].wanted, into.items[i].got);
	if (!asking->say)
		asking->say = page_trap(asking, part);
	if (!asking->say)
		asking->say = match_general_near_miss(pattern, value, asking->run->names,
						      asking->run->arena);
}

/* Parts whose evidence says more than a value does. */
static const struct {
	const char *part;
	void (*judge)(struct asking *asking, const json_t *pattern);
} judges[] = {{"count", judge_count}, {"weight", judge_weight}, {"requests", judge_requests}};

static void judge_part(struct asking *asking, const char *part, const json_t *pattern)
{
	const struct fault_part *faults = fault_part_of(part);
	size_t before = asking->told_count;
	bool is_own = false;

	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++) {
		if (strcmp(judges[i].part, part) == 0) {
			judges[i].judge(asking, pattern);
			is_own = true;
		}
	}
	if (faults)
		judge_faults(asking, faults);
	else if (!is_own)
		judge_value(asking, part, pattern);
	if (asking->told_count > before && !asking->say)
		asking->say = page_trap(asking, part);
}

/* --- a step -------------------------------------------------------------------------------- */

/* Every part that `save` may take from. */
static void read_saved(struct asking *asking)
{
	const int *ignored;

	for (size_t i = 0; asking->step->save && step_parts[i]; i++) {
		json_t *value = json_object_get(asking->parts, step_parts[i])
					? NULL
					: page_part(asking, step_parts[i], &ignored);

		if (value)
			(void)json_object_set_new(asking->parts, step_parts[i], value);
	}
}

static int judge_page(struct asking *asking, struct mp_error *err)
{
	struct page_place place = {asking->run, asking->path};
	struct loads *loads = arena_new_of(asking->page->arena, struct loads);
	const struct selector *selector;
	const char *select = select_of(asking->step);
	const char *part;
	json_t *pattern;

	page_loads(asking->page, &place, loads);
	asking->loads = loads;
	if (select) {
		int ret = selector_read(select, asking->run->arena, &selector, err);

		if (ret < 0)
			return ret;
		asking->selected = selector_match(selector, asking->page);
	}
	json_object_foreach (json_readable(asking->step->expect), part, pattern)
		judge_part(asking, part, pattern);
	read_saved(asking);
	return 0;
}

static const char *message_of(const struct asking *asking)
{
	static const struct {
		const char *path, *message;
	} rows[] = {
		{"file", "The page is not there yet."},
		{"page", "The file is no page that a browser would understand."},
		{"weight", "The page is heavier than it needs to be."},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(asking->told[0].path, rows[i].path) == 0)
			return rows[i].message;
	}
	return "The page is not as wanted.";
}

static void add_failure(struct asking *asking, struct outcome *outcome)
{
	struct probe_run *run = asking->run;
	const char *say = match_near_miss(asking->step, asking->parts, run->names);
	const char *select = select_of(asking->step);
	struct evidence *evidence = arena_push(run->arena, &outcome->evidence,
					       &outcome->evidence_count, sizeof(*evidence));

	*evidence = (struct evidence){
		.request =
			select ? arena_format(run->arena, "%s in the page %s", select, asking->path)
			       : arena_format(run->arena, "the page %s", asking->path),
		.mismatches = asking->told,
		.mismatch_count = asking->told_count,
		.say = say ? say : asking->say,
	};
	outcome->verdict = VERDICT_FAIL;
	if (!outcome->message)
		outcome->message = message_of(asking);
}

/* Read the page and judge it. RET_IS_OVER: there is no page, so the later steps would say the same. */
static int ask(struct asking *asking, struct page *page, bool *ret_is_over, struct mp_error *err)
{
	struct probe_run *run = asking->run;
	char *bytes = NULL;
	const char *got = NULL;
	size_t count = 0;
	int code = path_read_below(run->tree_fd, asking->path, PAGE_BYTES_MAX, &bytes, &count);

	if (code == -ENOMEM || code == -EMFILE || code == -EIO)
		return mp_fail(err, MP_FAULT_HOST, code, "'%s'", asking->path);
	*ret_is_over = true;
	if (code < 0) {
		tell(asking, code == -ENOENT || code == -ENOTDIR ? "file" : "page", asking->path,
		     tree_refusal(code));
		asking->say = tree_nearest(run, asking->path);
		return 0;
	}
	arena_defer(page->arena, free, bytes);
	if (!page_parse(bytes, count, page->arena, page, &got, &asking->say)) {
		tell(asking, "page", "an HTML page in UTF-8", got);
		return 0;
	}
	*ret_is_over = false;
	asking->page = page;
	return judge_page(asking, err);
}

static int run_step(struct probe_run *run, const struct step *step, struct outcome *outcome,
		    bool *ret_is_over, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	struct page page = {.arena = arena};
	struct asking asking = {.run = run, .step = step, .parts = json_object()};
	struct mp_error slip = {0};
	int ret = tree_path(run, step->target, &asking.path, err);

	if (ret == 0)
		ret = ask(&asking, &page, ret_is_over, err);
	if (ret == 0 && step->save && !*ret_is_over &&
	    names_save(run->names, step->save, asking.parts, &slip) < 0) {
		*ret_is_over = true;
		tell(&asking, "page", "something that a later step needs",
		     arena_text(run->arena, slip.text));
	}
	if (ret == 0 && asking.told_count > 0)
		add_failure(&asking, outcome);
	json_decref(asking.parts);
	return ret;
}

static int run_check(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	return probe_run_steps(run, run_step, ret_outcome, err);
}

const struct probe_kind page_probe = {
	.name = "page",
	.verbs = page_verbs,
	.verb_count = sizeof(page_verbs) / sizeof(page_verbs[0]),
	.fields = page_fields,
	.field_count = sizeof(page_fields) / sizeof(page_fields[0]),
	.step_size = sizeof(struct page_keys),
	.is_static = true,
	.examine = examine,
	.run = run_check,
};
