/* SPDX-License-Identifier: MIT */
/*
 * The probe program. Each step is one run in a box: arguments, input and files in; exit status,
 * output, processor time and files out. What the program writes is a claim and is compared out
 * here, with the text of the exercise or with what the model answers to the same input in a box of
 * its own.
 */
#include "grader/program/program.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/program/inner.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

enum { ARGS_MAX = 64, SAID_MOST = 6 };

static const char *const run_keys[] = {"stdin", "files", "save", "near", "expect", NULL};

static const struct verb program_verbs[] = {
	{"run", VERB_ARGS, NULL, run_keys, program_parts,
	 "runs the learner's program with these arguments behind its run line"},
};

static const struct field program_fields[] = {
	{"stdin", FIELD_FREE, offsetof(struct program_keys, input), 0, 0,
	 "the input: a text, {file: data/sample.txt} or {make: NAME, lines: 200}", NULL, false},
	{"files", FIELD_FREE, offsetof(struct program_keys, files), 0, 0,
	 "files to write before the run: a map of name to content", NULL, false},
};

/* --- at load time -------------------------------------------------------------------------- */

static void examine_files(const struct step *step, const json_t *files, complain_fn *complain,
			  struct complaints *to)
{
	const char *name;
	json_t *content;

	if (files && !json_is_object(files))
		complain(to, step->line, step->column,
			 "files: write a map of file name to content");
	json_object_foreach (json_readable(files), name, content) {
		if (!json_is_string(content))
			complain(to, step->line, step->column, "files: %s is a text", name);
	}
}

static void examine(const struct exercise *exercise, const struct step *step, complain_fn *complain,
		    struct complaints *to)
{
	const struct program_keys *keys = step->keys;
	char text[256] = "";
	const char *part;
	json_t *pattern;
	json_t *arg;
	size_t i;

	if (!input_examine(exercise, keys ? keys->input : NULL, text, sizeof(text)))
		complain(to, step->line, step->column, "%s", text);
	examine_files(step, keys ? keys->files : NULL, complain, to);
	if (json_array_size(step->value) > ARGS_MAX)
		complain(to, step->line, step->column, "run: at most %d arguments", ARGS_MAX);
	json_array_foreach (json_readable(step->value), i, arg) {
		if (!json_is_string(arg) && !json_is_integer(arg))
			complain(to, step->line, step->column, "run: an argument is a text");
	}
	json_object_foreach (json_readable(step->expect), part, pattern) {
		if (!part_examine(exercise, part, pattern, text, sizeof(text)))
			complain(to, step->line, step->column, "%s", text);
	}
}

/* --- one step ------------------------------------------------------------------------------ */

/* A check while it runs. */
struct running {
	struct probe_run *run;
	struct outcome outcome;
	bool is_over; /* the later steps are not run */
};

/* The arguments with their names filled in. */
static int fill_args(struct probe_run *run, const struct step *step, const char **args,
		     struct mp_error *err)
{
	size_t count = 0;
	json_t *item;
	size_t i;

	json_array_foreach (json_readable(step->value), i, item) {
		json_t *filled = NULL;
		int code = names_fill(run->names, item, &filled, err);

		if (code < 0)
			return code;
		if (count < ARGS_MAX)
			args[count++] = json_is_string(filled)
						? arena_text(run->arena, json_string_value(filled))
						: arena_format(run->arena, "%" JSON_INTEGER_FORMAT,
							       json_integer_value(filled));
		json_decref(filled);
	}
	args[count] = NULL;
	return 0;
}

int put_files(struct probe_run *run, struct bench *bench, const struct step *step,
	      struct mp_error *err)
{
	const struct program_keys *keys = step->keys;
	const char *name;
	json_t *item;

	json_object_foreach (json_readable(keys ? keys->files : NULL), name, item) {
		json_t *filled = NULL;
		int code = names_fill(run->names, item, &filled, err);

		if (code == 0 && !json_is_string(filled))
			code = mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "files.%s is no text", name);
		if (code == 0)
			code = bench_put(bench, name, json_string_value(filled),
					 json_string_length(filled), err);
		json_decref(filled);
		if (code < 0)
			return code;
	}
	return 0;
}

