/* SPDX-License-Identifier: MIT */
/* Paths of a learner's tree as steps name them, and why one of them could not be read. */
#include <errno.h>
#include <string.h>

#include "grader/match/match.h"
#include "grader/tree/tree.h"
#include "sandbox/base/cleanup.h"

bool tree_is_plain_path(const char *path)
{
	path += *path == '/';
	while (true) {
		size_t count = strcspn(path, "/");

		if (count == 0 || (count == 1 && path[0] == '.') ||
		    (count == 2 && memcmp(path, "..", 2) == 0))
			return false;
		if (path[count] == '\0')
			return true;
		path += count + 1;
	}
}

int tree_path(struct probe_run *run, const char *target, const char **ret_path,
	      struct mp_error *err)
{
	mp_autofree char *filled = NULL;
	int ret = names_fill_text(run->names, target, false, &filled, err);

	if (ret < 0)
		return ret;
	if (filled[0] == '/')
		*ret_path = arena_text(run->arena, filled + 1);
	else if (strcmp(run->folder, ".") == 0)
		*ret_path = arena_text(run->arena, filled);
	else
		*ret_path = arena_format(run->arena, "%s/%s", run->folder, filled);
	return 0;
}

/* Why a path could not be read, as what was got. */
static const struct {
	int code;
	const char *got;
} refusals[] = {
	{-ENOENT, "not there yet"},
	{-ENOTDIR, "not there yet"},
	{-EINVAL, "a folder, or no ordinary file"},
	{-EISDIR, "a folder"},
	{-EFBIG, "more than 1 MB, which is not read"},
};

const char *tree_refusal(int code)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].code == code)
			return refusals[i].got;
	}
	return "it cannot be read";
}
