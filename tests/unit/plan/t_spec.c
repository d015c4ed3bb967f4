/* SPDX-License-Identifier: MIT */
/* Specs that cannot be meant are refused before anything is built. */
#include "sandbox/plan/plan.h"

#include "tests/helper/tap.h"

#include <errno.h>

static const char *const command[] = {"true", NULL};
static const char *const empty[] = {NULL};
static const char *many[MP_ARGS_MAX + 2];

static void set_cpu(struct mp_box_spec *spec)
{
	spec->cpu_ms = -1;
}
static void set_memory(struct mp_box_spec *spec)
{
	spec->memory_bytes = 4096;
}
static void set_processes(struct mp_box_spec *spec)
{
	spec->processes = 0;
}
static void set_output(struct mp_box_spec *spec)
{
	spec->output_bytes = INT64_C(1) << 40;
}
static void set_profile(struct mp_box_spec *spec)
{
	spec->profile = MP_PROFILE_COUNT;
}
static void set_empty(struct mp_box_spec *spec)
{
	spec->argv = empty;
}
static void set_many(struct mp_box_spec *spec)
{
	for (size_t i = 0; i <= MP_ARGS_MAX; i++)
		many[i] = "x";
	spec->argv = many;
}
static void set_dir(struct mp_box_spec *spec)
{
	spec->dir = "work";
}
static void set_bind(struct mp_box_spec *spec, const char *host, const char *box)
{
	spec->bind_count = 1;
	spec->binds[0] = (struct mp_bind){host, box, MP_BIND_READ_ONLY};
}
static void set_relative(struct mp_box_spec *spec)
{
	set_bind(spec, "tree", "/tree");
}
static void set_dots(struct mp_box_spec *spec)
{
	set_bind(spec, "/tree", "/work/../etc");
}
static void set_one_dot(struct mp_box_spec *spec)
{
	set_bind(spec, "/tree", "/work/.");
}
static void set_root(struct mp_box_spec *spec)
{
	set_bind(spec, "/tree", "/");
}
static void set_no_path(struct mp_box_spec *spec)
{
	set_bind(spec, NULL, "/tree");
}
static void set_too_many_binds(struct mp_box_spec *spec)
{
	spec->bind_count = MP_BINDS_MAX + 1;
}
static void set_keeper_beside(struct mp_box_spec *spec)
{
	spec->argv = NULL;
	spec->beside = (struct mp_box *)(void *)spec;
}

static void specs_that_cannot_be_meant_are_refused(void)
{
	static const struct {
		const char *word; /* that the sentence must have */
		void (*spoil)(struct mp_box_spec *spec);
	} rows[] = {
		{"cpu_ms", set_cpu},
		{"memory_bytes", set_memory},
		{"processes", set_processes},
		{"output_bytes", set_output},
		{"profile", set_profile},
		{"command", set_empty},
		{"argv", set_many},
		{"folder", set_dir},
		{"host path", set_relative},
		{"box path", set_dots},
		{"box path", set_one_dot},
		{"box path", set_root},
		{"host path", set_no_path},
		{"binds", set_too_many_binds},
		{"keeper", set_keeper_beside},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mp_error err = {0};
		struct mp_box_spec spec;

		mp_box_spec_init(&spec);
		spec.argv = command;
		rows[i].spoil(&spec);
		IS(plan_check_spec(&spec, &err), -EINVAL);
		HAS_TEXT(err.text, rows[i].word);
		ROW("%s", rows[i].word);
	}
}

static void the_first_spec_is_possible_and_strict(void)
{
	struct mp_error err = {0};
	struct mp_box_spec spec;

	mp_box_spec_init(&spec);
	spec.argv = command;
	IS(plan_check_spec(&spec, &err), 0);
	IS(spec.profile, MP_PROFILE_PROGRAM);
	OK(!spec.has_network);
	IS(spec.stdin_fd, -1);
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		OK(!spec.may_miss[i]);
}

static void words_are_complete(void)
{
	for (int i = 0; i < MP_LAYER_COUNT; i++)
		OK(mp_layer_word((enum mp_layer)i) != NULL);
	for (int i = 0; i < MP_PROFILE_COUNT; i++)
		OK(mp_profile_word((enum mp_profile)i) != NULL);
	for (int i = 0; i <= MP_END_SANDBOX_ERROR; i++)
		OK(mp_end_word((enum mp_end)i) != NULL);
	for (int i = 0; i < STEP_KIND_COUNT; i++)
		OK(step_word((enum step_kind)i) != NULL);
	OK(mp_layer_word(MP_LAYER_COUNT) == NULL);
	OK(mp_end_word((enum mp_end)99) == NULL);
}

TAP_MAIN(T(specs_that_cannot_be_meant_are_refused) T(the_first_spec_is_possible_and_strict)
		 T(words_are_complete))
