/* SPDX-License-Identifier: MIT */
/* From the complaints of one file to those of a command. */
#include "grader/manifest/complaints.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"

const char *complaint_name(struct arena *arena, const char *folder, const char *path)
{
	mp_autofree char *here = getcwd(NULL, 0);
	size_t length = here ? strlen(here) : 0;

	if (length > 1 && strncmp(folder, here, length) == 0 && folder[length] == '/')
		folder += length + 1;
	else if (here && strcmp(folder, here) == 0)
		return arena_text(arena, path);
	return arena_format(arena, "%s/%s", folder, path);
}

int complaints_hand_over(struct yaml_complaints *from, struct complaint_list *into,
			 struct mp_error *err)
{
	mp_autotext struct text lines = {0};
	size_t first;

	if (from->error_count + from->warning_count == 0)
		return 0;
	text_init(&lines, 0);
	yaml_complaints_print(from, &lines);
	if (into) {
		if (into->text.limit == 0)
			text_init(&into->text, 0);
		text_add_bytes(&into->text, text_get(&lines), lines.length);
		into->error_count += from->error_count;
		into->warning_count += from->warning_count;
	}
	if (from->error_count == 0)
		return 0;
	first = strcspn(text_get(&lines), "\n");
	return mp_fail(err, MP_FAULT_CONTENT, -EBADMSG, "%.*s", (int)first, text_get(&lines));
}

void complaint_list_done(struct complaint_list *list)
{
	if (!list)
		return;
	text_done(&list->text);
	*list = (struct complaint_list){0};
}
