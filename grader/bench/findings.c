/* SPDX-License-Identifier: MIT */
/*
 * Why a service did not become ready, as its author reads it: what was started, what was found,
 * what was wanted, what it said, and what to do. One function a finding.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/bench/inside.h"

#define NEXT_LINE "Change that line, commit, push: the other checks will then be run."
#define NEXT_CODE "Mend that, commit, push: the other checks will then be run."

static const char *in_seconds(int64_t ms, struct arena *arena)
{
	return arena_format(arena, "%lld.%lld s", (long long)(ms / 1000),
			    (long long)(ms % 1000 / 100));
}

/* 10000 is "10 s", 500 is "500 ms". */
static const char *limit_words(int64_t ms, struct arena *arena)
{
	return ms % 1000 == 0 ? arena_format(arena, "%lld s", (long long)(ms / 1000))
			      : arena_format(arena, "%lld ms", (long long)ms);
}

static void add_started(struct bench *bench, struct outcome *outcome)
{
	const struct entry_line *entry = &bench->spec.file->entries[ENTRY_START];

	outcome_fact(outcome, bench->spec.arena,
		     (struct fact){.label = "started",
				   .value = entry->command,
				   .note = entry_place(entry, bench->spec.arena)});
}

/* Windows calls it python. */
static const char *command_on_windows(const char *command, struct arena *arena)
{
	if (strncmp(command, "python3 ", 8) == 0)
		return arena_format(arena, "python %s", command + 8);
	return command;
}

/* The commands that repeat the start on a desk. */
static void add_desk_commands(struct bench *bench, struct text *text)
{
	const char *command = bench->spec.file->entries[ENTRY_START].command;
	const char *path = bench->spec.exercise->health.path;

	text_addf(text, "  Linux, macOS  PORT=%d %s\n", bench->port, command);
	text_addf(text, "  PowerShell    $env:PORT=%d; %s\n", bench->port,
		  command_on_windows(command, bench->spec.arena));
	text_addf(text, "  then          curl -i http://127.0.0.1:%d%s   (PowerShell: curl.exe)",
		  bench->port, path ? path : "/");
}

static const char *take_text(struct text *text, struct arena *arena)
{
	const char *kept = arena_text(arena, text_get(text));

	text_done(text);
	return kept;
}

static const char *port_advice(struct bench *bench)
{
	struct text text;

	text_init(&text, 4096);
	text_add(&text,
		 "Here, as on a real server, somebody else chooses the port and passes it in the\n"
		 "variable PORT.");
	if (bench->pack)
		text_addf(&text, " In %s:  %s", bench->pack->title, bench->pack->port_line);
	text_add(&text, "\n");
	add_desk_commands(bench, &text);
	return take_text(&text, bench->spec.arena);
}

static const char *desk_advice(struct bench *bench, const char *first)
{
	struct text text;

	text_init(&text, 4096);
	text_addf(&text, "%s\n", first);
	add_desk_commands(bench, &text);
	return take_text(&text, bench->spec.arena);
}

/* The lines that name the port that was found, else the last ones. */
static void add_said_of(struct bench *bench, int port, struct outcome *outcome)
{
	const char *lines[SAID_LINES_MAX];
	const char *chosen[SAID_LINES_MAX];
	size_t count = bench_said_lines(bench, SAID_LINES_MAX, lines);
	size_t chosen_count = 0;
	char number[16];

	(void)snprintf(number, sizeof(number), ":%d", port);
	for (size_t i = 0; i < count; i++) {
		if (strstr(lines[i], number))
			chosen[chosen_count++] = lines[i];
	}
	if (chosen_count > 0)
		outcome_said(outcome, bench->spec.arena, chosen, chosen_count);
	else if (count > 0)
		outcome_said(outcome, bench->spec.arena, lines + count - 1, 1);
}

static void add_said(struct bench *bench, struct outcome *outcome)
{
	const char *lines[SAID_LINES_MAX];
	size_t count = bench_said_lines(bench, SAID_LINES_MAX, lines);

	outcome_said(outcome, bench->spec.arena, lines, count);
}

