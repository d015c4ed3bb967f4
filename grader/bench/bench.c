/* SPDX-License-Identifier: MIT */
/*
 * The bench: one keeper box and what is started beside it.
 *
 * The keeper runs nothing. Its scratch holds the private writable copy of the tree, at /road in
 * every box that stands beside it; so what a service writes next to its code is still there after
 * a restart, and gone when the bench is closed. The learner's folder itself is never writable.
 *
 * The memory group of a box holds its tmpfs too: its limit is the declared memory and the scratch.
 */
#include "grader/bench/bench.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/bench/inside.h"

enum { PORT_FIRST = 20000, PORT_COUNT = 40000, KEEPER_WAIT_MS = 60000 };

static const struct limits fallback = {
	.build_ms = 60000,
	.start_ms = 10000,
	.check_ms = 10000,
	.total_ms = 180000,
	.memory_bytes = 384 << 20,
	.disk_bytes = 64 << 20,
	.output_bytes = 256 << 10,
	.pids = 128,
	.open_files = 1024,
};

/* The limits of the exercise. A limit that is not set is the general one, never "none". */
struct limits exercise_limits(const struct exercise *exercise)
{
	static const size_t offsets[] = {
		offsetof(struct limits, build_ms),     offsetof(struct limits, start_ms),
		offsetof(struct limits, check_ms),     offsetof(struct limits, total_ms),
		offsetof(struct limits, memory_bytes), offsetof(struct limits, disk_bytes),
		offsetof(struct limits, output_bytes), offsetof(struct limits, pids),
		offsetof(struct limits, open_files),
	};
	struct limits limits = exercise->limits;

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		int64_t *value = (int64_t *)(void *)((char *)&limits + offsets[i]);

		if (*value <= 0)
			memcpy(value, (const char *)&fallback + offsets[i], sizeof(*value));
	}
	return limits;
}

/* Some runtimes need more than an exercise was thought for. */
struct limits bench_limits(const struct bench *bench)
{
	struct limits limits = exercise_limits(bench->spec.exercise);

	if (bench->pack && limits.start_ms < bench->pack->start_least_ms)
		limits.start_ms = bench->pack->start_least_ms;
	if (bench->pack && limits.memory_bytes < bench->pack->memory_least_bytes)
		limits.memory_bytes = bench->pack->memory_least_bytes;
	return limits;
}

/* splitmix64: neighbouring seeds give far numbers. */
static uint64_t mix(uint64_t seed)
{
	seed += 0x9e3779b97f4a7c15U;
	seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9U;
	seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebU;
	return seed ^ (seed >> 31);
}

int port_of_seed(uint64_t seed)
{
	return PORT_FIRST + (int)(mix(seed) % PORT_COUNT);
}

static void add_env(struct bench *bench, const char *variable)
{
	if (bench->env_count < BENCH_ENV_MAX)
		bench->env[bench->env_count++] = variable;
}

static void make_env(struct bench *bench)
{
	struct arena *arena = bench->spec.arena;

	add_env(bench, arena_format(arena, "PORT=%d", bench->port));
	add_env(bench, "HOST=127.0.0.1");
	add_env(bench, arena_format(arena, "BASE_URL=http://127.0.0.1:%d", bench->port));
	add_env(bench, arena_format(arena, "SECRET=%016llx%016llx",
				    (unsigned long long)mix(bench->spec.seed + 1),
				    (unsigned long long)mix(bench->spec.seed + 2)));
	add_env(bench, "TZ=UTC");
	add_env(bench, "LANG=C.UTF-8");
	for (size_t i = 0; bench->pack && bench->pack->env[i]; i++)
		add_env(bench, bench->pack->env[i]);
}

void bench_box_spec(struct bench *bench, enum mp_profile profile, const char *command,
		    const char **argv, struct mp_box_spec *ret_spec)
{
	struct limits limits = bench_limits(bench);

	argv[0] = "/bin/sh";
	argv[1] = "-c";
	argv[2] = command;
	argv[3] = NULL;
	mp_box_spec_init(ret_spec);
	ret_spec->profile = profile;
	ret_spec->argv = command ? argv : NULL;
	ret_spec->env = bench->env;
	ret_spec->dir = command ? bench->dir : NULL;
	ret_spec->binds[0] = (struct mp_bind){bench->spec.tree, BENCH_PLACE, MP_BIND_COPY};
	ret_spec->bind_count = 1;
	/* Node.js looks for modules in the folders above the program, up to the root. */
	if (command && bench->modules)
		ret_spec->binds[ret_spec->bind_count++] =
			(struct mp_bind){bench->modules, BENCH_MODULES, MP_BIND_READ_ONLY};
	ret_spec->beside = bench->keeper;
	ret_spec->wall_ms = 0;
	ret_spec->cpu_ms = 0;
	ret_spec->memory_bytes = limits.memory_bytes + limits.disk_bytes;
	ret_spec->scratch_bytes = limits.disk_bytes;
	ret_spec->file_size_bytes = limits.disk_bytes;
	ret_spec->output_bytes = limits.output_bytes;
	ret_spec->processes = (int)limits.pids;
	ret_spec->open_files = (int)limits.open_files;
	ret_spec->cpus = bench->pack ? bench->pack->cpus : 1;
	memcpy(ret_spec->may_miss, bench->spec.may_miss, sizeof(ret_spec->may_miss));
}