/* How a learner runs it again: the shell line, or milepost where the input is made. */
static const char *repeat_line(const struct judging *judging)
{
	const struct input *input = judging->input;
	struct bench *bench = judging->run->bench;
	struct arena *arena = judging->run->arena;
	mp_autotext struct text line = {0};

	if (input->is_made)
		return arena_format(arena, "milepost check %s --seed %llu",
				    judging->run->exercise->id,
				    (unsigned long long)bench_seed(bench));
	text_init(&line, 4096);
	text_addf(&line, "%s%s", input->repeat ? input->repeat : "",
		  bench_command(bench, ENTRY_RUN));
	for (const char *const *arg = judging->args; *arg; arg++) {
		text_add_char(&line, ' ');
		bench_quote(&line, *arg);
	}
	text_add(&line, input->behind ? input->behind : "");
	return arena_text(arena, text_get(&line));
}

/* Exit, output and errors as values, for patterns, near misses and `save`. */
static json_t *parts_of(const struct bench_run *run)
{
	json_t *parts = json_object();

	if (run->result.end == MP_END_EXITED)
		(void)json_object_set_new(parts, "exit", json_integer(run->result.exit_code));
	(void)json_object_set_new(parts, "stdout",
				  match_text_of_bytes(run->stdout_bytes, run->stdout_count));
	(void)json_object_set_new(parts, "stderr",
				  match_text_of_bytes(run->stderr_bytes, run->stderr_count));
	return parts;
}

/* The exercise's own near misses before the general ones. */
static const char *near_miss(const struct judging *judging)
{
	const char *say = match_near_miss(judging->step, judging->parts, judging->run->names);

	return say ? say : judging->say;
}

static void save(struct running *running, struct judging *judging)
{
	struct mp_error err = {0};

	if (!judging->step->save ||
	    names_save(running->run->names, judging->step->save, judging->parts, &err) == 0)
		return;
	add_mismatch(&judging->told, "save", "something that a later step needs",
		     arena_text(running->run->arena, err.text));
	running->is_over = true;
}

/* What a program said before it failed, told once a check. */
static void add_said(struct running *running, const struct bench_run *run)
{
	const char *lines[SAID_MOST];
	struct outcome *outcome = &running->outcome;
	struct arena *arena = running->run->arena;
	size_t count;

	for (size_t i = 0; i < outcome->fact_count; i++) {
		if (strcmp(outcome->facts[i].label, "it said") == 0)
			return;
	}
	count = said_lines(run->stderr_bytes, run->stderr_count, SAID_MOST, lines, arena);
	for (size_t i = 0; i < count; i++) {
		struct fact *fact =
			arena_push(arena, &outcome->facts, &outcome->fact_count, sizeof(*fact));

		*fact = (struct fact){
			.label = i == 0 ? "it said" : "", .value = lines[i], .is_measured = true};
	}
}

/* The sentence of the first step that failed. */
static const char *message_of(const struct judging *judging)
{
	static const struct {
		const char *path, *format;
	} rows[] = {
		{"exit", "The exit status is not the wanted one."},
		{"stdout", "The output is not the wanted one."},
		{"stderr", "What is written to standard error is not as wanted."},
		{"cpu", "It is right, but too slow: it takes too much processor time."},
		{"memory", "It is right, but needs too much memory."},
		{"files", "The files that it writes are not as wanted."},
	};
	const char *path = judging->told.items[0].path;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strncmp(path, rows[i].path, strlen(rows[i].path)) == 0)
			return rows[i].format;
	}
	return "The run is not as wanted.";
}

static void add_failure(struct running *running, struct judging *judging)
{
	struct outcome *outcome = &running->outcome;
	struct arena *arena = running->run->arena;
	struct evidence *evidence =
		arena_push(arena, &outcome->evidence, &outcome->evidence_count, sizeof(*evidence));

	*evidence = (struct evidence){
		.repeat = repeat_line(judging),
		.request = judging->input->words
				   ? arena_format(arena, "a run %s", judging->input->words)
				   : "a run",
		.mismatches = judging->told.items,
		.mismatch_count = judging->told.count,
		.say = near_miss(judging),
	};
	if (!outcome->message)
		outcome->message = message_of(judging);
	if (!outcome->advice)
		outcome->advice = bench_shell_advice(running->run->bench, ENTRY_RUN,
						     &judging->result->result);
	if (outcome->verdict == VERDICT_PASS)
		outcome->verdict = VERDICT_FAIL;
	if (judging->result->result.end != MP_END_EXITED || judging->result->result.exit_code != 0)
		add_said(running, judging->result);
}

