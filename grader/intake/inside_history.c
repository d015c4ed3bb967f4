/* SPDX-License-Identifier: MIT */
/*
 * Walking a history: depth first, without recursion, every commit once, its parents before it. The way
 * down reads each commit for its parents alone and says nothing, so that a history beyond its limits is
 * told by one word and not in parts. The way up says the commit and looks through its files.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/intake/commit_text.h"
#include "grader/intake/inside.h"

/* A commit whose parents are under way. */
struct step {
	git_oid id;
	git_oid *parents; /* owned */
	size_t count, next;
};

struct walk {
	struct inside *inside;
	struct id_set seen;
	struct step *steps; /* owned */
	size_t depth, capacity;
	struct scan scan;
	enum history_limit limit;
};

static void walk_done(struct walk *walk)
{
	while (walk->depth > 0)
		free(walk->steps[--walk->depth].parents);
	free(walk->steps);
	id_set_done(&walk->seen);
	scan_done(&walk->scan);
}

static int walk_no_memory(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "reader");
}

/* Read the commit ID. RET_COMMIT points into RET_OBJECT, which the caller frees. 1: it is too large. */
static int walk_read(struct walk *walk, const git_oid *id, git_odb_object **ret_object,
		     struct commit_text *ret_commit, struct mp_error *err)
{
	size_t bytes;
	git_object_t type;
	int ret = inside_header(walk->inside, id, &bytes, &type, err);

	if (ret < 0)
		return ret;
	if (bytes > INTAKE_COMMIT_OBJECT_MAX) {
		walk->limit = HISTORY_LARGE_COMMIT;
		return 1;
	}
	ret = inside_read(walk->inside, id, GIT_OBJECT_COMMIT, INTAKE_COMMIT_OBJECT_MAX, ret_object,
			  err);
	if (ret < 0)
		return ret;
	if (commit_text_parse(git_odb_object_data(*ret_object), git_odb_object_size(*ret_object),
			      ret_commit) < 0) {
		git_odb_object_free(*ret_object);
		return mp_fail(err, MP_FAULT_INPUT, -EBADMSG,
			       "refused: cannot be read: a commit of its history is damaged: type "
			       "'git fsck' there");
	}
	return 0;
}

static int walk_room(struct walk *walk, struct mp_error *err)
{
	size_t capacity = walk->capacity ? walk->capacity * 2 : 256;
	struct step *grown;

	if (walk->depth < walk->capacity)
		return 0;
	grown = realloc(walk->steps, capacity * sizeof(*grown));
	if (!grown)
		return walk_no_memory(err);
	walk->steps = grown;
	walk->capacity = capacity;
	return 0;
}

/* Go down to the commit ID, unless it was seen. */
static int walk_enter(struct walk *walk, const git_oid *id, struct mp_error *err)
{
	struct step step = {.id = *id};
	git_odb_object *object = NULL;
	struct commit_text commit;
	int ret = id_set_add(&walk->seen, id);

	if (ret == 0)
		return 0;
	if (ret < 0)
		return walk_no_memory(err);
	if (walk->seen.count > HISTORY_COMMITS_MAX) {
		walk->limit = HISTORY_MANY_COMMITS;
		return 0;
	}
	ret = walk_room(walk, err);
	if (ret == 0)
		ret = walk_read(walk, id, &object, &commit, err);
	if (ret != 0)
		return ret < 0 ? ret : 0;
	step.count = commit.parent_count;
	step.parents = calloc(step.count + 1, sizeof(*step.parents));
	for (size_t i = 0; step.parents && i < step.count; i++)
		(void)git_oid_fromstrn(&step.parents[i], commit.parents.bytes + i * PARENT_LINE + 7,
				       40);
	git_odb_object_free(object);
	if (!step.parents)
		return walk_no_memory(err);
	walk->steps[walk->depth++] = step;
	return 0;
}