static int open_keeper(struct bench *bench, struct mp_error *err)
{
	const char *argv[4];
	struct mp_box_spec spec;
	int code;

	bench_box_spec(bench, MP_PROFILE_BUILD, NULL, argv, &spec);
	code = mp_box_open(bench->spec.launcher, &spec, &bench->keeper, err);
	return code < 0 ? mp_wrap(err, "the box that holds the tree") : 0;
}

/* The curated modules of the language, when they were built; in the bench's arena. */
static const char *modules_of(const struct bench *bench)
{
	const char *folder;

	if (!bench->spec.packs || !bench->pack || !bench->pack->curated_in)
		return NULL;
	folder = arena_format(bench->spec.arena, "%s/%s/node_modules", bench->spec.packs,
			      bench->pack->curated_in);
	return access(folder, F_OK) == 0 ? folder : NULL;
}

int bench_open(const struct bench_spec *spec, struct bench **ret_bench, struct mp_error *err)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	int code = pack_check_file(spec->file, err);

	if (!bench)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a bench");
	bench->spec = *spec;
	bench->pack = pack_of_file(spec->file);
	bench->modules = modules_of(bench);
	bench->port = port_of_seed(spec->seed);
	bench->dir = strcmp(spec->folder, ".") == 0 || !spec->folder[0]
			     ? BENCH_PLACE
			     : arena_format(spec->arena, "%s/%s", BENCH_PLACE, spec->folder);
	make_env(bench);
	if (code == 0)
		code = wire_open(&bench->wire, err);
	if (code == 0)
		code = open_keeper(bench, err);
	if (code < 0) {
		bench_close(bench);
		return code;
	}
	wire_set_seed(bench->wire, mix(spec->seed + 3));
	ask_version(bench);
	*ret_bench = bench;
	return 0;
}

struct bench *bench_close(struct bench *bench)
{
	struct bench_other *other;

	if (!bench)
		return NULL;
	while ((other = bench->others)) {
		bench->others = other->next;
		other->bench = bench_close(other->bench);
		free(other);
	}
	bench->wire = wire_close(bench->wire);
	bench->service = mp_box_close(bench->service);
	bench->version_box = mp_box_close(bench->version_box);
	bench->keeper = mp_box_close(bench->keeper);
	free(bench);
	return NULL;
}

struct wire *bench_wire(struct bench *bench)
{
	return bench->wire;
}

int bench_port(const struct bench *bench)
{
	return bench->port;
}

const char *const *bench_env(const struct bench *bench)
{
	return bench->env;
}

struct bench_store *bench_store(const struct bench *bench)
{
	return bench->spec.store;
}

uint64_t bench_seed(const struct bench *bench)
{
	return bench->spec.seed;
}

const char *bench_command(const struct bench *bench, enum entry entry)
{
	return bench->spec.file->entries[entry].command;
}

const char *bench_language(const struct bench *bench)
{
	return bench->pack ? bench->pack->word : bench->spec.file->language;
}

/* --- programs of the exercise -------------------------------------------------------------- */

static int open_other(struct bench *bench, struct bench_other *other, struct mp_error *err)
{
	struct bench_spec spec = bench->spec;
	struct outcome outcome;
	int code = program_file_read(spec.exercise->folder_fd, other->folder, spec.arena,
				     &other->file, err);

	if (code < 0)
		return code;
	if (other->file.complaint)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%s", other->file.complaint);
	spec.tree = arena_format(spec.arena, "%s/%s", spec.exercise->folder, other->folder);
	spec.folder = ".";
	spec.file = &other->file;
	spec.ready = NULL;
	code = bench_open(&spec, &other->bench, err);
	if (code == 0)
		code = bench_build(other->bench, &outcome, err);
	if (code == 0 && outcome.verdict != VERDICT_PASS)
		return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "building %s: %s", other->folder,
			       outcome.message);
	return code;
}

int bench_beside(struct bench *bench, const char *folder, struct bench **ret_other,
		 struct mp_error *err)
{
	struct bench_other *other = bench->others;
	int code;

	while (other && strcmp(other->folder, folder) != 0)
		other = other->next;
	if (other) {
		*ret_other = other->bench;
		return 0;
	}
	other = calloc(1, sizeof(*other));
	if (!other)
		return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "a bench");
	other->folder = arena_text(bench->spec.arena, folder);
	code = open_other(bench, other, err);
	if (code < 0) {
		bench_close(other->bench);
		free(other);
		return code;
	}
	other->next = bench->others;
	bench->others = other;
	*ret_other = other->bench;
	return 0;
}

const char *bench_reference(struct bench *bench)
{
	const struct exercise *exercise = bench->spec.exercise;

	for (size_t i = 0; bench->pack && i < exercise->references.count; i++) {
		const char *name = exercise->references.items[i];
		const char *folder = arena_format(bench->spec.arena, "reference/%s", name);
		struct program_file file = {0};

		if (program_file_read(exercise->folder_fd, folder, bench->spec.arena, &file, NULL) <
		    0)
			continue;
		if (pack_of_word(file.language ? file.language : name) == bench->pack)
			return folder;
	}
	return NULL;
}
