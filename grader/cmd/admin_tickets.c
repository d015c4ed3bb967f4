/* SPDX-License-Identifier: MIT */
/* milepost admin tickets: list, retry, drop; and milepost admin policy: list, set. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "grader/cmd/admin.h"
#include "grader/manifest/manifest.h"

/* --- tickets list ---------------------------------------------------------------------------- */

struct tickets_options {
	const char *data;
	const char *learner;
	const char *state;
	int64_t most;
	int format;
};

static const struct field tickets_fields[] = {
	OPTION_DATA(tickets_options),
	{"learner", FIELD_TEXT, offsetof(struct tickets_options, learner), 1, 40,
	 "only those of this handle", NULL, false},
	{"state", FIELD_TEXT, offsetof(struct tickets_options, state), 1, 20,
	 "only those that are receiving, queued, claimed, graded, replaced, void or failed", NULL,
	 false},
	{"most", FIELD_COUNT, offsetof(struct tickets_options, most), 1, 1000000,
	 "at most so many, the newest first (default: 50)", NULL, false},
	OPTION_LIST(tickets_options),
};

static int find_state(const char *word, enum ticket_state *ret_state, struct mp_error *err)
{
	const char *near;

	*ret_state = TICKET_STATES;
	if (!word)
		return 0;
	for (int state = 0; state < TICKET_STATES; state++) {
		if (strcmp(ticket_state_words[state], word) == 0) {
			*ret_state = state;
			return 0;
		}
	}
	near = nearest_of(word, ticket_state_words);
	if (near)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--state: no ticket is ever '%s'; did you mean '%s'?", word, near);
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "--state: no ticket is ever '%s'; there is receiving, queued, claimed, "
		       "graded, replaced, void, failed",
		       word);
}

static void print_tickets(struct arena *arena, const struct ticket *tickets, size_t count)
{
	struct cells *rows = arena_alloc(arena, count + 1, sizeof(rows[0]));

	rows[0] = (struct cells){
		{"TICKET", "STATE", "HANDLE", "RECEIVED", "COMMIT", "REF", "FAULTS", "REASON"}};
	for (size_t i = 0; i < count; i++) {
		const struct ticket *ticket = &tickets[i];
		const char *reason = ticket->reason ? ticket->reason : "";

		if (ticket->replaced_by)
			reason = arena_format(arena, "by ticket %lld",
					      (long long)ticket->replaced_by);
		rows[i + 1] =
			(struct cells){{arena_format(arena, "%lld", (long long)ticket->id),
					ticket_state_words[ticket->state], ticket->handle,
					admin_time(arena, ticket->received_at),
					arena_format(arena, "%.10s", ticket->commit), ticket->ref,
					arena_format(arena, "%d", ticket->faults), reason}};
	}
	admin_print(arena, rows, count + 1, 8);
}

static void print_tickets_json(const struct ticket *tickets, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct ticket *ticket = &tickets[i];

		(void)json_array_append_new(
			list,
			json_pack(
				"{s:I, s:s, s:s, s:s, s:s, s:s?, s:b, s:I, s:I, s:I, s:i, s:s?, s:I}",
				"ticket", (json_int_t)ticket->id, "handle", ticket->handle, "state",
				ticket_state_words[ticket->state], "ref", ticket->ref, "commit",
				ticket->commit, "exercise", ticket->exercise, "regrade",
				ticket->is_regrade, "received_at", (json_int_t)ticket->received_at,
				"claimed_at", (json_int_t)ticket->claimed_at, "ended_at",
				(json_int_t)ticket->ended_at, "faults", ticket->faults, "reason",
				ticket->reason, "replaced_by", (json_int_t)ticket->replaced_by));
	}
	admin_print_json(list);
}

