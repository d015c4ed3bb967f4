/* SPDX-License-Identifier: MIT */
/* What a program said, how it ended, which language it is: words for a learner. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/bench/inside.h"
#include "grader/model/outcome.h"

enum { LINE_MOST = 200, VERSION_WAIT_MS = 3000 };

/* --- output -------------------------------------------------------------------------------- */

static bool is_blank(const char *line, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strchr(" \t\r", line[i]))
			return false;
	}
	return true;
}

static const char *visible_line(const char *line, size_t count, struct arena *arena)
{
	struct text text;
	const char *kept;

	while (count > 0 && strchr(" \t\r", line[count - 1]))
		count--;
	text_init(&text, 8 * LINE_MOST);
	text_add_visible(&text, line, count, LINE_MOST);
	kept = arena_text(arena, text_get(&text));
	text_done(&text);
	return kept;
}

/*
 * A server's own log of requests says nothing that a report does not say, and pushes what does out
 * of sight.
 */
static bool is_request_log(const char *line, size_t count)
{
	static const char *const marks[] = {" HTTP/1.1\"", " HTTP/1.0\""};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (memmem(line, count, marks[i], strlen(marks[i])))
			return true;
	}
	return false;
}

static size_t last_lines(const char *bytes, size_t count, size_t most, bool has_logs,
			 const char **ret_lines, struct arena *arena)
{
	size_t found = 0;

	while (count > 0 && found < most) {
		const char *end = memrchr(bytes, '\n', count);
		const char *line = end ? end + 1 : bytes;
		size_t length = count - (size_t)(line - bytes);

		if (!is_blank(line, length) && !(has_logs && is_request_log(line, length)))
			ret_lines[found++] = visible_line(line, length, arena);
		count = end ? (size_t)(end - bytes) : 0;
	}
	for (size_t i = 0; i < found / 2; i++) {
		const char *line = ret_lines[i];

		ret_lines[i] = ret_lines[found - 1 - i];
		ret_lines[found - 1 - i] = line;
	}
	return found;
}

size_t said_lines(const char *bytes, size_t count, size_t most, const char **ret_lines,
		  struct arena *arena)
{
	return last_lines(bytes, count, most, false, ret_lines, arena);
}

static size_t stream_lines(struct bench *bench, int stream, size_t most, const char **ret_lines)
{
	struct mp_output output;
	const char *bytes;
	size_t count;
	int64_t heard;

	if (!bench->service || most == 0 ||
	    mp_box_output(bench->service, stream, &output, NULL) < 0)
		return 0;
	bytes = output.tail_bytes > 0 ? output.tail : output.head;
	count = output.tail_bytes > 0 ? output.tail_bytes : output.head_bytes;
	/* The tail ends with the last byte; the head begins with the first. */
	heard = bench->heard[stream] -
		(output.tail_bytes > 0 ? output.total_bytes - (int64_t)count : 0);
	if (bench->was_hushed && heard < (int64_t)count)
		count = heard > 0 ? (size_t)heard : 0;
	return last_lines(bytes, count, most, true, ret_lines, bench->spec.arena);
}

size_t bench_said_lines(struct bench *bench, size_t most, const char **ret_lines)
{
	const char *errors[SAID_LINES_MAX];
	size_t error_count;
	size_t count;

	if (most > SAID_LINES_MAX)
		most = SAID_LINES_MAX;
	error_count = stream_lines(bench, 2, most, errors);
	count = stream_lines(bench, 1, most - error_count, ret_lines);
	for (size_t i = 0; i < error_count; i++)
		ret_lines[count++] = errors[i];
	return count;
}

const char *bench_said(struct bench *bench, size_t most)
{
	const char *lines[SAID_LINES_MAX];
	size_t count = bench_said_lines(bench, SAID_LINES_MAX, lines);
	size_t first = count;
	size_t used = 0;
	struct text text;
	const char *kept;

	while (first > 0 && used + strlen(lines[first - 1]) + 1 <= most)
		used += strlen(lines[--first]) + 1;
	text_init(&text, most);
	for (size_t i = first; i < count; i++)
		text_addf(&text, "%s%s", i > first ? "\n" : "", lines[i]);
	kept = arena_text(bench->spec.arena, text_get(&text));
	text_done(&text);
	return kept;
}

/* --- facts --------------------------------------------------------------------------------- */

void outcome_fact(struct outcome *outcome, struct arena *arena, struct fact fact)
{
	struct fact *kept = arena_push(arena, &outcome->facts, &outcome->fact_count, sizeof(*kept));

	*kept = fact;
}

void outcome_said(struct outcome *outcome, struct arena *arena, const char *const *lines,
		  size_t count)
{
	for (size_t i = 0; i < count; i++)
		outcome_fact(outcome, arena,
			     (struct fact){.label = i == 0 ? "it said" : "",
					   .value = lines[i],
					   .is_measured = true});
}

