/* SPDX-License-Identifier: MIT */
/* Which refs may be pushed: a table, from the most special row to the most general. */
#include "grader/serve/refs.h"

#include <string.h>

enum { HEX_DIGITS = 40 };

static bool is_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") >= HEX_DIGITS;
}

bool ref_change_read(const char *line, struct ref_change *ret_change)
{
	const char *name = line + 2 * (HEX_DIGITS + 1);
	size_t length;

	if (!is_hex(line) || line[HEX_DIGITS] != ' ' || !is_hex(line + HEX_DIGITS + 1) ||
	    line[2 * HEX_DIGITS + 1] != ' ')
		return false;
	length = strcspn(name, "\n");
	if (length == 0 || length >= REF_BYTES)
		return false;
	memset(ret_change, 0, sizeof(*ret_change));
	memcpy(ret_change->old_commit, line, HEX_DIGITS);
	memcpy(ret_change->commit, line + HEX_DIGITS + 1, HEX_DIGITS);
	memcpy(ret_change->name, name, length);
	return true;
}

bool commit_is_none(const char *hex)
{
	return strspn(hex, "0") == HEX_DIGITS;
}

/* What is refused, by how the ref begins; %s is what follows. */
static const struct {
	const char *prefix;
	bool is_whole; /* the name ends there */
	const char *why;
} refused[] = {
	{"refs/heads/master", true,
	 "Your branch is called master; here the branch is called main. Type:\n"
	 "  git branch -m master main\n"
	 "  git push -u origin main"},
	{"refs/heads/", false,
	 "Only the branch main is graded. To submit %s, type:\n"
	 "  git push origin %s:main"},
	{"refs/tags/", false,
	 "Tags are not taken: what is graded is the branch main. Type:\n"
	 "  git push origin main"},
	{"refs/milepost/", false,
	 "refs/milepost/%s is written by milepost alone. Type:\n"
	 "  git push origin main"},
	{"", false,
	 "%s is not a branch. Type:\n"
	 "  git push origin main"},
};

/* WHY with each %s replaced by REST, which git has checked to be a name of a ref; what is no ASCII is left out. */
static const char *say_refused(struct arena *arena, const char *why, const char *rest)
{
	mp_autotext struct text text;

	text_init(&text, 2048);
	for (; *why; why++) {
		if (why[0] != '%' || why[1] != 's') {
			text_add_char(&text, *why);
			continue;
		}
		for (const char *c = rest; *c; c++)
			text_add_char(&text, *c > ' ' && *c < 127 ? *c : '?');
		why++;
	}
	return arena_text(arena, text_get(&text));
}

static const char *why_not(const struct ref_change *change, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		size_t length = strlen(refused[i].prefix);

		if (strncmp(change->name, refused[i].prefix, length) == 0 &&
		    (!refused[i].is_whole || !change->name[length]))
			return say_refused(arena, refused[i].why, change->name + length);
	}
	return "This ref is not taken.";
}

static bool is_published(const struct road *road, const char *id)
{
	for (size_t i = 0; i < road->published_count; i++) {
		if (strcmp(road->published[i], id) == 0)
			return true;
	}
	return false;
}

/* refs/for/ID: the exercise must be there. */
static bool decide_strict(const char *id, const struct road *road, struct arena *arena,
			  const char **ret_exercise, const char **ret_why)
{
	const char *near = road_nearest(road, id);

	if (is_published(road, id)) {
		*ret_exercise = arena_text(arena, id);
		return true;
	}
	if (near && is_published(road, near))
		*ret_why =
			arena_format(arena,
				     "There is no exercise of this name. Did you mean %s? Type:\n"
				     "  git push origin HEAD:refs/for/%s",
				     near, near);
	else
		*ret_why = "There is no exercise of this name. To have everything graded, type:\n"
			   "  git push origin main";
	return false;
}

bool refs_decide(const struct ref_change *changes, size_t count, bool is_shallow,
		 const struct road *road, struct arena *arena, const char **ret_exercise,
		 const char **ret_why)
{
	static const char strict[] = "refs/for/";
	bool is_main;

	*ret_exercise = NULL;
	*ret_why = NULL;
	for (size_t i = 0; i < count && !*ret_why; i++) {
		if (commit_is_none(changes[i].commit))
			*ret_why = "Nothing is deleted here: each commit that was pushed is kept.\n"
				   "To go on from where you are, type:\n"
				   "  git push origin main";
	}
	if (!*ret_why && is_shallow)
		*ret_why = "Your clone is shallow: it lacks the older commits. Type:\n"
			   "  git fetch --unshallow\n"
			   "  git push origin main";
	is_main = count > 0 && strcmp(changes[0].name, "refs/heads/main") == 0;
	if (!*ret_why && count != 1)
		*ret_why = "One branch at a time is taken. Type:\n"
			   "  git push origin main";
	if (!*ret_why && !is_main && strncmp(changes[0].name, strict, sizeof(strict) - 1) == 0)
		return decide_strict(changes[0].name + sizeof(strict) - 1, road, arena,
				     ret_exercise, ret_why);
	if (!*ret_why && !is_main)
		*ret_why = why_not(&changes[0], arena);
	return !*ret_why;
}
