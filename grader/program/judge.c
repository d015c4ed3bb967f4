/* SPDX-License-Identifier: MIT */
/* The parts of a run that expect may name: one function a part. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grader/program/inner.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

/* More than CPU_CERTAIN times what is allowed is too slow on any machine; a box is ended a moment later. */
enum { CPU_PAIRS = 3, CPU_FACTOR_MAX = 1000, CPU_CERTAIN = 2, CPU_LATE_MS = 100 };

/* A run of the model or the reference, where its failing is the exercise's fault. */
static int run_beside(struct judging *judging, const char *folder, struct mp_error *err)
{
	struct bench_call call = {.args = judging->args, .stdin_fd = judging->input->fd};
	struct bench_run *run = &judging->beside_run;
	struct bench *other = NULL;
	int code = bench_beside(judging->run->bench, folder, &other, err);

	judging->beside = NULL;
	code = code < 0 ? code : put_files(judging->run, other, judging->step, err);
	code = code < 0 ? code : input_rewind(judging->input, err);
	if (code == 0)
		code = bench_run(other, &call, judging->run->arena, run, err);
	if (code == 0 && run->result.end != MP_END_EXITED)
		code = mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%s: its own run ended as '%s'",
			       folder, mp_end_word(run->result.end));
	if (code == 0 && run->result.is_output_cut)
		code = mp_fail(err, MP_FAULT_CONTENT, -EBADMSG,
			       "%s: its output is larger than limits.output", folder);
	if (code < 0)
		return mp_wrap(err, "the answer to compare with");
	judging->beside = folder;
	return 0;
}

/* The same, or the run just made where it was of the same program: the model may be the reference. */
static int run_beside_once(struct judging *judging, const char *folder, struct mp_error *err)
{
	if (judging->beside && strcmp(judging->beside, folder) == 0)
		return 0;
	return run_beside(judging, folder, err);
}

static const char *exit_words(const struct judging *judging, const struct bench_run *run)
{
	return run->result.end == MP_END_EXITED
		       ? arena_format(judging->run->arena, "%d", run->result.exit_code)
		       : bench_end_words(judging->run->bench, &run->result, 0, judging->run->arena);
}

static int judge_exit(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	const json_t *got = json_object_get(judging->parts, "exit");

	(void)err;
	if (json_is_integer(got))
		(void)match_part("exit", pattern, got, judging->run->names, &judging->told);
	else
		add_mismatch(&judging->told, "exit",
			     match_describe(pattern, judging->run->names, judging->run->arena),
			     exit_words(judging, judging->result));
	return 0;
}

/* Plain text is compared byte by byte, other patterns by the matcher. */
static int judge_stream(struct judging *judging, const char *name, const json_t *pattern,
			const char *bytes, size_t count, struct mp_error *err)
{
	json_t *filled = NULL;
	int code;

	if (!is_plain_text(pattern)) {
		(void)match_part(name, pattern, json_object_get(judging->parts, name),
				 judging->run->names, &judging->told);
		return 0;
	}
	code = names_fill(judging->run->names, pattern, &filled, err);
	if (code < 0)
		return code;
	if (!json_is_string(filled))
		(void)match_part(name, filled, json_object_get(judging->parts, name),
				 judging->run->names, &judging->told);
	else if (!compare_output(name, json_string_value(filled), json_string_length(filled), bytes,
				 count, &judging->told) &&
		 !judging->say)
		judging->say = output_near_miss(json_string_value(filled),
						json_string_length(filled), bytes, count);
	if (judging->say)
		judging->say = arena_text(judging->run->arena, judging->say);
	json_decref(filled);
	return 0;
}

static int judge_stdout(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	return judge_stream(judging, "stdout", pattern, judging->result->stdout_bytes,
			    judging->result->stdout_count, err);
}

static int judge_stderr(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	return judge_stream(judging, "stderr", pattern, judging->result->stderr_bytes,
			    judging->result->stderr_count, err);
}