/* A span as text: cut at HISTORY_TEXT_MAX, not within a character, and at a NUL. */
static void say_span(struct frame_output *output, struct span span)
{
	char text[HISTORY_TEXT_MAX + 1];
	size_t count = span.count < HISTORY_TEXT_MAX ? span.count : HISTORY_TEXT_MAX;

	while (count > 0 && count < span.count && ((unsigned char)span.bytes[count] & 0xc0) == 0x80)
		count--;
	if (count > 0)
		memcpy(text, span.bytes, count);
	text[count] = '\0';
	frame_add_text(output, text);
}

static int walk_say(struct walk *walk, const git_oid *id, const struct commit_text *commit,
		    struct mp_error *err)
{
	struct frame_output *output = walk->inside->output;
	char hex[GIT_OID_HEXSZ + 1];
	int ret = inside_send(walk->inside, false, err);

	if (ret < 0)
		return ret;
	(void)git_oid_tostr(hex, sizeof(hex), id);
	frame_begin(output, SAY_COMMIT);
	frame_add_text(output, hex);
	frame_add_byte(output, commit->parent_count < 2 ? (uint8_t)commit->parent_count : 2);
	frame_add_size(output, (uint64_t)commit->time);
	say_span(output, commit->subject);
	say_span(output, commit->name);
	say_span(output, commit->email);
	frame_end(output);
	return inside_send(walk->inside, false, err);
}

/* Come up from a commit whose parents were all said. */
static int walk_leave(struct walk *walk, struct mp_error *err)
{
	struct step *step = &walk->steps[--walk->depth];
	git_odb_object *object = NULL;
	struct commit_text commit;
	git_oid tree;
	int ret;

	free(step->parents);
	ret = walk_read(walk, &step->id, &object, &commit, err);
	if (ret != 0)
		return ret < 0 ? ret : 0;
	ret = walk_say(walk, &step->id, &commit, err);
	(void)git_oid_fromstrn(&tree, commit.tree.bytes, 40);
	if (ret == 0 && commit.parent_count == 0)
		ret = scan_list(&walk->scan, &tree, err);
	if (ret == 0)
		ret = scan_secrets(&walk->scan, &tree, err);
	git_odb_object_free(object);
	return ret;
}

int inside_reaches(struct inside *inside, const git_oid *tip, const git_oid *id, bool *ret_reaches,
		   struct mp_error *err)
{
	struct walk walk = {.inside = inside, .scan.inside = inside};
	int ret = walk_enter(&walk, tip, err);

	*ret_reaches = false;
	while (ret == 0 && walk.depth > 0 && walk.limit == HISTORY_WHOLE && !*ret_reaches) {
		struct step *step = &walk.steps[walk.depth - 1];

		*ret_reaches = git_oid_equal(&step->id, id);
		if (step->next < step->count)
			ret = walk_enter(&walk, &step->parents[step->next++], err);
		else
			free(walk.steps[--walk.depth].parents);
	}
	walk_done(&walk);
	return ret;
}

int inside_say_history(struct inside *inside, const git_oid *tip, enum history_limit *ret_limit,
		       struct mp_error *err)
{
	struct walk walk = {.inside = inside, .scan.inside = inside};
	int ret = walk_enter(&walk, tip, err);

	while (ret == 0 && walk.depth > 0 && walk.limit == HISTORY_WHOLE) {
		struct step *step = &walk.steps[walk.depth - 1];

		if (step->next < step->count)
			ret = walk_enter(&walk, &step->parents[step->next++], err);
		else
			ret = walk_leave(&walk, err);
	}
	/* Its tree was read: that its history is elsewhere spares the history alone. */
	if (ret < 0 && inside->is_lacking) {
		walk.limit = HISTORY_LACKING;
		ret = 0;
	}
	if (walk.limit == HISTORY_WHOLE && walk.scan.is_cut)
		walk.limit = HISTORY_LARGE;
	*ret_limit = walk.limit;
	walk_done(&walk);
	return ret;
}
