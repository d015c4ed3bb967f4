/* SPDX-License-Identifier: MIT */
/* Names and paths of a learner's tree: which are a threat. */
#include "grader/intake/name.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "grader/intake/limits.h"

/* Code points that HFS+ leaves out when it compares names, first and last of each run. */
static const struct {
	uint32_t first, last;
} ignored_points[] = {
	{0x200c, 0x200f},
	{0x202a, 0x202e},
	{0x206a, 0x206f},
	{0xfeff, 0xfeff},
};

/* Other spellings of git's own folder, after the ignored code points, case and trailing dots and blanks. */
static const char *const git_names[] = {".git", "git~1"};

static bool is_ignored_point(const unsigned char *bytes, size_t count)
{
	uint32_t point;

	if (count < 3 || (bytes[0] & 0xf0) != 0xe0)
		return false;
	point = (uint32_t)(bytes[0] & 0x0f) << 12 | (uint32_t)(bytes[1] & 0x3f) << 6 |
		(bytes[2] & 0x3f);
	for (size_t i = 0; i < sizeof(ignored_points) / sizeof(ignored_points[0]); i++) {
		if (point >= ignored_points[i].first && point <= ignored_points[i].last)
			return true;
	}
	return false;
}

/* NAME as a forgiving file system compares it; at most SIZE - 1 bytes, the rest does not matter here. */
static size_t name_fold(const char *name, size_t count, char *ret_folded, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)name;
	size_t used = 0;

	for (size_t i = 0; i < count && used + 1 < size; i++) {
		if (is_ignored_point(bytes + i, count - i)) {
			i += 2;
			continue;
		}
		ret_folded[used++] = (char)tolower(bytes[i]);
	}
	ret_folded[used] = '\0';
	return used;
}

/* Windows takes "name:stream" for a part of the file "name", and leaves trailing dots and blanks away. */
static size_t name_windows_length(const char *name, size_t count)
{
	const char *colon = memchr(name, ':', count);

	if (colon)
		count = (size_t)(colon - name);
	while (count > 0 && (name[count - 1] == '.' || name[count - 1] == ' '))
		count--;
	return count;
}

static bool name_is_git(const char *name, size_t count)
{
	char folded[INTAKE_NAME_MAX + 1];
	size_t used = name_fold(name, count, folded, sizeof(folded));

	used = name_windows_length(folded, used);
	for (size_t i = 0; i < sizeof(git_names) / sizeof(git_names[0]); i++) {
		if (used == strlen(git_names[i]) && memcmp(folded, git_names[i], used) == 0)
			return true;
	}
	return false;
}

/* ASCII's control characters, and those of Latin-1 as UTF-8 writes them (a terminal obeys both). */
static bool name_has_control(const char *name, size_t count)
{
	const unsigned char *bytes = (const unsigned char *)name;

	for (size_t i = 0; i < count; i++) {
		if (bytes[i] < 0x20 || bytes[i] == 0x7f)
			return true;
		if (bytes[i] == 0xc2 && i + 1 < count && bytes[i + 1] >= 0x80 &&
		    bytes[i + 1] <= 0x9f)
			return true;
	}
	return false;
}

static bool name_is_empty(const char *name, size_t count)
{
	(void)name;
	return count == 0;
}

static bool name_is_long(const char *name, size_t count)
{
	(void)name;
	return count > INTAKE_NAME_MAX;
}

static bool name_has_slash(const char *name, size_t count)
{
	return memchr(name, '/', count) || memchr(name, '\\', count);
}

static bool name_is_dots(const char *name, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (name[i] != '.' && name[i] != ' ')
			return false;
	}
	return true;
}

static const struct {
	bool (*holds)(const char *name, size_t count);
	const char *reason;
} name_rules[] = {
	{name_is_empty, "has an empty part"},
	{name_is_long, "has a part longer than 255 bytes"},
	{name_has_control, "has a control character in its name"},
	{name_has_slash, "has a slash or backslash in a name"},
	{name_is_dots, "has a part of dots and blanks alone"},
	{name_is_git, "would be taken for git's own folder"},
};

const char *name_threat(const char *name, size_t count)
{
	for (size_t i = 0; i < sizeof(name_rules) / sizeof(name_rules[0]); i++) {
		if (name_rules[i].holds(name, count))
			return name_rules[i].reason;
	}
	return NULL;
}

const char *path_threat(const char *path, size_t count)
{
	const char *end = path + count;
	const char *part = path;
	int depth = 0;

	if (count > INTAKE_PATH_MAX)
		return "is longer than 1,024 bytes";
	while (true) {
		const char *slash = memchr(part, '/', (size_t)(end - part));
		const char *threat = name_threat(part, (size_t)((slash ? slash : end) - part));

		if (threat)
			return threat;
		if (++depth > INTAKE_DEPTH_MAX)
			return "lies deeper than 32 folders";
		if (!slash)
			return NULL;
		part = slash + 1;
	}
}

bool link_leaves(const char *path, const char *target, size_t target_bytes)
{
	const char *end = target + target_bytes;
	const char *part = target;
	long depth = 0;

	if (target_bytes == 0 || target[0] == '/' || memchr(target, '\0', target_bytes))
		return true;
	for (const char *c = path; *c; c++)
		depth += *c == '/';
	while (part < end) {
		const char *slash = memchr(part, '/', (size_t)(end - part));
		size_t count = (size_t)((slash ? slash : end) - part);

		if (count == 2 && memcmp(part, "..", 2) == 0)
			depth--;
		else if (count > 0 && !(count == 1 && part[0] == '.'))
			depth++;
		if (depth < 0)
			return true;
		part += count + 1;
	}
	return false;
}