/* Names the model's answer in a store; NULL: it depends on more than made input and arguments. */
static const char *model_key(const struct judging *judging)
{
	const struct program_keys *keys = judging->step->keys;
	struct arena *arena = judging->run->arena;
	const char *key = judging->input->key;

	if (!key || (keys && keys->files))
		return NULL;
	key = arena_format(arena, "%s\nmodel %s", key, judging->run->exercise->model);
	for (const char *const *arg = judging->args; *arg; arg++)
		key = arena_format(arena, "%s\n%s", key, *arg);
	return key;
}

/* What the model answers to the same input. */
static int ask_model(struct judging *judging, struct stored_answer *ret_answer,
		     struct mp_error *err)
{
	struct bench_store *store = bench_store(judging->run->bench);
	const struct bench_run *run = &judging->beside_run;
	const char *key = store ? model_key(judging) : NULL;
	const struct stored_answer *stored = key ? bench_store_answer(store, key) : NULL;
	int code;

	if (stored) {
		*ret_answer = *stored;
		return 0;
	}
	code = run_beside_once(judging, judging->run->exercise->model, err);
	if (code < 0)
		return code;
	*ret_answer =
		(struct stored_answer){run->result.exit_code, run->stdout_bytes, run->stdout_count};
	if (key)
		bench_store_keep_answer(store, key, ret_answer);
	return 0;
}

/* like: model */
static int judge_like(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	const struct bench_run *got = judging->result;
	struct stored_answer model;
	int code = ask_model(judging, &model, err);

	(void)pattern;
	if (code < 0)
		return code;
	if (got->result.end != MP_END_EXITED || got->result.exit_code != model.exit_code)
		add_mismatch(&judging->told, "exit",
			     arena_format(judging->run->arena, "%d", model.exit_code),
			     exit_words(judging, got));
	if (!compare_output("stdout", model.bytes, model.count, got->stdout_bytes,
			    got->stdout_count, &judging->told) &&
	    !judging->say)
		judging->say = output_near_miss(model.bytes, model.count, got->stdout_bytes,
						got->stdout_count);
	return 0;
}

/* --- processor time ------------------------------------------------------------------------ */

/* "6x" in hundredths: 600; 0 when it is no factor. */
static int64_t factor_of(const char *text)
{
	char *end;
	double value = text ? strtod(text, &end) : 0;

	if (!text || end == text || strcmp(end, "x") != 0 || !(value > 0) || value > CPU_FACTOR_MAX)
		return 0;
	return (int64_t)(value * 100 + 0.5);
}

static void add_fact(struct judging *judging, struct fact fact)
{
	struct outcome *outcome = judging->outcome;
	struct fact *kept = arena_push(judging->run->arena, &outcome->facts, &outcome->fact_count,
				       sizeof(*kept));

	*kept = fact;
}

static const char *cpu_words(int64_t us, struct arena *arena)
{
	return arena_format(arena, "%" PRId64 ".%02" PRId64 " s", us / 1000000,
			    us % 1000000 / 10000);
}

/* At most half of what is allowed, or more than CPU_CERTAIN times: no further pair is needed. */
static bool is_clear(int64_t own_us, int64_t reference_us, int64_t factor)
{
	int64_t most_us = reference_us * factor / 100;

	return own_us * 2 <= most_us || own_us > most_us * CPU_CERTAIN;
}