static int run_tickets_list(struct context *context, const void *given,
			    const struct text_list *words, struct mp_error *err)
{
	const struct tickets_options *options = given;
	struct learner learner = {0};
	struct ticket *tickets = NULL;
	struct ledger *ledger = NULL;
	enum ticket_state state;
	size_t count = 0;
	int ret = find_state(options->state, &state, err);

	(void)words;
	if (ret == 0)
		ret = admin_ledger(options->data, LEDGER_READ_ONLY, &ledger, err);
	if (ret == 0 && options->learner)
		ret = learner_find(ledger, options->learner, context->arena, &learner, err);
	if (ret == 0)
		ret = ticket_list(ledger, learner.id, state,
				  options->most ? (size_t)options->most : 50, context->arena,
				  &tickets, &count, err);
	if (ret == 0 && options->format == LIST_JSON)
		print_tickets_json(tickets, count);
	else if (ret == 0)
		print_tickets(context->arena, tickets, count);
	ledger = ledger_close(ledger);
	return ret;
}

const struct command command_tickets_list = {
	.name = "list",
	.usage = "--data DIR [OPTION]...",
	.summary = "list what was pushed, the newest first",
	COMMAND_OPTIONS(tickets_options, tickets_fields),
	.run = run_tickets_list,
};

/* --- tickets retry, drop --------------------------------------------------------------------- */

struct act_options {
	const char *data;
	const char *reason;
};

static const struct field retry_fields[] = {
	OPTION_DATA(act_options),
};

static const struct field drop_fields[] = {
	OPTION_DATA(act_options),
	{"reason", FIELD_TEXT, offsetof(struct act_options, reason), 1, 200,
	 "what the learner reads (default: dropped by the instructor)", NULL, false},
};

enum { TICKETS_MOST = 1000 };

/* All numbers are looked at before anything is done. */
static int read_numbers(const struct text_list *words, struct arena *arena, struct ledger *ledger,
			int64_t **ret_ids, struct mp_error *err)
{
	int64_t *ids = arena_alloc(arena, words->count, sizeof(ids[0]));
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < words->count; i++) {
		struct ticket ticket;

		if (parse_count(words->items[i], &ids[i]) < 0 || ids[i] < 1)
			ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
				      "'%.40s' is not the number of a ticket; milepost admin "
				      "tickets list shows them",
				      words->items[i]);
		else
			ret = ticket_find(ledger, ids[i], arena, &ticket, err);
	}
	*ret_ids = ids;
	return ret;
}

static int act_on(struct context *context, const struct act_options *options,
		  const struct text_list *words, bool is_retry, struct mp_error *err)
{
	const char *reason = options->reason ? options->reason : "dropped by the instructor";
	struct ledger *ledger = NULL;
	int64_t *ids = NULL;
	int ret = admin_ledger(options->data, LEDGER_EXISTING, &ledger, err);

	if (ret == 0)
		ret = read_numbers(words, context->arena, ledger, &ids, err);
	for (size_t i = 0; ret == 0 && i < words->count; i++) {
		ret = is_retry ? ticket_retry(ledger, ids[i], err)
			       : ticket_void(ledger, ids[i], reason, err);
		if (ret == 0)
			(void)printf("Ticket %lld is %s.\n", (long long)ids[i],
				     is_retry ? "queued again" : "dropped, its attempt given back");
	}
	ledger = ledger_close(ledger);
	return ret;
}

static int run_retry(struct context *context, const void *given, const struct text_list *words,
		     struct mp_error *err)
{
	return act_on(context, given, words, true, err);
}

static int run_drop(struct context *context, const void *given, const struct text_list *words,
		    struct mp_error *err)
{
	return act_on(context, given, words, false, err);
}

const struct command command_tickets_retry = {
	.name = "retry",
	.usage = "TICKET... --data DIR",
	.summary = "queue tickets again that failed or are void",
	COMMAND_OPTIONS(act_options, retry_fields),
	.words_low = 1,
	.words_high = TICKETS_MOST,
	.run = run_retry,
};

const struct command command_tickets_drop = {
	.name = "drop",
	.usage = "TICKET... --data DIR [--reason TEXT]",
	.summary = "take tickets away that wait or failed; the attempt is given back",
	COMMAND_OPTIONS(act_options, drop_fields),
	.words_low = 1,
	.words_high = TICKETS_MOST,
	.run = run_drop,
};

/* --- policy ---------------------------------------------------------------------------------- */

struct policy_options {
	const char *data;
	const char *exercise;
	const char *exercises;
	int format;
};

static const struct field policy_list_fields[] = {
	OPTION_DATA(policy_options),
	OPTION_LIST(policy_options),
};