static const char *listener_place(const struct mp_listener *listener, struct arena *arena)
{
	return strchr(listener->address, ':')
		       ? arena_format(arena, "[%s]:%d", listener->address, listener->port)
		       : arena_format(arena, "%s:%d", listener->address, listener->port);
}

static void add_found(struct bench *bench, const struct mp_listener *listener,
		      struct outcome *outcome)
{
	struct arena *arena = bench->spec.arena;
	const char *after = in_seconds(listener->after_ms, arena);

	outcome_fact(outcome, arena,
		     (struct fact){
			     .label = "found",
			     .value = listener_place(listener, arena),
			     .note = listener->command[0]
					     ? arena_format(arena, "opened by %s after %s",
							    listener->command, after)
					     : arena_format(arena, "opened after %s", after),
			     .is_note_measured = true,
		     });
}

/* Another port, or the right port at an address that nobody asks. */
void start_wrong_place(struct bench *bench, const struct sighting *sighting,
		       struct outcome *ret_outcome)
{
	const struct mp_listener *other = &sighting->other;
	struct arena *arena = bench->spec.arena;
	bool is_port_right = other->port == bench->port;

	*ret_outcome = (struct outcome){
		.verdict = VERDICT_FAIL,
		.message =
			is_port_right
				? arena_format(
					  arena,
					  "your service runs, but at the address %s. It is asked at 127.0.0.1.",
					  other->address)
				: arena_format(
					  arena,
					  "your service runs, but on port %d. It was told PORT=%d.",
					  other->port, bench->port),
		.advice = is_port_right
				  ? desk_advice(
					    bench,
					    "Listen on the address in the variable HOST, or on all "
					    "(0.0.0.0).")
				  : port_advice(bench),
		.next = NEXT_LINE,
	};
	add_started(bench, ret_outcome);
	add_found(bench, other, ret_outcome);
	outcome_fact(ret_outcome, arena,
		     (struct fact){
			     .label = "wanted",
			     .value = is_port_right
					      ? arena_format(arena, "127.0.0.1:%d", bench->port)
					      : arena_format(arena, "port %d", bench->port),
			     .note = "still closed 2.0 s later",
			     .is_note_measured = true,
		     });
	add_said_of(bench, other->port, ret_outcome);
}

void start_never_listened(struct bench *bench, struct outcome *ret_outcome)
{
	struct arena *arena = bench->spec.arena;
	const char *limit = limit_words(bench_limits(bench).start_ms, arena);

	*ret_outcome = (struct outcome){
		.verdict = VERDICT_FAIL,
		.message = arena_format(
			arena,
			"your service runs, but opened no port within %s. It was told PORT=%d.",
			limit, bench->port),
		.advice = port_advice(bench),
		.next = NEXT_CODE,
	};
	add_started(bench, ret_outcome);
	outcome_fact(ret_outcome, arena,
		     (struct fact){.label = "wanted",
				   .value = arena_format(arena, "port %d", bench->port)});
	add_said(bench, ret_outcome);
}

void start_ended(struct bench *bench, bool was_listening, struct outcome *ret_outcome)
{
	struct arena *arena = bench->spec.arena;
	const char *words =
		bench_end_words(bench, &bench->result, bench_limits(bench).start_ms, arena);
	bool is_clean = bench->result.end == MP_END_EXITED && bench->result.exit_code == 0;
	const char *advice = bench_shell_advice(bench, ENTRY_START, &bench->result);

	if (!advice && is_clean)
		advice = desk_advice(bench,
				     "A service stays in the foreground until it is told to end.");
	if (!advice)
		advice = desk_advice(bench, "Try it at your desk:");
	*ret_outcome = (struct outcome){
		.verdict = bench_end_verdict(&bench->result),
		.message =
			was_listening
				? arena_format(arena, "your service %s when it was asked for %s.",
					       words, bench->spec.exercise->health.path)
				: arena_format(arena, "your service %s before it opened port %d.",
					       words, bench->port),
		.advice = advice,
		.next = NEXT_CODE,
	};
	add_started(bench, ret_outcome);
	add_said(bench, ret_outcome);
}