static int64_t least(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* One run of the reference: the least processor time so far is kept, never 0. */
static int measure_reference(struct judging *judging, const char *folder, struct mp_error *err)
{
	int code = run_beside(judging, folder, err);
	int64_t took_us = judging->beside_run.result.cpu_us;

	if (code < 0)
		return code;
	took_us = took_us > 0 ? took_us : 1;
	judging->reference_us =
		judging->reference_us > 0 ? least(judging->reference_us, took_us) : took_us;
	return 0;
}

int judge_cpu_bound(struct judging *judging, int64_t *ret_ms, struct mp_error *err)
{
	int64_t factor =
		factor_of(json_string_value(json_object_get(judging->step->expect, "cpu")));
	const char *folder = factor > 0 ? bench_reference(judging->run->bench) : NULL;
	int code;

	*ret_ms = 0;
	if (!folder)
		return 0;
	code = measure_reference(judging, folder, err);
	if (code == 0)
		*ret_ms = judging->reference_us * factor / 100 * CPU_CERTAIN / 1000 + CPU_LATE_MS;
	return code;
}

/*
 * Runs of the program and of the reference take turns, so that both meet the same machine; the
 * least of each counts, because other work on the machine only ever adds. One pair is enough when
 * it is clear. The first pair is made before anything is judged.
 */
static int measure_against(struct judging *judging, const char *folder, int64_t factor,
			   int64_t *ret_own_us, struct mp_error *err)
{
	struct bench_call call = {.args = judging->args, .stdin_fd = judging->input->fd};
	int code = 0;

	*ret_own_us = judging->result->result.cpu_us;
	for (int pair = 1; code == 0 && pair < CPU_PAIRS; pair++) {
		struct bench_run run = {0};

		if (is_clear(*ret_own_us, judging->reference_us, factor) ||
		    clock_now_ms() >= judging->run->deadline_ms)
			break;
		code = input_rewind(judging->input, err);
		if (code == 0)
			code = bench_run(judging->run->bench, &call, judging->run->arena, &run,
					 err);
		if (code == 0 && run.result.end == MP_END_EXITED)
			*ret_own_us = least(*ret_own_us, run.result.cpu_us);
		if (code == 0)
			code = measure_reference(judging, folder, err);
	}
	return code;
}

/* TEXT is the factor, "6x". */
static void tell_slow(struct judging *judging, const char *text, int64_t own_us)
{
	struct arena *arena = judging->run->arena;

	add_mismatch(&judging->told, "cpu",
		     arena_format(arena, "at most %.*s times that of our own solution",
				  (int)strlen(text) - 1, text),
		     "more");
	add_fact(judging,
		 (struct fact){
			 .label = "cpu",
			 .value = "processor time",
			 .note = arena_format(arena, "%s, ours %s", cpu_words(own_us, arena),
					      cpu_words(judging->reference_us, arena)),
			 .is_note_measured = true,
		 });
}

static int judge_cpu_factor(struct judging *judging, int64_t factor, const char *text,
			    struct mp_error *err)
{
	struct arena *arena = judging->run->arena;
	const char *folder = bench_reference(judging->run->bench);
	const char *language = bench_language(judging->run->bench);
	int64_t own_us;
	int code;

	if (!folder) {
		add_fact(
			judging,
			(struct fact){
				.label = "not judged",
				.value = arena_format(
					arena,
					"the processor time: we have no solution in %s to compare it with",
					language ? language : "this language"),
			});
		return 0;
	}
	code = measure_against(judging, folder, factor, &own_us, err);
	if (code < 0 || own_us * 100 <= judging->reference_us * factor)
		return code;
	tell_slow(judging, text, own_us);
	return 0;
}

bool judge_was_too_slow(struct judging *judging)
{
	if (judging->reference_us == 0 || judging->result->result.end != MP_END_CPU)
		return false;
	tell_slow(judging, json_string_value(json_object_get(judging->step->expect, "cpu")),
		  judging->result->result.cpu_us);
	return true;
}

static int judge_cpu(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	const char *text = json_string_value(pattern);
	int64_t factor = factor_of(text);
	int64_t most_ms = 0;

	if (factor > 0)
		return judge_cpu_factor(judging, factor, text, err);
	if (!text || parse_msec(text, &most_ms) < 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "cpu is written 6x or 2s");
	if (judging->result->result.cpu_us > most_ms * 1000)
		add_mismatch(
			&judging->told, "cpu",
			arena_format(judging->run->arena, "at most %s of processor time", text),
			"more");
	return 0;
}

static int judge_memory(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	const char *text = json_string_value(pattern);
	int64_t most = 0;

	if (!text || parse_bytes(text, &most) < 0)
		return mp_fail(err, MP_FAULT_CONTENT, -EINVAL, "memory is written 64M");
	if (judging->result->result.memory_peak_bytes < 0)
		add_fact(judging,
			 (struct fact){.label = "not judged",
				       .value = "the memory: this machine does not count it"});
	else if (judging->result->result.memory_peak_bytes > most)
		add_mismatch(&judging->told, "memory",
			     arena_format(judging->run->arena, "at most %s", text), "more");
	return 0;
}

/* files: a map of name to pattern, for what the program wrote. */
static int judge_files(struct judging *judging, const json_t *pattern, struct mp_error *err)
{
	struct arena *arena = judging->run->arena;
	const char *name;
	json_t *item;

	json_object_foreach (json_readable(pattern), name, item) {
		const char *bytes = NULL;
		size_t count = 0;
		json_t *got;
		int code = bench_take(judging->run->bench, name, arena, &bytes, &count, err);

		if (code < 0)
			return code;
		got = bytes ? match_text_of_bytes(bytes, count) : NULL;
		if (bytes && is_plain_text(item))
			(void)compare_output(arena_format(arena, "files.%s", name),
					     json_string_value(item), json_string_length(item),
					     bytes, count, &judging->told);
		else
			(void)match_part(arena_format(arena, "files.%s", name), item, got,
					 judging->run->names, &judging->told);
		json_decref(got);
	}
	return 0;
}

const char *const program_parts[] = {"exit", "stdout", "stderr", "like",
				     "cpu",  "memory", "files",	 NULL};

/* Cheap ones first; those that run something else last. */
static const struct {
	const char *part;
	int (*judge)(struct judging *judging, const json_t *pattern, struct mp_error *err);
} part_rows[] = {
	{"exit", judge_exit},	{"stdout", judge_stdout}, {"stderr", judge_stderr},
	{"files", judge_files}, {"memory", judge_memory}, {"like", judge_like},
	{"cpu", judge_cpu},
};

int judge_part(struct judging *judging, const char *part, const json_t *pattern,
	       struct mp_error *err)
{
	for (size_t i = 0; i < sizeof(part_rows) / sizeof(part_rows[0]); i++) {
		if (strcmp(part_rows[i].part, part) == 0)
			return part_rows[i].judge(judging, pattern, err);
	}
	return mp_fail(err, MP_FAULT_BUG, -EINVAL, "unknown part '%s'", part);
}

bool part_examine(const struct exercise *exercise, const char *part, const json_t *pattern,
		  char *ret_text, size_t size)
{
	const char *text = json_string_value(pattern);
	int64_t number;

	*ret_text = '\0';
	if (strcmp(part, "like") == 0) {
		if (!text || strcmp(text, "model") != 0)
			(void)snprintf(ret_text, size, "like: the one thing to be like is 'model'");
		else if (!exercise->model)
			(void)snprintf(ret_text, size,
				       "like: model, but the exercise names no model");
	} else if (strcmp(part, "cpu") == 0) {
		if (factor_of(text) == 0 && (!text || parse_msec(text, &number) < 0))
			(void)snprintf(
				ret_text, size,
				"cpu: write 6x (times the reference in the same language) or 2s");
	} else if (strcmp(part, "memory") == 0) {
		if (!text || parse_bytes(text, &number) < 0)
			(void)snprintf(ret_text, size, "memory: write a size like 64M");
	} else if (strcmp(part, "files") == 0 && !json_is_object(pattern)) {
		(void)snprintf(ret_text, size, "files: write a map of file name to pattern");
	}
	return *ret_text == '\0';
}
