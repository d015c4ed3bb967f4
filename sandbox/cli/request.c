/* SPDX-License-Identifier: MIT */
/* The options of `run`: one table for the parser and for --help. Without any the box is the strictest. */
#include "sandbox/base/options.h"
#include "sandbox/cli/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *const profile_words[] = {"program", "service", "build", "database",
					    "git",     "reader",  "fetch", NULL};
static const char *const net_words[] = {"none", "loopback", NULL};

struct run_options {
	int profile, net;
	int64_t wall_ms, cpu_ms, memory_bytes, processes, output_bytes, file_size_bytes,
		scratch_bytes;
	struct text_list read_only, writable, env, may_miss;
	const char *dir, *json;
	bool help;
};

#define OPTION(FIELD) offsetof(struct run_options, FIELD)
static const struct field run_table[] = {
	{"profile", FIELD_WORD, OPTION(profile), 0, 0,
	 "what the box is for: program (default), service, build, database, git, reader, fetch",
	 profile_words, false},
	{"wall", FIELD_MSEC, OPTION(wall_ms), 0, INT64_C(86400000),
	 "time on the clock, 10s by default; 0s: no limit", NULL, false},
	{"cpu", FIELD_MSEC, OPTION(cpu_ms), 0, INT64_C(86400000),
	 "time on the processor, all processes together, 5s by default; 0s: no limit", NULL, false},
	{"memory", FIELD_BYTES, OPTION(memory_bytes), 1 << 20, INT64_C(1) << 46,
	 "memory with files on the scratch, 384M by default", NULL, false},
	{"pids", FIELD_COUNT, OPTION(processes), 1, 1 << 20, "processes and threads, 64 by default",
	 NULL, false},
	{"output", FIELD_BYTES, OPTION(output_bytes), 0, 1 << 30,
	 "bytes of each of the two outputs, 256K by default", NULL, false},
	{"file-size", FIELD_BYTES, OPTION(file_size_bytes), 0, INT64_C(1) << 46,
	 "largest file, 64M by default", NULL, false},
	{"scratch", FIELD_BYTES, OPTION(scratch_bytes), 1 << 16, INT64_C(1) << 46,
	 "size of the scratch, 64M by default", NULL, false},
	{"ro", FIELD_TEXTS, OPTION(read_only), 0, 0,
	 "show this path inside, read-only; may be repeated", NULL, false},
	{"rw", FIELD_TEXTS, OPTION(writable), 0, 0,
	 "show this path inside, writable; may be repeated", NULL, false},
	{"env", FIELD_TEXTS, OPTION(env), 0, 0, "NAME=VALUE for the command; may be repeated", NULL,
	 false},
	{"dir", FIELD_TEXT, OPTION(dir), 1, 4095, "working folder inside, /scratch by default",
	 NULL, false},
	{"net", FIELD_WORD, OPTION(net), 0, 0, "none (default), or loopback: a network of its own",
	 net_words, false},
	{"allow-missing", FIELD_TEXTS, OPTION(may_miss), 0, 0,
	 "go on without this layer where the host lacks it; may be repeated", NULL, false},
	{"json", FIELD_TEXT, OPTION(json), 1, 4095, "write how it ended to this file", NULL, false},
	{"help", FIELD_BOOL, OPTION(help), 0, 0, "this list", NULL, false},
};
enum { RUN_OPTIONS = sizeof(run_table) / sizeof(run_table[0]) };

void run_request_manual(struct text *into)
{
	options_manual(run_table, RUN_OPTIONS, into);
}

void run_request_names(struct text *into)
{
	options_names(run_table, RUN_OPTIONS, into);
}

void run_request_help(struct text *into)
{
	options_print(run_table, RUN_OPTIONS, into);
}

/* A path is shown where it really lies: "." and links are what they mean to the caller. */
static int take_binds(const struct text_list *paths, enum mp_bind_mode mode, struct arena *arena,
		      struct mp_box_spec *spec, struct mp_error *err)
{
	for (size_t i = 0; i < paths->count; i++) {
		char place[PATH_MAX];

		if (spec->bind_count == MP_BINDS_MAX)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
				       "at most %d paths can be shown inside", MP_BINDS_MAX);
		if (!realpath(paths->items[i], place))
			return mp_fail(err, MP_FAULT_USAGE, -errno, "%s", paths->items[i]);
		if (!place[1])
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
				       "%s: the whole machine cannot be shown; name a folder of it",
				       paths->items[i]);
		spec->binds[spec->bind_count++] =
			(struct mp_bind){arena_text(arena, place), NULL, mode};
	}
	return 0;
}

