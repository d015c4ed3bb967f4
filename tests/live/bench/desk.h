/* SPDX-License-Identifier: MIT */
/* A learner's tree made by a test, and a bench over it. Included by one test program only. */
#ifndef TESTS_LIVE_BENCH_DESK_H
#define TESTS_LIVE_BENCH_DESK_H

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/bench/bench.h"
#include "sandbox/base/arena.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/path.h"
#include "tests/helper/tap.h"

struct desk {
	struct arena *arena;
	char folder[64]; /* tree/ and exercise/ lie in it */
	int tree_fd;
	struct exercise exercise;
	struct program_file file;
	struct bench *bench;
};

static struct mp_launcher *desk_launcher;

/* Does this host count memory and processes of a box? Else those limits are the kernel's coarse ones. */
static inline bool desk_has_group(void)
{
	struct mp_layer_state states[MP_LAYER_COUNT];

	return mp_host_check(states, NULL) == 0 && states[MP_LAYER_CGROUP].is_present;
}

static inline bool desk_opened(int code, const struct mp_error *err)
{
	if (code < 0)
		printf("# %s\n", err->text);
	return code == 0;
}

static inline void desk_write(struct desk *desk, const char *path, const char *content, mode_t mode)
{
	int folder_fd = open(desk->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = path_create_below(folder_fd, path, O_WRONLY | O_TRUNC, mode);

	OK(fd >= 0 && path_write_all(fd, content, strlen(content)) == 0);
	close(fd);
	close(folder_fd);
}

static inline void desk_init(struct desk *desk)
{
	*desk = (struct desk){.arena = arena_new(), .folder = "/tmp/t_desk.XXXXXX", .tree_fd = -1};
	OK(mkdtemp(desk->folder) != NULL);
	OK(chmod(desk->folder, 0755) == 0);
	desk_write(desk, "tree/README.md", "", 0644);
	desk_write(desk, "exercise/exercise.yaml", "", 0644);
	desk->exercise.limits.start_ms = 5000;
	desk->exercise.health.status = 200;
	desk->exercise.folder = arena_format(desk->arena, "%s/exercise", desk->folder);
	desk->exercise.folder_fd = open(desk->exercise.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Read what is started, and open the bench. */
static inline bool desk_open(struct desk *desk, uint64_t seed)
{
	struct bench_spec spec = {.launcher = desk_launcher,
				  .exercise = &desk->exercise,
				  .tree = arena_format(desk->arena, "%s/tree", desk->folder),
				  .folder = "exercises/x",
				  .file = &desk->file,
				  .seed = seed,
				  .arena = desk->arena};
	struct mp_error err = {0};

	for (int i = 0; i < MP_LAYER_COUNT; i++)
		spec.may_miss[i] = true;
	desk->tree_fd = open(spec.tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return OK(desk_opened(program_file_read(desk->tree_fd, spec.folder, desk->arena,
						&desk->file, &err),
			      &err)) &&
	       OK(desk_opened(bench_open(&spec, &desk->bench, &err), &err));
}

static inline void desk_done(struct desk *desk)
{
	desk->bench = bench_close(desk->bench);
	if (desk->tree_fd >= 0)
		close(desk->tree_fd);
	close(desk->exercise.folder_fd);
	(void)path_remove_tree(AT_FDCWD, desk->folder);
	arena_free(desk->arena);
}

/* A desk with one python program, started by `start` (and run by `run`). */
static inline bool desk_of(struct desk *desk, const char *program, uint64_t seed)
{
	desk_init(desk);
	desk_write(desk, "tree/exercises/x/app.py", program, 0644);
	desk_write(desk, "tree/exercises/x/milepost.yaml",
		   "start: python3 app.py\nrun: python3 app.py\n", 0644);
	return desk_open(desk, seed);
}

static inline struct bench_start desk_start(struct desk *desk)
{
	struct bench_start start = {0};
	struct mp_error err = {0};

	if (!OK(bench_start(desk->bench, &start, &err) == 0))
		printf("# %s\n", err.text);
	return start;
}

static inline struct wire_answer desk_get(struct desk *desk, const char *url)
{
	struct wire_request request = {.method = "GET", .url = url, .timeout_ms = 3000};
	struct wire_answer answer = {0};
	struct mp_error err = {0};

	if (!OK(wire_send(bench_wire(desk->bench), &request, 1, &answer, desk->arena, &err) == 0))
		printf("# %s\n", err.text);
	return answer;
}

/* The tests are run behind a launcher, which is forked before anything else. */
static inline int desk_main(const struct tap_test *tests, size_t count)
{
	struct mp_error err = {0};
	int status;

	if (mp_launcher_open(0, &desk_launcher, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		return 1;
	}
	status = tap_main(tests, count);
	desk_launcher = mp_launcher_close(desk_launcher);
	return status;
}

#endif