static void add_status_evidence(struct bench *bench, const struct wire_answer *answer,
				struct outcome *outcome)
{
	const struct health *health = &bench->spec.exercise->health;
	struct arena *arena = bench->spec.arena;
	struct evidence *evidence =
		arena_push(arena, &outcome->evidence, &outcome->evidence_count, sizeof(*evidence));
	struct mismatch *mismatch;

	evidence->repeat = arena_format(arena, "curl -i \"$BASE_URL%s\"", health->path);
	evidence->request = arena_format(arena, "GET %s", health->path);
	mismatch = arena_push(arena, &evidence->mismatches, &evidence->mismatch_count,
			      sizeof(*mismatch));
	*mismatch =
		(struct mismatch){"status", arena_format(arena, "%lld", (long long)health->status),
				  arena_format(arena, "%d", answer->status)};
}

/* It listens, but its health is not as wanted. */
void start_unhealthy(struct bench *bench, const struct wire_answer *answer,
		     struct outcome *ret_outcome)
{
	const struct health *health = &bench->spec.exercise->health;
	struct arena *arena = bench->spec.arena;
	const char *limit = limit_words(bench_limits(bench).start_ms, arena);
	const char *why =
		answer->problem == WIRE_TIMEOUT
			? arena_format(arena,
				       "no whole answer came before the %s for starting were over",
				       limit)
			: answer->problem_text;

	*ret_outcome = (struct outcome){.verdict = VERDICT_FAIL, .next = NEXT_CODE};
	if (answer->problem == WIRE_OK) {
		ret_outcome->message = arena_format(
			arena, "your service listens on port %d, but GET %s answers %d, not %lld.",
			bench->port, health->path, answer->status, (long long)health->status);
		add_status_evidence(bench, answer, ret_outcome);
	} else {
		ret_outcome->message = arena_format(
			arena, "your service listens on port %d, but does not answer GET %s: %s.",
			bench->port, health->path, why);
	}
	ret_outcome->advice = desk_advice(bench, "Try it at your desk:");
	add_started(bench, ret_outcome);
	add_said(bench, ret_outcome);
}

/* --- what is not written down -------------------------------------------------------------- */

/* One fact a line of the complaint. */
static void add_lines(struct outcome *outcome, struct arena *arena, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		if (length > 0)
			outcome_fact(outcome, arena,
				     (struct fact){.label = "",
						   .value = arena_bytes(arena, lines, length)});
		lines += length + (lines[length] == '\n');
	}
}

/* An example of a line, in the language of the track where it is known. */
static const char *example_of(const struct bench *bench, enum entry entry)
{
	const struct pack *pack = bench->pack ? bench->pack : packs;
	bool is_service = entry == ENTRY_START || entry == ENTRY_WORKER;

	return is_service ? pack->service : pack->example;
}

bool bench_lacks(struct bench *bench, enum entry entry, struct outcome *ret_outcome)
{
	const struct program_file *file = bench->spec.file;
	struct arena *arena = bench->spec.arena;
	bool is_top = strcmp(bench->spec.folder, ".") == 0;
	const char *path = is_top ? "milepost.yaml"
				  : arena_format(arena, "%s/milepost.yaml", bench->spec.folder);

	if (!file->complaint && file->entries[entry].command)
		return false;
	*ret_outcome = (struct outcome){.verdict = VERDICT_FAIL, .next = NEXT_LINE};
	if (file->complaint) {
		ret_outcome->message = "how your program is started cannot be read:";
		add_lines(ret_outcome, arena, file->complaint);
		return true;
	}
	ret_outcome->message =
		file->has_own_file
			? arena_format(arena, "%s has no line `%s`.", path, entry_words[entry])
			: arena_format(arena, "%s is not there yet.", path);
	ret_outcome->advice = arena_format(
		arena, "%s%sIt says how your program is %s, in one line like\n  %s: %s",
		file->near ? file->near : "", file->near ? "\n" : "",
		entry == ENTRY_START   ? "started"
		: entry == ENTRY_BUILD ? "built"
				       : "run",
		entry_words[entry], example_of(bench, entry));
	ret_outcome->next =
		arena_format(arena, "Write %s, commit, push: the checks will then be run.",
			     file->has_own_file ? "that line" : path);
	return true;
}
