/* SPDX-License-Identifier: MIT */
/* milepost doctor: can this host grade, and with which languages? */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "grader/bench/pack.h"
#include "grader/cmd/command.h"
#include "sandbox/base/columns.h"
#include "sandbox/base/process.h"

struct doctor_options {
	const char *exercises;
};

static const struct field doctor_fields[] = {
	OPTION_EXERCISES(doctor_options),
};

/* Layers in a row that lack the same thing share one remedy, said after the last of them. */
static bool is_said_later(const struct mp_layer_state *states, int i)
{
	return i + 1 < MP_LAYER_COUNT && strcmp(states[i].remedy, states[i + 1].remedy) == 0;
}

static void print_layers(const struct mp_layer_state *states)
{
	(void)puts("Layers of the sandbox:");
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		mp_autotext struct text remedy;

		(void)printf("  %-8s %-9s %s\n", states[i].is_present ? "ok" : "MISSING",
			     mp_layer_word(states[i].layer), states[i].detail);
		if (states[i].is_present || is_said_later(states, i))
			continue;
		text_init(&remedy, 0);
		text_addf(&remedy, "           to do: %s", states[i].remedy);
		columns_print(stdout, text_get(&remedy), 0);
	}
}

/* What may be graded here, from worst to best. */
enum ability { CAN_NOTHING, CAN_OWN, CAN_FOREIGN };

static enum ability find_ability(struct context *context, const struct mp_layer_state *states)
{
	enum ability ability = CAN_FOREIGN;

	context_trust(context, TRUST_OWN);
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		if (!states[i].is_present && !context->may_miss[i])
			return CAN_NOTHING;
		if (!states[i].is_present)
			ability = CAN_OWN;
	}
	return ability;
}

static const char *const ability_words[] = {
	[CAN_NOTHING] = "Nothing can be graded here: do what stands under MISSING first.",
	[CAN_OWN] = "Your own code can be graded here. Code of others needs every layer.",
	[CAN_FOREIGN] = "Every layer is there: your code and that of others can be graded here.",
};

/* --- languages ----------------------------------------------------------------------------- */

static const char *const tool_env[] = {"PATH=" PACK_PATH, "LANG=C.UTF-8", NULL};

/* What PROGRAM says of itself, its first line: "Python 3.11.2"; "" when it cannot be run. */
static void ask_version(const char *program, const char *option, struct text *ret_line)
{
	const char *const argv[] = {program, option, NULL};
	mp_autotext struct text output;

	text_init(&output, 1000);
	text_init(ret_line, 80);
	if (process_run(argv, tool_env, "/", &output, NULL) == 0)
		text_add_visible(ret_line, text_get(&output), strcspn(text_get(&output), "(\n"),
				 60);
}

/* "python3-flask 2.2.2-3" of each extra that is (or is not) here; the versions by dpkg-query. */
static void list_extras(const struct pack *pack, bool are_here, struct text *into)
{
	const char *argv[32] = {"dpkg-query", "-W", "-f", "${Package} ${Version}, "};
	size_t count = 4;
	const char *last = "";

	for (const struct pack_extra *extra = pack->extras; extra->package; extra++) {
		if (pack_extra_is_here(extra) != are_here || strcmp(extra->package, last) == 0)
			continue;
		last = extra->package;
		if (!are_here)
			text_addf(into, " %s", last);
		else if (count + 1 < sizeof(argv) / sizeof(argv[0]))
			argv[count++] = last;
	}
	/* Without dpkg, or without a package that it knows, there is nothing to say. */
	if (count > 4 && process_run(argv, tool_env, "/", into, NULL) != 0)
		text_clear(into);
	while (into->length > 0 && strchr(", ", into->data[into->length - 1]))
		into->data[--into->length] = '\0';
}

static void print_detail(const char *label, const char *words)
{
	mp_autotext struct text line;

	text_init(&line, 4096);
	text_addf(&line, "%21s%s%s", "", label, words);
	if (*words)
		columns_print(stdout, text_get(&line), 2);
}

static void doctor_pack(struct context *context, const struct pack *pack, const char *built)
{
	const char *place = pack_place(pack, context->arena);
	mp_autotext struct text version = {0};
	mp_autotext struct text here;
	mp_autotext struct text more;

	text_init(&here, 2000);
	text_init(&more, 2000);
	if (!place) {
		(void)printf("  %-8s %-9s apt-get install %s\n", "MISSING", pack->word,
			     pack->packages);
		return;
	}
	ask_version(place, pack->asked, &version);
	(void)printf("  %-8s %-9s %s\n", "ok", pack->word, text_get(&version));
	list_extras(pack, true, &here);
	list_extras(pack, false, &more);
	print_detail("reads ", pack->paths);
	print_detail("has ", text_get(&here));
	print_detail("more: apt-get install", text_get(&more));
	if (!pack->curated_in)
		return;
	place = built ? arena_format(context->arena, "%s/%s/node_modules", built, pack->curated_in)
		      : NULL;
	if (place && access(place, F_OK) == 0)
		print_detail("npm modules: ", place);
	else
		print_detail("more: ", "make npm-pack   (npm modules, in milepost's folder)");
}

/* Compilers at run time write code and run it. A unit of systemd can forbid that, also to boxes. */
static bool may_write_code(void)
{
	const size_t bytes = 4096;
	void *code = mmap(NULL, bytes, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (code == MAP_FAILED)
		return false;
	(void)munmap(code, bytes);
	return true;
}

static int doctor_packs(struct context *context, struct mp_error *err)
{
	const char *built;
	int ret = context_packs(context, &built, err);

	if (ret < 0)
		return ret;
	(void)puts("\nLanguages:");
	for (const struct pack *pack = packs; pack->word; pack++)
		doctor_pack(context, pack, built);
	if (!may_write_code())
		(void)puts(
			"  MISSING  memory    that is written and run, as Node.js and Java need it\n"
			"           to do: in a systemd unit, drop MemoryDenyWriteExecute");
	return 0;
}

static int run_doctor(struct context *context, const void *given, const struct text_list *words,
		      struct mp_error *err)
{
	const struct doctor_options *options = given;
	const char *exercises;
	struct mp_error where = {0};
	struct mp_layer_state states[MP_LAYER_COUNT];
	enum ability ability;
	int ret = mp_host_check(states, err);

	(void)words;
	if (ret < 0)
		return ret;
	(void)printf("milepost %s\n\n", MILEPOST_VERSION);
	print_layers(states);
	ability = find_ability(context, states);
	ret = doctor_packs(context, err);
	if (ret < 0)
		return ret;
	if (context_exercises(context, options->exercises, &exercises, &where) == 0)
		(void)printf("\nExercises:\n  %s\n", exercises);
	else
		(void)printf("\nExercises:\n  MISSING  %s\n", where.text);
	(void)printf("\n%s\n", ability_words[where.code ? CAN_NOTHING : ability]);
	return where.code == 0 && ability >= CAN_OWN ? 0 : 4;
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "[OPTION]...",
	.summary = "can this host grade, and what is missing",
	.options = doctor_fields,
	.option_count = sizeof(doctor_fields) / sizeof(doctor_fields[0]),
	.option_bytes = sizeof(struct doctor_options),
	.run = run_doctor,
};
