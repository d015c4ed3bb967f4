/* SPDX-License-Identifier: MIT */
/* Which reports of one grading go where: chosen before it, written after it. */
#include "grader/cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { REPORT_BYTES = 64 << 20 };

static const char *format_at(const void *formats, size_t i)
{
	return ((const struct report_format *)formats)[i].name;
}

static int unknown_format(const char *name, struct mp_error *err)
{
	mp_autotext struct text names;
	const char *near;
	size_t count = 0;

	text_init(&names, 256);
	for (const struct report_format *row = report_formats; row->name; row++, count++)
		text_addf(&names, "%s%s", names.length ? ", " : "", row->name);
	near = nearest_word(name, count, format_at, report_formats);
	if (near)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "unknown format '%s'; did you mean '%s'? There is %s", name, near,
			       text_get(&names));
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "unknown format '%s'; there is %s", name,
		       text_get(&names));
}

/* Can a file be written at PATH? OPTION names who asks. */
static int check_path(struct arena *arena, const char *option, const char *path,
		      struct mp_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *folder = slash ? arena_bytes(arena, path, (size_t)(slash - path) + 1) : ".";
	struct stat info;
	bool is_there = stat(path, &info) == 0;

	if (is_there && S_ISDIR(info.st_mode))
		return mp_fail(err, MP_FAULT_USAGE, -EISDIR, "%s: '%s'", option, path);
	if (access(is_there ? path : folder, is_there ? W_OK : W_OK | X_OK) < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "%s: '%s'", option, path);
	return 0;
}

/* A file that two reports would be written to holds neither. */
static bool is_taken(const struct outputs *outputs, const char *path)
{
	for (size_t i = 0; outputs->paths[i]; i++) {
		if (strcmp(outputs->paths[i], path) == 0)
			return true;
	}
	return false;
}

static int add_output(struct arena *arena, const char *option, struct output output,
		      struct outputs *outputs, struct mp_error *err)
{
	size_t files = 0;
	int ret = output.path ? check_path(arena, option, output.path, err) : 0;

	if (ret < 0)
		return ret;
	if (output.path && is_taken(outputs, output.path))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "%s: '%s' is named twice", option,
			       output.path);
	outputs->items[outputs->count++] = output;
	while (outputs->paths[files])
		files++;
	outputs->paths[files] = output.path;
	return 0;
}

static int add_also(struct arena *arena, const char *given, struct outputs *outputs,
		    struct mp_error *err)
{
	const char *equals = strchr(given, '=');
	const char *name;
	struct output output;

	if (!equals || equals == given || !equals[1])
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--also: '%s' is not FORMAT=FILE, like junit=report.xml", given);
	if (outputs->count == OUTPUTS_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -E2BIG, "--also: at most %d of them",
			       OUTPUTS_MAX - 1);
	name = arena_bytes(arena, given, (size_t)(equals - given));
	output = (struct output){report_format_find(name), equals + 1};
	return output.format ? add_output(arena, "--also", output, outputs, err)
			     : unknown_format(name, err);
}

int outputs_choose(struct arena *arena, const char *format, const char *path,
		   const struct text_list *also, struct outputs *ret_outputs, struct mp_error *err)
{
	struct output first = {report_format_find(format ? format : "text"), path};
	int ret;

	*ret_outputs = (struct outputs){.count = 0};
	if (!first.format)
		return unknown_format(format, err);
	ret = add_output(arena, "--output", first, ret_outputs, err);
	for (size_t i = 0; ret == 0 && i < also->count; i++)
		ret = add_also(arena, also->items[i], ret_outputs, err);
	return ret;
}

static int write_bytes(const struct text *report, const char *path, struct mp_error *err)
{
	mp_autofd int fd = -1;
	int ret;

	if (!path) {
		ret = path_write_all(STDOUT_FILENO, text_get(report), report->length);
		/* Whoever reads may stop when it has enough. */
		return ret < 0 && ret != -EPIPE
			       ? mp_fail(err, MP_FAULT_HOST, ret, "writing to standard output")
			       : 0;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "the report '%s'", path);
	ret = path_write_all(fd, text_get(report), report->length);
	return ret < 0 ? mp_fail(err, MP_FAULT_HOST, ret, "writing '%s'", path) : 0;
}

int outputs_write(const struct outputs *outputs, const struct scorecard *scorecard,
		  const struct report_options *options, bool only_files, struct mp_error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < outputs->count; i++) {
		const struct output *output = &outputs->items[i];
		mp_autotext struct text into = {0};

		if (only_files && !output->path)
			continue;
		text_init(&into, REPORT_BYTES);
		ret = report_write(output->format, scorecard, options, &into, err);
		if (ret == 0)
			ret = write_bytes(&into, output->path, err);
	}
	return ret;
}
