/* SPDX-License-Identifier: MIT */
/* The strictest spec, and whether a spec can be meant. */
#include "sandbox/plan/plan.h"

#include <errno.h>
#include <string.h>

void mp_box_spec_init(struct mp_box_spec *spec)
{
	const int64_t mib = 1024 * 1024;

	memset(spec, 0, sizeof(*spec));
	spec->profile = MP_PROFILE_PROGRAM;
	spec->stdin_fd = -1;
	spec->stdout_fd = -1;
	spec->talk_fd = -1;
	spec->wall_ms = 10 * 1000;
	spec->cpu_ms = 5 * 1000;
	spec->memory_bytes = 384 * mib;
	spec->scratch_bytes = 64 * mib;
	spec->scratch_inodes = 20 * 1000;
	spec->file_size_bytes = 64 * mib;
	spec->output_bytes = 256 * 1024;
	spec->processes = 64;
	spec->open_files = 1024;
	spec->cpus = 1;
}

/* Bounds of the numbers: a limit that is not one is a mistake of the caller, never "no limit". */
static const struct {
	const char *name;
	size_t offset;
	size_t size;
	int64_t low, high;
} spec_numbers[] = {
#define ROW(FIELD, LOW, HIGH)                                                                      \
	{                                                                                          \
#FIELD, offsetof(struct mp_box_spec, FIELD),                                       \
			sizeof(((struct mp_box_spec *)0)->FIELD), (LOW), (HIGH)                    \
	}
	ROW(wall_ms, 0, INT64_C(1) << 40),
	ROW(cpu_ms, 0, INT64_C(1) << 40),
	ROW(memory_bytes, 1 << 20, INT64_C(1) << 46),
	ROW(scratch_bytes, 1 << 16, INT64_C(1) << 46),
	ROW(scratch_inodes, 16, INT64_C(1) << 32),
	ROW(file_size_bytes, 0, INT64_C(1) << 46),
	ROW(output_bytes, 0, 1 << 30),
	ROW(processes, 1, 1 << 20),
	ROW(open_files, 8, 1 << 20),
	ROW(cpus, 0, 4096),
#undef ROW
};

static int64_t number_at(const struct mp_box_spec *spec, size_t offset, size_t size)
{
	const char *place = (const char *)spec + offset;
	int64_t wide;
	int narrow;

	if (size == sizeof(wide)) {
		memcpy(&wide, place, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, place, sizeof(narrow));
	return narrow;
}

/* An absolute path without "." and ".." parts: the jail makes it part by part. */
static bool is_plain_path(const char *path)
{
	const char *part;

	if (!path || path[0] != '/')
		return false;
	for (part = path; part; part = strchr(part, '/')) {
		part++;
		size_t length = strcspn(part, "/");

		if ((length == 1 && part[0] == '.') ||
		    (length == 2 && part[0] == '.' && part[1] == '.') || length > 255)
			return false;
	}
	return strlen(path) < 4096;
}

static int check_list(const char *name, const char *const *items, size_t most, struct mp_error *err)
{
	size_t count = 0;

	while (items && items[count] && count <= most)
		count++;
	if (count > most)
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
			       "%s of a box has more than %zu entries", name, most);
	return 0;
}

static int check_binds(const struct mp_box_spec *spec, struct mp_error *err)
{
	if (spec->bind_count > MP_BINDS_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL, "a box has at most %d binds",
			       MP_BINDS_MAX);
	for (size_t i = 0; i < spec->bind_count; i++) {
		const struct mp_bind *bind = &spec->binds[i];
		const char *place = bind->box_path ? bind->box_path : bind->host_path;

		if (!is_plain_path(bind->host_path))
			return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
				       "bind %zu: the host path \"%s\" is not absolute and plain",
				       i, bind->host_path ? bind->host_path : "(none)");
		if (!is_plain_path(place) || !place[1])
			return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
				       "bind %zu: the box path \"%s\" is not absolute and plain", i,
				       place);
		if ((unsigned int)bind->mode > MP_BIND_COPY)
			return mp_fail(err, MP_FAULT_USAGE, -EINVAL, "bind %zu: unknown mode", i);
	}
	return 0;
}

int plan_check_spec(const struct mp_box_spec *spec, struct mp_error *err)
{
	int result;

	if (!profile_row(spec->profile))
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
			       "the spec of a box has an unknown profile");
	for (size_t i = 0; i < sizeof(spec_numbers) / sizeof(spec_numbers[0]); i++) {
		int64_t value = number_at(spec, spec_numbers[i].offset, spec_numbers[i].size);

		if (value < spec_numbers[i].low || value > spec_numbers[i].high)
			return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
				       "%s of a box is %lld, not %lld to %lld",
				       spec_numbers[i].name, (long long)value,
				       (long long)spec_numbers[i].low,
				       (long long)spec_numbers[i].high);
	}
	if (spec->argv && !spec->argv[0])
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL, "the command of a box is empty");
	if (spec->dir && !is_plain_path(spec->dir))
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
			       "the folder \"%s\" of a box is not absolute", spec->dir);
	if (spec->beside && !spec->argv)
		return mp_fail(err, MP_FAULT_USAGE, -EINVAL,
			       "a keeper cannot stand beside another box");
	result = check_list("argv", spec->argv, MP_ARGS_MAX, err);
	if (result == 0)
		result = check_list("env", spec->env, MP_ENV_MAX, err);
	if (result == 0)
		result = check_binds(spec, err);
	return result;
}