/* A limit ends the check: there is no answer to judge. */
static bool met_limit(struct running *running, struct judging *judging)
{
	const struct bench_run *run = judging->result;
	struct bench *bench = running->run->bench;
	struct arena *arena = running->run->arena;
	struct mp_box_result result = run->result;
	int64_t wall_ms = bench_limits(bench).check_ms;

	if (bench_end_verdict(&result) != VERDICT_LIMIT && result.is_output_cut)
		result.end = MP_END_OUTPUT;
	if (bench_end_verdict(&result) != VERDICT_LIMIT)
		return false;
	running->outcome.message = arena_format(arena, "Your program %s.",
						bench_end_words(bench, &result, wall_ms, arena));
	running->outcome.verdict = VERDICT_LIMIT;
	running->is_over = true;
	add_failure(running, judging);
	add_said(running, run);
	return true;
}

static int judge(struct running *running, struct judging *judging, struct mp_error *err)
{
	const char *part;
	json_t *pattern;

	if (judge_was_too_slow(judging)) {
		running->outcome.message =
			"It takes more than twice the processor time that is allowed, and was ended.";
		running->is_over = true;
		add_failure(running, judging);
		return 0;
	}
	if (met_limit(running, judging))
		return 0;
	json_object_foreach (json_readable(judging->step->expect), part, pattern) {
		int code = judge_part(judging, part, pattern, err);

		if (code < 0)
			return code;
	}
	save(running, judging);
	if (judging->told.count > 0)
		add_failure(running, judging);
	return 0;
}

static void add_usage(struct usage *usage, const struct mp_box_result *result)
{
	usage->wall_ms += result->wall_ms;
	usage->cpu_ms += result->cpu_ms;
	if (result->memory_peak_bytes > usage->memory_peak_bytes)
		usage->memory_peak_bytes = result->memory_peak_bytes;
}

static int run_step(struct running *running, const struct step *step, struct mp_error *err)
{
	struct probe_run *run = running->run;
	const char *args[ARGS_MAX + 1];
	struct input input = {.fd = -1};
	struct bench_call call = {.args = args};
	struct bench_run result = {0};
	struct judging judging = {.run = run,
				  .step = step,
				  .input = &input,
				  .args = args,
				  .result = &result,
				  .told = {.arena = run->arena},
				  .outcome = &running->outcome};
	int code = fill_args(run, step, args, err);

	code = code < 0 ? code : put_files(run, run->bench, step, err);
	code = code < 0 ? code : input_make(run, step, &input, err);
	code = code < 0 ? code : judge_cpu_bound(&judging, &call.cpu_ms, err);
	code = code < 0 ? code : input_rewind(&input, err);
	call.stdin_fd = input.fd;
	code = code < 0 ? code : bench_run(run->bench, &call, run->arena, &result, err);
	if (code == 0) {
		add_usage(&running->outcome.usage, &result.result);
		judging.parts = parts_of(&result);
		code = judge(running, &judging, err);
		json_decref(judging.parts);
	}
	input_done(&input);
	return code;
}

/* --- the check ----------------------------------------------------------------------------- */

static void end_by_time(struct running *running)
{
	running->outcome.verdict = VERDICT_LIMIT;
	running->outcome.message =
		arena_format(running->run->arena, "The check was not done within its %lld s.",
			     (long long)(bench_limits(running->run->bench).check_ms + 999) / 1000);
	running->is_over = true;
}

static int run_check(struct probe_run *run, struct outcome *ret_outcome, struct mp_error *err)
{
	struct running running = {
		.run = run, .outcome = {.verdict = VERDICT_PASS, .usage.memory_peak_bytes = -1}};

	if (bench_lacks(run->bench, ENTRY_RUN, ret_outcome))
		return 0;
	for (size_t i = 0; i < run->check->step_count && !running.is_over; i++) {
		int code;

		if (run->deadline_ms > 0 && clock_now_ms() >= run->deadline_ms) {
			end_by_time(&running);
			break;
		}
		code = run_step(&running, &run->check->steps[i], err);
		if (code < 0)
			return mp_wrap(err, "check %s, line %d", run->check->id,
				       run->check->steps[i].line);
	}
	*ret_outcome = running.outcome;
	return 0;
}

const struct probe_kind program_probe = {
	.name = "program",
	.verbs = program_verbs,
	.verb_count = sizeof(program_verbs) / sizeof(program_verbs[0]),
	.fields = program_fields,
	.field_count = sizeof(program_fields) / sizeof(program_fields[0]),
	.step_size = sizeof(struct program_keys),
	.examine = examine,
	.run = run_check,
};
