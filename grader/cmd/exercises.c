/* SPDX-License-Identifier: MIT */
/* Where the exercises are, and the packs that were built beside them. */
#include "grader/cmd/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"

/* The absolute path of PATH when it holds a milestones.yaml, in the arena; else NULL. */
static const char *exercises_at(struct arena *arena, const char *path)
{
	mp_autofree char *real = realpath(path, NULL);

	if (!real || access(arena_format(arena, "%s/milestones.yaml", real), R_OK) < 0)
		return NULL;
	return arena_text(arena, real);
}

int context_exercises(struct context *context, const char *given, const char **ret_folder,
		      struct mp_error *err)
{
	/* Relative to the program: build/VARIANT/milepost, and PREFIX/bin/milepost. */
	static const char *const beside[] = {"/../../exercises", "/../share/milepost/exercises"};
	const char *named = given ? given : getenv("MILEPOST_EXERCISES");
	const char *slash = strrchr(context->program, '/');

	if (!given && named && !*named)
		named = NULL;
	if (named) {
		*ret_folder = exercises_at(context->arena, named);
		if (*ret_folder)
			return 0;
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%s' is no folder of exercises: it has no milestones.yaml", named);
	}
	for (size_t i = 0; slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
		const char *place =
			arena_format(context->arena, "%.*s%s", (int)(slash - context->program),
				     context->program, beside[i]);

		*ret_folder = exercises_at(context->arena, place);
		if (*ret_folder)
			return 0;
	}
	return mp_fail(
		err, MP_FAULT_USAGE, -EBADMSG,
		"no exercises found beside this program; name their folder with --exercises DIR");
}

int context_packs(struct context *context, const char **ret_folder, struct mp_error *err)
{
	/* Relative to the program: build/packs, and PREFIX/share/milepost/packs. */
	static const char *const beside[] = {"/../packs", "/../share/milepost/packs"};
	const char *named = getenv("MILEPOST_PACKS");
	const char *slash = strrchr(context->program, '/');
	mp_autofree char *given = named && *named ? realpath(named, NULL) : NULL;

	*ret_folder = arena_text(context->arena, given);
	if (named && *named && !given)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "MILEPOST_PACKS: '%s'", named);
	for (size_t i = 0; !*ret_folder && slash && i < sizeof(beside) / sizeof(beside[0]); i++) {
		mp_autofree char *place = realpath(arena_format(context->arena, "%.*s%s",
								(int)(slash - context->program),
								context->program, beside[i]),
						   NULL);

		*ret_folder = arena_text(context->arena, place);
	}
	return 0;
}
