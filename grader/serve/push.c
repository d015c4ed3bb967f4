/* SPDX-License-Identifier: MIT */
/*
 * What hooks say, and what the learner reads in the push.
 *
 *   pre-receive   may it? Then the ticket is written (receiving): "received 4f1c2a9 from asha at 18:42:07 IST"
 *   post-receive  main has moved: the ticket is queued, its events are shown until it has ended
 *   proc-receive  refs/for/ID: the same, and below the bar the push itself is refused, with the score
 *
 * Whoever hangs up loses the lines, not the grading. After WATCH_MS the push ends by itself, earlier when many
 * wait at once.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "grader/serve/inside.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/columns.h"

enum {
	WATCH_MS = 2 * 60 * 1000,
	WATCH_CROWDED_MS = 20 * 1000,
	CROWD = 100,
	PLACE_MS = 5 * 1000, /* the place in the queue is said so often at most */
	LINE_BYTES = 400,
	PUSH_COLUMNS = 72,
};

/* One packet to the hook. False: the hook does not read, or is gone. */
static bool say(struct git *git, const char *word, const char *text)
{
	char packet[TALK_BYTES];
	int count = snprintf(packet, sizeof(packet), "%s%s", word, text);

	if (count < 0)
		return false;
	if ((size_t)count >= sizeof(packet))
		count = sizeof(packet) - 1;
	return send(git->talk.fd, packet, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL) == count;
}

/* TEXT may have several lines. */
static void say_lines(struct git *git, const char *first, const char *text)
{
	while (*text) {
		char line[LINE_BYTES];
		size_t length = strcspn(text, "\n");

		(void)snprintf(line, sizeof(line), "%s%.*s", first, (int)length, text);
		(void)say(git, TALK_LINE, line);
		text += length + (text[length] == '\n');
		first = "";
	}
}

/* A sentence of ours of any length, from "milepost: " on; a line that begins with a blank is a command and stays whole. */
static void say_words(struct git *git, const char *words)
{
	static const char first[] = "milepost: ";
	mp_autotext struct text wrapped = {0};

	text_init(&wrapped, 4096);
	for (const char *line = words; *line;) {
		size_t length = strcspn(line, "\n");
		const struct layout layout = {.width = PUSH_COLUMNS,
					      .column = line == words ? sizeof(first) - 1 : 0};

		if (*line == ' ')
			text_add_bytes(&wrapped, line, length);
		else
			columns_wrap(&wrapped,
				     arena_format(git->request->arena, "%.*s", (int)length, line),
				     &layout);
		text_add_char(&wrapped, '\n');
		line += length + (line[length] == '\n');
	}
	say_lines(git, first, text_get(&wrapped));
}

/* The hook ends, and what it spoke of is over. */
static void end(struct git *git, int status)
{
	char text[8];

	(void)snprintf(text, sizeof(text), "%d", status);
	(void)say(git, TALK_END, text);
	git->push.is_streaming = false;
	git->push.hook[0] = '\0';
	git->push.ref_count = 0;
}

/* A strict push is refused with WHY; any other just ends. */
static void end_stream(struct git *git, const char *why)
{
	if (strcmp(git->push.hook, HOOK_PROC) == 0)
		(void)say(git, *why ? TALK_NG : TALK_OK, why);
	end(git, 0);
}

static void refuse(struct git *git, const char *why)
{
	say_words(git, why);
	end(git, 1);
}

static void fail_ours(struct git *git, const struct mp_error *err)
{
	log_add("push of %s: %s", git->request->learner.handle, err->text);
	refuse(git, "this push could not be taken, for a reason of ours: nothing was\n"
		    "changed, and the operator can read why. Push again in a minute.");
}

/* --- pre-receive ------------------------------------------------------------------------------ */

static void say_received(struct git *git, const struct receipt *receipt)
{
	time_t seconds = receipt->received_at / 1000;
	struct tm local = {0};
	char clock[32] = "";
	char line[LINE_BYTES];

	if (localtime_r(&seconds, &local))
		(void)strftime(clock, sizeof(clock), "%H:%M:%S %Z", &local);
	(void)snprintf(line, sizeof(line), "milepost: received %.7s from %s at %s", receipt->commit,
		       git->request->learner.handle, clock);
	(void)say(git, TALK_LINE, line);
}

static void pre_receive(struct git *git)
{
	struct push *push = &git->push;
	const char *why = NULL;
	struct receipt receipt = {.learner = git->request->learner.id,
				  .ref = push->refs[0].name,
				  .old_commit = push->refs[0].old_commit,
				  .commit = push->refs[0].commit,
				  .received_at = clock_wall_ms()};
	struct mp_error err = {0};
	int ret;

	if (git->server->is_draining) {
		refuse(git, "the server is just stopping: nothing was changed. Push again in a\n"
			    "minute.");
		return;
	}
	if (push->ref_count > PUSH_REFS_MAX || push->is_received) {
		refuse(git, "One branch at a time is taken. Type:\n  git push origin main");
		return;
	}
	if (!refs_decide(push->refs, push->ref_count, push->is_shallow, git->server->road,
			 git->request->arena, &receipt.exercise, &why)) {
		refuse(git, why);
		return;
	}
	ret = ticket_receive(git->server->ledger, &receipt, &push->ticket, &err);
	if (ret == -EDQUOT || ret == -EPERM) {
		refuse(git, err.text);
		return;
	}
	if (ret < 0) {
		fail_ours(git, &err);
		return;
	}
	push->is_received = true;
	say_received(git, &receipt);
	end(git, 0);
}

