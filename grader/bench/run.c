/* SPDX-License-Identifier: MIT */
/*
 * One-shot runs: the build line, the run line, helpers of the exercise, a file put or taken. Each
 * is one box that is waited for.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/bench/inside.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { FILE_WALL_MS = 10000, HELPER_WALL_MS = 30000, SAID_AFTER_RUN = 8 };

int bench_check_end(const struct mp_box_result *result, const char *what, struct mp_error *err)
{
	if (result->end != MP_END_SANDBOX_ERROR && result->end != MP_END_COULD_NOT_START)
		return 0;
	return mp_fail(err, MP_FAULT_HOST, result->start_errno ? -result->start_errno : -EIO,
		       "the box of %s: %s", what, result->detail);
}

static int take_stream(struct mp_box *box, int stream, struct arena *arena, const char **ret_bytes,
		       size_t *ret_count, struct mp_error *err)
{
	struct mp_output output;
	int code = mp_box_output(box, stream, &output, err);
	char *bytes;

	if (code < 0)
		return code;
	bytes = arena_alloc(arena, output.head_bytes + output.tail_bytes + 1, 1);
	if (output.head_bytes > 0)
		memcpy(bytes, output.head, output.head_bytes);
	if (output.tail_bytes > 0)
		memcpy(bytes + output.head_bytes, output.tail, output.tail_bytes);
	*ret_bytes = bytes;
	*ret_count = output.head_bytes + output.tail_bytes;
	return 0;
}

int bench_run_box(struct bench *bench, const struct mp_box_spec *spec, struct arena *arena,
		  struct bench_run *ret_run, struct mp_error *err)
{
	struct bench_run run = {0};
	struct mp_box *box = NULL;
	int code = mp_box_open(bench->spec.launcher, spec, &box, err);

	if (code == 0)
		code = mp_box_wait(box, -1, &run.result, err);
	if (code == 0)
		code = take_stream(box, 1, arena, &run.stdout_bytes, &run.stdout_count, err);
	if (code == 0)
		code = take_stream(box, 2, arena, &run.stderr_bytes, &run.stderr_count, err);
	mp_box_close(box);
	if (code == 0)
		*ret_run = run;
	return code;
}

int bench_check_said(const struct bench *bench, const char *bytes, size_t count,
		     struct mp_error *err)
{
	return pack_check_said(bench->pack, bytes, count, bench->modules != NULL, err);
}

/* A run that failed because of something that this machine lacks is none of the learner's. */
static int check_lacks(const struct bench *bench, const struct bench_run *run, struct mp_error *err)
{
	int code = 0;

	if (run->result.end == MP_END_EXITED && run->result.exit_code != 0)
		code = bench_check_said(bench, run->stderr_bytes, run->stderr_count, err);
	return code;
}

/* --- build --------------------------------------------------------------------------------- */

static void tell_build(struct bench *bench, const struct bench_run *run, struct outcome *outcome)
{
	const struct entry_line *entry = &bench->spec.file->entries[ENTRY_BUILD];
	struct arena *arena = bench->spec.arena;
	const char *lines[SAID_AFTER_RUN];
	size_t count =
		said_lines(run->stderr_bytes, run->stderr_count, SAID_AFTER_RUN, lines, arena);

	if (count == 0)
		count = said_lines(run->stdout_bytes, run->stdout_count, SAID_AFTER_RUN, lines,
				   arena);
	outcome->verdict = bench_end_verdict(&run->result);
	outcome->message = arena_format(
		arena, "the build %s.",
		bench_end_words(bench, &run->result, bench_limits(bench).build_ms, arena));
	outcome_fact(outcome, arena,
		     (struct fact){.label = "built",
				   .value = entry->command,
				   .note = entry_place(entry, arena)});
	outcome_said(outcome, arena, lines, count);
	outcome->advice = bench_shell_advice(bench, ENTRY_BUILD, &run->result);
	outcome->next = "Mend the build, commit, push: the checks will then be run.";
}