const char *entry_place(const struct entry_line *entry, struct arena *arena)
{
	if (!entry->file)
		return NULL;
	return entry->line > 0 ? arena_format(arena, "(%s, line %d)", entry->file, entry->line)
			       : arena_format(arena, "(%s)", entry->file);
}

/* --- ends ---------------------------------------------------------------------------------- */

static const char *mebibytes(int64_t bytes, struct arena *arena)
{
	if (bytes >= 1 << 20)
		return arena_format(arena, "%" PRId64 " MiB", bytes >> 20);
	return arena_format(arena, "%" PRId64 " KiB", bytes >> 10);
}

static const char *seconds(int64_t ms, struct arena *arena)
{
	if (ms % 1000 == 0)
		return arena_format(arena, "%" PRId64 " s", ms / 1000);
	return arena_format(arena, "%" PRId64 " ms", ms);
}

const char *bench_end_words(const struct bench *bench, const struct mp_box_result *result,
			    int64_t wall_ms, struct arena *arena)
{
	struct limits limits = bench_limits(bench);
	const char *name;

	switch (result->end) {
	case MP_END_EXITED:
		return arena_format(arena, "ended with status %d", result->exit_code);
	case MP_END_SIGNALED:
		name = sigabbrev_np(result->signal);
		return name ? arena_format(arena, "was ended by SIG%s", name)
			    : arena_format(arena, "was ended by signal %d", result->signal);
	case MP_END_CPU:
		return "used more processor time than it may";
	case MP_END_WALL:
		return arena_format(arena, "did not end within %s", seconds(wall_ms, arena));
	case MP_END_MEMORY:
		return arena_format(arena, "needed more memory than the limit of %s",
				    mebibytes(limits.memory_bytes, arena));
	case MP_END_PROCESSES:
		return arena_format(arena, "made more than %" PRId64 " processes and threads",
				    limits.pids);
	case MP_END_OUTPUT:
		return arena_format(arena, "wrote more output than the limit of %s",
				    mebibytes(limits.output_bytes, arena));
	case MP_END_FILE_SIZE:
		return arena_format(arena, "wrote more to disk than the limit of %s",
				    mebibytes(limits.disk_bytes, arena));
	case MP_END_INODES:
		return "made more files than there is room for";
	case MP_END_FORBIDDEN:
		return "made a system call of another processor architecture and was ended";
	case MP_END_COULD_NOT_START:
	case MP_END_SANDBOX_ERROR:
		return "could not be started";
	}
	return "ended";
}

enum verdict bench_end_verdict(const struct mp_box_result *result)
{
	switch (result->end) {
	case MP_END_CPU:
	case MP_END_WALL:
	case MP_END_MEMORY:
	case MP_END_PROCESSES:
	case MP_END_OUTPUT:
	case MP_END_FILE_SIZE:
	case MP_END_INODES:
		return VERDICT_LIMIT;
	default:
		return VERDICT_FAIL;
	}
}

/* --- language and runtime ------------------------------------------------------------------ */

/* "v18.20.4" becomes "node18". */
static const char *version_by_box(struct bench *bench)
{
	struct mp_box_result result;
	struct mp_output output;
	const char *version = NULL;
	int number = 0;

	if (mp_box_wait(bench->version_box, VERSION_WAIT_MS, &result, NULL) == 0 &&
	    mp_box_output(bench->version_box, 1, &output, NULL) == 0) {
		for (size_t i = 1; i < output.head_bytes && output.head[i] >= '0' &&
				   output.head[i] <= '9' && i < 5;
		     i++)
			number = number * 10 + (output.head[i] - '0');
		if (number > 0)
			version =
				arena_format(bench->spec.arena, "%s%d", bench->pack->word, number);
	}
	bench->version_box = mp_box_close(bench->version_box);
	return version;
}

void ask_version(struct bench *bench)
{
	struct arena *arena = bench->spec.arena;
	const struct pack *pack = bench->pack;
	const char *argv[4];
	struct mp_box_spec spec;

	if (!pack)
		return;
	bench->runtime = pack_version_of_place(pack, pack_place(pack, arena), arena);
	if (bench->runtime)
		return;
	bench_box_spec(bench, MP_PROFILE_PROGRAM,
		       arena_format(arena, "exec %s %s", pack->program, pack->asked), argv, &spec);
	spec.beside = NULL;
	spec.bind_count = 0;
	spec.dir = NULL;
	spec.wall_ms = VERSION_WAIT_MS;
	/* Not worth an error: the head line is then without a number. */
	if (mp_box_open(bench->spec.launcher, &spec, &bench->version_box, NULL) < 0)
		bench->version_box = NULL;
}

const char *bench_runtime(struct bench *bench)
{
	if (!bench->runtime && bench->version_box)
		bench->runtime = version_by_box(bench);
	if (!bench->runtime)
		bench->runtime = bench_language(bench) ? bench_language(bench) : "";
	return bench->runtime;
}