/* --- the ticket's events ----------------------------------------------------------------------- */

static void show_event(struct git *git, const struct event *event)
{
	json_t *body = json_loads(event->body, 0, NULL);
	json_t *lines = json_object_get(body, "lines");
	json_t *line;
	size_t i;

	json_array_foreach (lines, i, line) {
		mp_autotext struct text text;

		if (!json_is_string(line))
			continue;
		text_init(&text, LINE_BYTES);
		text_add_visible(&text, json_string_value(line), json_string_length(line),
				 LINE_BYTES);
		(void)say(git, TALK_LINE, text_get(&text));
	}
	json_decref(body);
}

/* RESULT, which is below BAR: "80 of 100, needs work". Who has passed all the same is told the bar. */
static const char *in_words(struct arena *arena, const struct result *result, int64_t bar)
{
	bool has_passed =
		strcmp(result->status, "passed") == 0 || strcmp(result->status, "mastered") == 0;
	char *words =
		arena_format(arena, "%lld of 100, %s", (long long)result->score, result->status);

	for (char *c = words; *c; c++)
		*c = *c == '-' ? ' ' : *c;
	return has_passed ? arena_format(arena, "%s; here the bar is %lld", words, (long long)bar)
			  : words;
}

/* "80 of 100, needs work": why a strict push is refused; "" when what counts of it is at the bar. */
static const char *strict_reason(struct git *git, const struct ticket *ticket, struct arena *arena)
{
	struct ledger *ledger = git->server->ledger;
	struct score *scores = NULL;
	size_t count = 0;
	const char *written = "";
	int64_t bar = 0;

	if (ticket->state != TICKET_GRADED || !ticket->exercise)
		return ticket->state == TICKET_GRADED ? "" : "not graded";
	if (policy_get(ledger, ticket->exercise, "bar", arena, &written, NULL) < 0 ||
	    parse_count(written, &bar) < 0 ||
	    score_list(ledger, ticket->learner, SCORE_LATEST, arena, &scores, &count, NULL) < 0)
		return "the score cannot be read";
	for (size_t i = 0; i < count; i++) {
		const struct result *result = &scores[i].result;

		if (strcmp(result->exercise, ticket->exercise) == 0)
			return result->counted >= bar ? "" : in_words(arena, result, bar);
	}
	return "not graded";
}

