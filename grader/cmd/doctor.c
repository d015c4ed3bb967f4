/* SPDX-License-Identifier: MIT */
/* milepost doctor: can this host grade, and with which languages? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "grader/cmd/command.h"
#include "sandbox/base/columns.h"
#include "sandbox/base/process.h"

struct doctor_options {
	const char *exercises;
};

static const struct field doctor_fields[] = {
	OPTION_EXERCISES(doctor_options),
};

/* A language pack: what must be there, and where it comes from. */
struct pack {
	const char *language;
	const char *argv[3];
	const char *package; /* of Debian 12 */
};

static const struct pack packs[] = {
	{"python", {"/usr/bin/python3", "--version", NULL}, "python3"},
	{"node", {"/usr/bin/node", "--version", NULL}, "nodejs"},
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

static void doctor_packs(void)
{
	static const char *const env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
					  NULL};

	(void)puts("\nLanguages:");
	for (size_t i = 0; i < sizeof(packs) / sizeof(packs[0]); i++) {
		mp_autotext struct text output;

		text_init(&output, 80);
		if (access(packs[i].argv[0], X_OK) == 0 &&
		    process_run(packs[i].argv, env, "/", &output, NULL) == 0) {
			(void)printf("  %-8s %-9s %.*s\n", "ok", packs[i].language,
				     (int)strcspn(text_get(&output), "\n"), text_get(&output));
			continue;
		}
		(void)printf("  %-8s %-9s apt-get install %s\n", "MISSING", packs[i].language,
			     packs[i].package);
	}
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
	doctor_packs();
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
