/* SPDX-License-Identifier: MIT */
/* milepost admin: operating a server. The tables of its commands, and what they share. */
#include "grader/cmd/admin.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *const list_words[] = {"text", "json", NULL};

static const struct command *const learner_parts[] = {
	&command_learner_add,	 &command_learner_import,
	&command_learner_list,	 &command_learner_token,
	&command_learner_close,	 &command_learner_open,
	&command_learner_forget, NULL,
};
static const struct command command_learner = {
	.name = "learner",
	.summary = "who learns here: add, import, list, token, forget",
	.parts = learner_parts,
};

static const struct command *const tickets_parts[] = {
	&command_tickets_list,
	&command_tickets_retry,
	&command_tickets_drop,
	NULL,
};
static const struct command command_tickets = {
	.name = "tickets",
	.summary = "what was pushed, and how far it is",
	.parts = tickets_parts,
};

static const struct command *const policy_parts[] = {
	&command_policy_list,
	&command_policy_set,
	NULL,
};
static const struct command command_policy = {
	.name = "policy",
	.summary = "attempts, dates, bars: for all or for one exercise",
	.parts = policy_parts,
};

static const struct command *const instructor_parts[] = {&command_instructor_token, NULL};
static const struct command command_instructor = {
	.name = "instructor",
	.summary = "the token that opens the instructor's pages",
	.parts = instructor_parts,
};

static const struct command *const admin_parts[] = {
	&command_learner,
	&command_tickets,
	&command_policy,
	&command_instructor,
	&command_backup,
	&command_tidy,
	NULL,
};
const struct command command_admin = {
	.name = "admin",
	.summary = "operate a server: learners, tickets, policies, backups",
	.parts = admin_parts,
};

/* --- shared ---------------------------------------------------------------------------------- */

int admin_ledger(const char *data, enum ledger_open_as as, struct ledger **ret_ledger,
		 struct mp_error *err)
{
	if (!data)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "say --data DIR, the data folder of the server");
	return ledger_open(data, as, ret_ledger, err);
}

const char *admin_time(struct arena *arena, int64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	char text[40];
	struct tm local;

	if (ms == 0 || !localtime_r(&seconds, &local) ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local) == 0)
		return "";
	return arena_text(arena, text);
}

/* Characters, as a terminal has them for most scripts: bytes that begin one. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void admin_print(struct arena *arena, const struct cells *rows, size_t count, size_t columns)
{
	size_t widths[CELLS_MAX] = {0};
	struct cells *seen = arena_alloc(arena, count, sizeof(seen[0]));

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < columns; k++) {
			const char *cell = rows[i].rows[k] ? rows[i].rows[k] : "";
			mp_autotext struct text text = {0};

			text_add_visible(&text, cell, strlen(cell), 300);
			seen[i].rows[k] = arena_text(arena, text_get(&text));
			if (width_of(seen[i].rows[k]) > widths[k])
				widths[k] = width_of(seen[i].rows[k]);
		}
	}
	for (size_t i = 0; i < count; i++) {
		size_t last = columns;

		while (last > 1 && !*seen[i].rows[last - 1])
			last--;
		for (size_t k = 0; k < last; k++)
			(void)printf("%s%*s", seen[i].rows[k],
				     k + 1 < last ? (int)(widths[k] - width_of(seen[i].rows[k]) + 2)
						  : 0,
				     "");
		(void)putchar('\n');
	}
}

void admin_print_json(json_t *root)
{
	(void)json_dumpf(root, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
	(void)putchar('\n');
	json_decref(root);
}

/* What is there of LEARNER goes; ID 0: there is no row yet. What cannot be undone is added to ERR. */
static void take_back(struct ledger *ledger, const struct hosted *hosted,
		      const struct learner *learner, int64_t id, struct mp_error *err)
{
	bool is_left = hosted_remove(hosted, learner->handle, NULL) < 0;

	/* -EBUSY: the row is gone all the same. */
	if (id) {
		int ret = learner_forget(ledger, id, NULL, NULL);

		is_left = is_left || (ret < 0 && ret != -EBUSY);
	}
	if (is_left)
		(void)mp_wrap(err, "a part of %s is left, see milepost admin learner forget",
			      learner->handle);
}

int admin_add(struct ledger *ledger, const struct hosted *hosted, const char *exercises,
	      const struct newcomers *newcomers, struct mp_error *err)
{
	size_t made = 0;
	int ret = 0;

	for (; ret == 0 && made < newcomers->count; made++)
		ret = hosted_make(hosted, exercises, newcomers->learners[made], err);
	if (ret < 0)
		made--; /* it has left nothing */
	else
		ret = hosted_sync(hosted, err);
	for (size_t i = 0; ret == 0 && i < newcomers->count; i++) {
		const struct learner *learner = newcomers->learners[i];

		ret = learner_add(ledger, learner, &newcomers->ids[i], err);
		if (ret == 0)
			ret = hosted_show(hosted, learner->handle, err);
		if (ret == 0)
			ret = token_make(ledger, newcomers->ids[i], false, newcomers->tokens[i],
					 err);
	}
	for (size_t i = 0; ret < 0 && i < made; i++)
		take_back(ledger, hosted, newcomers->learners[i], newcomers->ids[i], err);
	return ret;
}