/* What was pushed after its date counts, and is marked: here, and on the page. */
static void show_late(struct git *git, const struct ticket *ticket, struct arena *arena)
{
	struct ledger *ledger = git->server->ledger;
	struct score *scores = NULL;
	size_t count = 0;

	if (score_list(ledger, ticket->learner, SCORE_LATEST, arena, &scores, &count, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		const char *exercise = scores[i].result.exercise;
		const char *written = "";
		int64_t due = 0;

		if (scores[i].ticket == ticket->id &&
		    policy_get(ledger, exercise, "due", arena, &written, NULL) == 0 && *written &&
		    policy_moment(written, &due) == 0 && ticket->received_at > due)
			say_words(git, arena_format(arena, "%s was due %s: pushed late.", exercise,
						    written));
	}
}

/* What a state says of itself, where no event does. */
static const char *const state_lines[TICKET_STATES] = {
	[TICKET_REPLACED] = "milepost: a newer push of yours came before this one was graded.",
	[TICKET_VOID] = "milepost: this push is not graded.",
	[TICKET_FAILED] = "milepost: it could not be graded, for a reason of ours. The\n"
			  "attempt does not count, and the operator can read why.",
};

static void say_place(struct git *git, int64_t now_ms)
{
	struct push *push = &git->push;
	char line[LINE_BYTES];
	int64_t place = 0;

	if (now_ms - push->place_ms < PLACE_MS ||
	    ticket_place(git->server->ledger, push->ticket, &place, NULL) < 0)
		return;
	push->place_ms = now_ms;
	if (place > 1 && place != push->place) {
		(void)snprintf(line, sizeof(line), "milepost: place %lld in the queue",
			       (long long)place);
		(void)say(git, TALK_LINE, line);
	}
	push->place = place;
}

static void show_link(struct git *git, struct arena *arena)
{
	const struct learner *learner = &git->request->learner;
	const char *link = web_link(git->request, learner->id, arena);
	mp_autotext struct text words = {0};

	if (!link)
		return;
	pages_link_words(git->server->pages, learner, &words);
	say_lines(git, "", text_get(&words));
	say_lines(git, "", link);
}

static void show_end(struct git *git, const struct ticket *ticket, struct arena *arena)
{
	if (state_lines[ticket->state]) {
		say_lines(git, "", state_lines[ticket->state]);
		if (ticket->state == TICKET_VOID && ticket->reason && *ticket->reason)
			say_words(git, ticket->reason);
	}
	if (ticket->state == TICKET_GRADED) {
		show_late(git, ticket, arena);
		show_link(git, arena);
	}
	end_stream(git, strict_reason(git, ticket, arena));
}

void push_tick(struct git *git)
{
	mp_autoarena struct arena *arena = NULL;
	struct ledger *ledger = git->server->ledger;
	struct push *push = &git->push;
	struct event *events = NULL;
	struct ticket ticket = {0};
	size_t count = 0;
	int64_t now_ms = clock_now_ms();
	int64_t most_ms = git->server->git_count > CROWD ? WATCH_CROWDED_MS : WATCH_MS;

	if (!push->is_streaming)
		return;
	arena = arena_new();
	/* The ticket first: what has ended by then has all its events. */
	if (ticket_find(ledger, push->ticket, arena, &ticket, NULL) < 0 ||
	    event_list(ledger, push->ticket, push->seen, arena, &events, &count, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		show_event(git, &events[i]);
		push->seen = events[i].number;
	}
	if (ticket.state != TICKET_QUEUED && ticket.state != TICKET_CLAIMED) {
		show_end(git, &ticket, arena);
	} else if (git->server->is_draining || now_ms - push->begun_ms > most_ms) {
		say_words(git,
			  git->server->is_draining
				  ? "the server is stopping; your push is kept and will be graded."
				  : "grading goes on; you need not wait for it.");
		end_stream(git, "not graded yet; it will be");
	} else if (ticket.state == TICKET_QUEUED) {
		say_place(git, now_ms);
	}
}

/* --- after the ref has moved -------------------------------------------------------------------- */

static void begin_stream(struct git *git)
{
	struct push *push = &git->push;
	struct mp_error err = {0};

	if (!push->is_received) {
		end_stream(git, "");
		return;
	}
	if (ticket_queue(git->server->ledger, push->ticket, &err) < 0) {
		log_add("queueing a push of %s: %s", git->request->learner.handle, err.text);
		say_words(git, "your push is kept. It will be graded in a minute or so.");
		end_stream(git, "not graded yet; it will be");
		return;
	}
	push->is_received = false;
	push->is_streaming = true;
	push->begun_ms = clock_now_ms();
	push_tick(git);
}

static const struct {
	const char *name;
	void (*run)(struct git *git);
} hooks[] = {
	{HOOK_PRE, pre_receive},
	{HOOK_POST, begin_stream},
	{HOOK_PROC, begin_stream},
};

static void take_ref(struct push *push, const char *line)
{
	struct ref_change change;

	/* A name that is too long is as many refs as are too many. */
	if (!ref_change_read(line, &change))
		push->ref_count = PUSH_REFS_MAX;
	else if (push->ref_count < PUSH_REFS_MAX)
		push->refs[push->ref_count] = change;
	if (push->ref_count <= PUSH_REFS_MAX)
		push->ref_count++;
}

/* What follows WORD in PACKET, or NULL. */
static const char *behind(const char *packet, const char *word)
{
	size_t length = strlen(word);

	return strncmp(packet, word, length) == 0 ? packet + length : NULL;
}

void push_hear(struct git *git, const char *packet)
{
	struct push *push = &git->push;
	const char *rest;

	if ((rest = behind(packet, TALK_HOOK))) {
		(void)snprintf(push->hook, sizeof(push->hook), "%.15s", rest);
		push->ref_count = 0;
		push->is_shallow = false;
	} else if ((rest = behind(packet, TALK_REF))) {
		take_ref(push, rest);
	} else if (behind(packet, TALK_SHALLOW)) {
		push->is_shallow = true;
	} else if (behind(packet, TALK_GO) && !push->is_streaming) {
		for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
			if (strcmp(push->hook, hooks[i].name) == 0) {
				hooks[i].run(git);
				return;
			}
		}
		end(git, 1);
	}
}

void push_settle(struct git *git)
{
	struct ledger *ledger = git->server->ledger;
	mp_autoarena struct arena *arena = NULL;
	struct mp_error err = {0};
	struct ticket ticket;
	bool has = false;
	int ret;

	if (!git->push.is_received)
		return;
	arena = arena_new();
	ret = ticket_find(ledger, git->push.ticket, arena, &ticket, &err);
	if (ret == 0)
		ret = data_has_commit(git->server, &ticket, &has, &err);
	if (ret == 0 && has)
		ret = ticket_queue(ledger, ticket.id, &err);
	else if (ret == 0)
		ret = ticket_void(ledger, ticket.id, "the push did not arrive whole", &err);
	/* Else the sweeper does it, in a minute. */
	if (ret < 0)
		log_add("settling a push of %s: %s", git->request->learner.handle, err.text);
}
