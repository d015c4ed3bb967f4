/* SPDX-License-Identifier: MIT */
/* Languages of people: which one, from which files, and what is wrong in them. */
#include "grader/cmd/speak.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "grader/manifest/complaints.h"
#include "grader/report/words.h"
#include "sandbox/base/cleanup.h"

/* Mistakes of a catalogue are told by `lint`; a report goes on with what is sound. */
static int add_silently(struct language *language, int exercises_fd,
			const struct exercise *exercise)
{
	struct yaml_complaints ignored;
	int ret;

	yaml_complaints_init(&ignored, "messages.yaml");
	ret = exercise ? language_add_exercise(language, exercise, &ignored)
		       : language_add_common(language, exercises_fd, word_english, &ignored);
	yaml_complaints_done(&ignored);
	return ret;
}

static int unknown_language(const char *exercises, const char *given, struct mp_error *err)
{
	mp_autotext struct text there = {0};

	for (const struct language_name *row = language_names + 1; row->code; row++) {
		mp_autotext struct text path = {0};

		text_addf(&path, "%s/text/%s/messages.yaml", exercises, row->code);
		if (access(text_get(&path), R_OK) == 0)
			text_addf(&there, ", %s", row->code);
	}
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
		       "--language: there is no '%s' yet; there is: en%s", given, text_get(&there));
}

int speak_open(const char *exercises, const char *given, int top_fd, struct language **ret_language,
	       struct mp_error *err)
{
	const char *code = given	 ? given
			   : top_fd >= 0 ? language_of_learner(top_fd)
					 : language_names[0].code;
	const struct language_name *name = language_find(code);
	mp_autofd int fd = open(exercises, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct language *language;
	int ret;

	*ret_language = NULL;
	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "opening '%s'", exercises);
	if (name == language_names)
		return 0;
	language = name ? language_new(name) : NULL;
	ret = language ? add_silently(language, fd, NULL) : -ENOENT;
	if (ret == 0) {
		*ret_language = language;
		return 0;
	}
	(void)language_free(language);
	if (ret == -ENOENT)
		return given ? unknown_language(exercises, given, err) : 0;
	return mp_fail(err, MP_FAULT_CONTENT, ret, "%s/text/%s/messages.yaml", exercises, code);
}

int speak_exercise(struct language *language, const struct exercise *exercise, struct mp_error *err)
{
	int ret = language && exercise ? add_silently(language, -1, exercise) : 0;

	/* An exercise that nobody has translated yet is told in English. */
	return ret == 0 || ret == -ENOENT
		       ? 0
		       : mp_fail(err, MP_FAULT_CONTENT, ret, "%s: text/%s/messages.yaml",
				 exercise->id, language_name_of(language)->code);
}

int speak_lint(const char *exercises, const struct exercise *exercise, struct complaint_list *list,
	       struct mp_error *err)
{
	mp_autofd int fd = open(exercises, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mp_autoarena struct arena *arena = arena_new();
	int ret = 0;

	if (fd < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "opening '%s'", exercises);
	for (const struct language_name *row = language_names + 1; ret == 0 && row->code; row++) {
		const char *path = arena_format(arena, "text/%s/messages.yaml", row->code);
		struct language *language = language_new(row);
		struct yaml_complaints complaints;

		yaml_complaints_init(
			&complaints,
			complaint_name(arena, exercise ? exercise->folder : exercises, path));
		ret = exercise ? language_add_exercise(language, exercise, &complaints)
			       : language_add_common(language, fd, word_english, &complaints);
		if (ret < 0 && ret != -ENOENT)
			ret = mp_fail(err, MP_FAULT_CONTENT, ret, "%s", complaints.name);
		else
			ret = complaints_hand_over(&complaints, list, err);
		yaml_complaints_done(&complaints);
		(void)language_free(language);
	}
	return ret;
}