static const struct field policy_set_fields[] = {
	OPTION_DATA(policy_options),
	{"exercise", FIELD_TEXT, offsetof(struct policy_options, exercise), 1, 64,
	 "for this exercise alone (default: for all)", NULL, false},
	OPTION_EXERCISES(policy_options),
};

static void print_policies(struct arena *arena, const struct policy_row *policies, size_t count)
{
	struct cells *rows = arena_alloc(arena, count + 1, sizeof(rows[0]));

	rows[0] = (struct cells){{"POLICY", "EXERCISE", "VALUE", "STANDARD", "WHAT IT IS"}};
	for (size_t i = 0; i < count; i++)
		rows[i + 1] = (struct cells){
			{policies[i].name, *policies[i].exercise ? policies[i].exercise : "all",
			 *policies[i].value ? policies[i].value : "none",
			 *policies[i].standard ? policies[i].standard : "none", policies[i].help}};
	admin_print(arena, rows, count + 1, 5);
}

static void print_policies_json(const struct policy_row *policies, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:s, s:s, s:b}", "policy", policies[i].name,
				  "exercise", policies[i].exercise, "value", policies[i].value,
				  "standard", policies[i].standard, "set", policies[i].is_set));
	admin_print_json(list);
}

static int run_policy_list(struct context *context, const void *given,
			   const struct text_list *words, struct mp_error *err)
{
	const struct policy_options *options = given;
	struct policy_row *rows = NULL;
	struct ledger *ledger = NULL;
	size_t count = 0;
	int ret = admin_ledger(options->data, LEDGER_READ_ONLY, &ledger, err);

	(void)words;
	if (ret == 0)
		ret = policy_list(ledger, context->arena, &rows, &count, err);
	if (ret == 0 && options->format == LIST_JSON)
		print_policies_json(rows, count);
	else if (ret == 0)
		print_policies(context->arena, rows, count);
	ledger = ledger_close(ledger);
	return ret;
}

/* A policy of an exercise that is not there would never be asked for. One may be taken back that was there once. */
static int check_exercise(struct context *context, const struct policy_options *options,
			  struct mp_error *err)
{
	const char *id = options->exercise;
	const char *exercises;
	const char *near;
	struct road *road = NULL;
	int ret = context_exercises(context, options->exercises, &exercises, err);

	if (ret == 0)
		ret = road_load(exercises, &road, NULL, err);
	if (ret == 0 && !road_find(road, id)) {
		near = road_nearest(road, id);
		ret = mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "there is no exercise '%s'%s%s%s", id,
			      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	road = road_free(road);
	return ret;
}

static int run_policy_set(struct context *context, const void *given, const struct text_list *words,
			  struct mp_error *err)
{
	const struct policy_options *options = given;
	const char *exercise = options->exercise ? options->exercise : "";
	const char *name = words->items[0];
	bool is_standard = strcmp(words->items[1], "standard") == 0;
	struct ledger *ledger = NULL;
	const char *value;
	int ret = *exercise && !is_standard ? check_exercise(context, options, err) : 0;

	if (ret == 0)
		ret = admin_ledger(options->data, LEDGER_OR_MAKE, &ledger, err);
	if (ret == 0)
		ret = policy_set(ledger, exercise, name, is_standard ? NULL : words->items[1], err);
	if (ret == 0)
		ret = policy_get(ledger, exercise, name, context->arena, &value, err);
	if (ret == 0)
		(void)printf("%s for %s: %s\n", name, *exercise ? exercise : "all exercises",
			     *value ? value : "none");
	ledger = ledger_close(ledger);
	return ret;
}

const struct command command_policy_list = {
	.name = "list",
	.usage = "--data DIR [OPTION]...",
	.summary = "list every policy, its value and its standard",
	COMMAND_OPTIONS(policy_options, policy_list_fields),
	.run = run_policy_list,
};

const struct command command_policy_set = {
	.name = "set",
	.usage = "POLICY VALUE --data DIR [OPTION]...",
	.summary = "set a policy; the value standard sets it back",
	COMMAND_OPTIONS(policy_options, policy_set_fields),
	.words_low = 2,
	.words_high = 2,
	.run = run_policy_set,
};