static int take_env(const struct text_list *env, struct arena *arena, struct mp_box_spec *spec,
		    struct mp_error *err)
{
	const char **list;

	if (env->count > MP_ENV_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "--env can be given at most %d times",
			       MP_ENV_MAX);
	list = arena_alloc(arena, env->count + 1, sizeof(*list));
	for (size_t i = 0; i < env->count; i++) {
		const char *equals = strchr(env->items[i], '=');

		if (!equals || equals == env->items[i])
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "--env %s: write NAME=VALUE",
				       env->items[i]);
		list[i] = env->items[i];
	}
	spec->env = list;
	return 0;
}

static int take_missing(const struct text_list *layers, struct mp_box_spec *spec,
			struct mp_error *err)
{
	const char *words[MP_LAYER_COUNT + 1] = {NULL};

	for (int i = 0; i < MP_LAYER_COUNT; i++)
		words[i] = mp_layer_word((enum mp_layer)i);
	for (size_t i = 0; i < layers->count; i++) {
		const char *near;
		int layer = 0;

		while (layer < MP_LAYER_COUNT && strcmp(words[layer], layers->items[i]) != 0)
			layer++;
		near = layer < MP_LAYER_COUNT ? NULL : nearest_of(layers->items[i], words);
		if (layer == MP_LAYER_COUNT)
			return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
				       "--allow-missing: there is no layer '%s'%s%s%s",
				       layers->items[i], near ? "; did you mean '" : "",
				       near ? near : "", near ? "'?" : "");
		spec->may_miss[layer] = true;
	}
	return 0;
}

static int take_command(const struct text_list *words, struct arena *arena,
			struct mp_box_spec *spec, struct mp_error *err)
{
	const char **argv;

	if (words->count == 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "no command is given; write it behind --");
	if (words->count > MP_ARGS_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "a command has at most %d words",
			       MP_ARGS_MAX);
	argv = arena_alloc(arena, words->count + 1, sizeof(*argv));
	memcpy(argv, words->items, words->count * sizeof(*argv));
	spec->argv = argv;
	return 0;
}

int run_request_read(const char *const *argv, struct arena *arena, struct run_request *ret_request,
		     struct mp_error *err)
{
	struct mp_box_spec *spec = &ret_request->spec;
	struct run_options options = {0};
	struct text_list words;
	int result;

	mp_box_spec_init(spec);
	options = (struct run_options){
		.wall_ms = spec->wall_ms,
		.cpu_ms = spec->cpu_ms,
		.memory_bytes = spec->memory_bytes,
		.processes = spec->processes,
		.output_bytes = spec->output_bytes,
		.file_size_bytes = spec->file_size_bytes,
		.scratch_bytes = spec->scratch_bytes,
	};
	result = options_read(run_table, RUN_OPTIONS, &options, argv, &words, arena, err);
	if (result < 0)
		return result;
	ret_request->json = options.json;
	ret_request->wants_help = options.help;
	spec->profile = (enum mp_profile)options.profile;
	spec->has_network = options.net == 1;
	spec->wall_ms = options.wall_ms;
	spec->cpu_ms = options.cpu_ms;
	spec->memory_bytes = options.memory_bytes;
	spec->processes = (int)options.processes;
	spec->output_bytes = options.output_bytes;
	spec->file_size_bytes = options.file_size_bytes;
	spec->scratch_bytes = options.scratch_bytes;
	spec->dir = options.dir;
	result = take_binds(&options.read_only, MP_BIND_READ_ONLY, arena, spec, err);
	if (result == 0)
		result = take_binds(&options.writable, MP_BIND_WRITABLE, arena, spec, err);
	if (result == 0)
		result = take_env(&options.env, arena, spec, err);
	if (result == 0)
		result = take_missing(&options.may_miss, spec, err);
	if (result == 0 && !options.help)
		result = take_command(&words, arena, spec, err);
	return result;
}