int bench_build(struct bench *bench, struct outcome *ret_outcome, struct mp_error *err)
{
	const char *command = bench->spec.file->entries[ENTRY_BUILD].command;
	const char *argv[4];
	struct mp_box_spec spec;
	struct bench_run run;
	int code;

	*ret_outcome = (struct outcome){.verdict = VERDICT_PASS};
	if (!command || bench->spec.file->complaint)
		return 0;
	bench_box_spec(bench, MP_PROFILE_BUILD, command, argv, &spec);
	spec.wall_ms = bench_limits(bench).build_ms;
	spec.cpus = 0;
	spec.has_network = true;
	code = bench_run_box(bench, &spec, bench->spec.arena, &run, err);
	if (code == 0)
		code = bench_check_end(&run.result, "the build", err);
	if (code == 0)
		code = check_lacks(bench, &run, err);
	if (code != 0)
		return code;
	if (run.result.end != MP_END_EXITED || run.result.exit_code != 0)
		tell_build(bench, &run, ret_outcome);
	return 0;
}

/* --- run ----------------------------------------------------------------------------------- */

void bench_quote(struct text *line, const char *argument)
{
	text_add(line, "'");
	for (const char *c = argument; *c; c++) {
		if (*c == '\'')
			text_add(line, "'\\''");
		else
			text_add_char(line, *c);
	}
	text_add(line, "'");
}

static void shell_line(const char *command, const char *const *args, struct text *ret_line)
{
	text_addf(ret_line, "exec %s", command);
	for (; args && *args; args++) {
		text_add(ret_line, " ");
		bench_quote(ret_line, *args);
	}
}

int bench_run(struct bench *bench, const struct bench_call *call, struct arena *arena,
	      struct bench_run *ret_run, struct mp_error *err)
{
	const char *command = bench->spec.file->entries[ENTRY_RUN].command;
	mp_autotext struct text line = {0};
	const char *argv[4];
	struct mp_box_spec spec;
	int code;

	text_init(&line, 128 << 10);
	if (!command || bench->spec.file->complaint)
		return mp_fail(err, MP_FAULT_BUG, -EINVAL, "there is no line run");
	shell_line(command, call->args, &line);
	if (line.is_cut)
		return mp_fail(err, MP_FAULT_CONTENT, -E2BIG, "the arguments of a run");
	bench_box_spec(bench, MP_PROFILE_PROGRAM, text_get(&line), argv, &spec);
	spec.wall_ms = bench_limits(bench).check_ms;
	spec.cpu_ms = call->cpu_ms;
	spec.stdin_fd = call->stdin_fd;
	code = bench_run_box(bench, &spec, arena, ret_run, err);
	code = code < 0 ? code : bench_check_end(&ret_run->result, "your program", err);
	return code < 0 ? code : check_lacks(bench, ret_run, err);
}

/* --- helpers ------------------------------------------------------------------------------- */

/* What runs a file that has no execute bit; "" for one that has. NULL: nothing is known to. */
static const char *runner_of(const struct exercise *exercise, const char *path,
			     struct mp_error *err)
{
	const char *suffix = strrchr(path, '.');
	const struct pack *pack;
	struct stat state;

	if (fstatat(exercise->folder_fd, path, &state, AT_SYMLINK_NOFOLLOW) < 0) {
		(void)mp_fail(err, MP_FAULT_CONTENT, -errno, "the helper %s", path);
		return NULL;
	}
	if (state.st_mode & 0100)
		return "";
	if (suffix && strcmp(suffix, ".sh") == 0)
		return "/bin/sh";
	pack = suffix ? pack_of_suffix(suffix) : NULL;
	if (pack)
		return pack_check(pack, err) == 0 ? pack->runner : NULL;
	(void)mp_fail(err, MP_FAULT_CONTENT, -EACCES, "the helper %s is not executable", path);
	return NULL;
}

/* Nobody writes to what is read by many runs; the box gets a descriptor that only reads. */
static int seal(int fd, int *ret_fd, struct mp_error *err)
{
	char path[64];

	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "sealing an input");
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	return *ret_fd < 0 ? mp_fail(err, MP_FAULT_HOST, -errno, "opening an input") : 0;
}

int bench_input(const char *bytes, size_t count, int *ret_fd, struct mp_error *err)
{
	mp_autofd int fd = memfd_create("input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int code = fd < 0 ? -errno : path_write_all(fd, bytes, count);

	if (code < 0)
		return mp_fail(err, MP_FAULT_HOST, code, "an input");
	return seal(fd, ret_fd, err);
}

/* A helper that fails is a mistake of the exercise. */
static int check_helper(const char *path, const struct bench_run *run, struct arena *arena,
			struct mp_error *err)
{
	const char *line = "it said nothing";
	int code = bench_check_end(&run->result, path, err);

	if (code < 0 || (run->result.end == MP_END_EXITED && run->result.exit_code == 0))
		return code;
	(void)said_lines(run->stderr_bytes, run->stderr_count, 1, &line, arena);
	return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "the helper %s failed (%s %d): %s", path,
		       mp_end_word(run->result.end), run->result.exit_code, line);
}

