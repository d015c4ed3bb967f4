/* SPDX-License-Identifier: MIT */
/* milepost doctor: can this host grade, and with which languages? */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "grader/cmd/command.h"
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

static bool doctor_layers(struct mp_error *err)
{
	struct mp_layer_state states[MP_LAYER_COUNT];
	bool is_whole = true;

	if (mp_host_check(states, err) < 0)
		return false;
	(void)puts("Layers of the sandbox:");
	for (int i = 0; i < MP_LAYER_COUNT; i++) {
		(void)printf("  %-8s %-9s %s\n", states[i].is_present ? "ok" : "MISSING", mp_layer_word(states[i].layer),
			     states[i].detail);
		if (!states[i].is_present && states[i].remedy[0])
			(void)printf("           remedy: %s\n", states[i].remedy);
		is_whole = is_whole && states[i].is_present;
	}
	return is_whole;
}

static size_t doctor_packs(void)
{
	static const char *const env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", NULL};
	size_t missing = 0;

	(void)puts("\nLanguages:");
	for (size_t i = 0; i < sizeof(packs) / sizeof(packs[0]); i++) {
		mp_autotext struct text output;

		text_init(&output, 80);
		if (access(packs[i].argv[0], X_OK) == 0 && process_run(packs[i].argv, env, "/", &output, NULL) == 0) {
			(void)printf("  %-8s %-9s %.*s\n", "ok", packs[i].language,
				     (int)strcspn(text_get(&output), "\n"), text_get(&output));
			continue;
		}
		(void)printf("  %-8s %-9s apt-get install %s\n", "MISSING", packs[i].language, packs[i].package);
		missing++;
	}
	return missing;
}

static int run_doctor(struct context *context, const void *given, const struct text_list *words, struct mp_error *err)
{
	const struct doctor_options *options = given;
	const char *exercises;
	struct mp_error where = {0};
	bool is_whole;

	(void)words;
	(void)printf("milepost %s\n\n", MILEPOST_VERSION);
	is_whole = doctor_layers(err);
	if (err->code)
		return err->code;
	(void)doctor_packs();
	if (context_exercises(context, options->exercises, &exercises, &where) == 0)
		(void)printf("\nExercises:\n  %s\n", exercises);
	else
		(void)printf("\nExercises:\n  MISSING  %s\n", where.text);
	if (is_whole)
		(void)puts("\nEvery layer is there: foreign code may be graded on this host.");
	else
		(void)puts("\nYour own code can be graded here (--trust=own). For foreign code mend what is MISSING.");
	return is_whole && where.code == 0 ? 0 : 4;
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