int bench_run_helper(struct bench *bench, const char *path, const char *const *args, int *ret_fd,
		     struct mp_error *err)
{
	const struct exercise *exercise = bench->spec.exercise;
	const char *runner = runner_of(exercise, path, err);
	mp_autofd int fd = memfd_create("made", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	mp_autoarena struct arena *arena = arena_new();
	mp_autotext struct text line = {0};
	const char *argv[4];
	struct mp_box_spec spec;
	struct bench_run run;
	int code;

	text_init(&line, 64 << 10);
	if (!runner)
		return err && err->code < 0 ? err->code : -EACCES;
	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "an input");
	text_addf(&line, "exec %s ", runner);
	bench_quote(&line, arena_format(arena, "/exercise/%s", path));
	for (; args && *args; args++) {
		text_add(&line, " ");
		bench_quote(&line, *args);
	}
	bench_box_spec(bench, MP_PROFILE_PROGRAM, text_get(&line), argv, &spec);
	spec.beside = NULL;
	spec.dir = "/exercise";
	spec.binds[0] = (struct mp_bind){exercise->folder, "/exercise", MP_BIND_READ_ONLY};
	spec.bind_count = 1;
	spec.env = NULL;
	spec.wall_ms = HELPER_WALL_MS;
	spec.stdout_fd = fd;
	code = bench_run_box(bench, &spec, arena, &run, err);
	if (code == 0)
		code = check_helper(path, &run, arena, err);
	return code == 0 ? seal(fd, ret_fd, err) : code;
}

/* --- files --------------------------------------------------------------------------------- */

int bench_put(struct bench *bench, const char *path, const char *bytes, size_t count,
	      struct mp_error *err)
{
	mp_autofd int fd = -1;
	mp_autotext struct text line = {0};
	mp_autoarena struct arena *arena = arena_new();
	const char *argv[4];
	struct mp_box_spec spec;
	struct bench_run run;
	int code = bench_input(bytes, count, &fd, err);

	text_init(&line, 16 << 10);
	if (code < 0)
		return code;
	text_add(&line, "f=");
	bench_quote(&line, path);
	text_add(&line, "; case $f in */*) mkdir -p -- \"${f%/*}\";; esac && exec cat > \"$f\"");
	bench_box_spec(bench, MP_PROFILE_PROGRAM, text_get(&line), argv, &spec);
	spec.wall_ms = FILE_WALL_MS;
	spec.stdin_fd = fd;
	code = bench_run_box(bench, &spec, arena, &run, err);
	if (code == 0)
		code = bench_check_end(&run.result, "a file", err);
	if (code == 0 && (run.result.end != MP_END_EXITED || run.result.exit_code != 0))
		code = mp_fail(err, MP_FAULT_CONTENT, -EIO, "writing %s into the box", path);
	return code;
}

int bench_take(struct bench *bench, const char *path, struct arena *arena, const char **ret_bytes,
	       size_t *ret_count, struct mp_error *err)
{
	mp_autotext struct text line = {0};
	const char *argv[4];
	struct mp_box_spec spec;
	struct bench_run run;
	int code;

	text_init(&line, 16 << 10);
	text_add(&line, "f=");
	bench_quote(&line, path);
	text_add(&line, "; test -f \"$f\" && exec cat -- \"$f\"");
	bench_box_spec(bench, MP_PROFILE_PROGRAM, text_get(&line), argv, &spec);
	spec.wall_ms = FILE_WALL_MS;
	code = bench_run_box(bench, &spec, arena, &run, err);
	if (code == 0)
		code = bench_check_end(&run.result, "a file", err);
	if (code != 0)
		return code;
	*ret_bytes = run.result.end == MP_END_EXITED && run.result.exit_code == 0 ? run.stdout_bytes
										  : NULL;
	*ret_count = *ret_bytes ? run.stdout_count : 0;
	return 0;
}
