/* SPDX-License-Identifier: MIT */
/* Places: what a person named as a repository, and what of this machine its reader must see. */
#include "grader/intake/place.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/intake.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"

enum { URL_MAX = ADDRESS_URL_MAX, LINE_MAX_BYTES = 4096 + 16 };

/* What to type instead, as one sentence. */
#define place_usage(ERR, ...) mp_fail((ERR), MP_FAULT_USAGE, -EBADMSG, __VA_ARGS__)

static int place_copy(char *ret_path, const char *path, struct mp_error *err)
{
	if (snprintf(ret_path, PATH_MAX, "%s", path) >= PATH_MAX)
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG, "repository");
	return 0;
}

/* Whether FOLDER/NAME is there and is a folder, or a file. Links count as what they lead to. */
static bool has_entry(const char *folder, const char *name, mode_t type)
{
	char path[PATH_MAX];
	struct stat info;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		return false;
	return stat(path, &info) == 0 && (info.st_mode & S_IFMT) == type;
}

static bool is_git_folder(const char *folder)
{
	return has_entry(folder, "HEAD", S_IFREG) && has_entry(folder, "objects", S_IFDIR) &&
	       has_entry(folder, "refs", S_IFDIR);
}

/*
 * The folder that the file FOLDER/NAME names on its one line, after PREFIX; relative to FOLDER. It must
 * belong to the owner of FOLDER: a file in a learner's tree leads nobody into other people's folders.
 * Returns 1, 0 when there is no such file, or a negative errno.
 */
static int place_follow(const char *folder, const char *name, const char *prefix, char *ret_path,
			struct mp_error *err)
{
	mp_autofd int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mp_autofree char *line = NULL;
	mp_autofree char *real = NULL;
	char path[PATH_MAX * 2];
	const char *named;
	struct stat here, there;
	size_t count = 0;
	int ret = fd < 0 ? -errno : path_read_below(fd, name, LINE_MAX_BYTES, &line, &count);

	if (ret == -ENOENT)
		return 0;
	if (ret == -EACCES)
		return mp_fail(err, MP_FAULT_USAGE, ret, "'%s/%s'", folder, name);
	if (ret < 0)
		return place_usage(err, "'%s/%s' names no git folder", folder, name);
	assert(line);
	while (count > 0 && isspace((unsigned char)line[count - 1]))
		line[--count] = '\0';
	if (strncmp(line, prefix, strlen(prefix)) != 0 || strlen(line) != count)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "'%s/%s' names no git folder", folder,
			       name);
	named = line + strlen(prefix);
	(void)snprintf(path, sizeof(path), "%s%s%s", named[0] == '/' ? "" : folder,
		       named[0] == '/' ? "" : "/", named);
	real = realpath(path, NULL);
	if (!real || strlen(real) >= PATH_MAX || fstat(fd, &here) < 0 || stat(real, &there) < 0)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"'%s/%s' names a git folder that is not there: name the repository itself",
			folder, name);
	if (!S_ISDIR(there.st_mode) || here.st_uid != there.st_uid)
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"'%s/%s' leads into a folder of another owner: name the repository itself",
			folder, name);
	return place_copy(ret_path, real, err) < 0 ? -ENAMETOOLONG : 1;
}

/* A linked work tree: `.git` is a file. */
static int place_linked(struct place *place, struct mp_error *err)
{
	int ret = place_follow(place->top, ".git", "gitdir: ", place->git, err);

	if (ret == 1)
		ret = place_follow(place->git, "commondir", "", place->common, err);
	if (ret < 0)
		return ret;
	if (ret == 0 && !is_git_folder(place->git))
		return place_usage(err, "'%s/.git' names no git folder", place->top);
	if (ret == 1 && !is_git_folder(place->common))
		return place_usage(err, "'%s' is no git repository", place->common);
	return 0;
}

static int place_no_repository(struct place *place, bool is_worktree, struct mp_error *err)
{
	mp_autofree char *top = NULL;
	struct mp_error ignored;

	if (intake_find_top(place->top, &top, &ignored) == 0)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%s' is a folder inside the repository '%s': name the repository",
			       place->top, top);
	if (is_worktree)
		return 0;
	return mp_fail(
		err, MP_FAULT_USAGE, -EBADMSG,
		"no git repository in '%s': type 'git init && git add -A && git commit -m start' there, "
		"or grade the files as they lie with --worktree",
		place->top);
}

static int place_closed(const char *path, struct mp_error *err)
{
	return place_usage(
		err,
		"'%s' is closed to you: ask its owner to let you read it, or grade a clone "
		"of your own",
		path);
}

/* The `.git` of a work tree is a folder, or for a linked work tree a file. */
static int place_dot_git(struct place *place, const char *git, mode_t mode, struct mp_error *err)
{
	if (S_ISREG(mode))
		return place_linked(place, err);
	if (S_ISLNK(mode))
		return place_usage(err, "'%s' is a link: name the repository that it leads to",
				   git);
	if (!S_ISDIR(mode))
		return place_usage(err, "'%s' is neither a folder nor a file: clone it anew", git);
	if (access(git, R_OK | X_OK) < 0)
		return place_closed(git, err);
	if (!is_git_folder(git))
		return mp_fail(
			err, MP_FAULT_INPUT, -EBADMSG,
			"refused: cannot be read: '%s' is not whole (HEAD, objects, refs): clone it anew",
			git);
	return place_copy(place->git, git, err);
}

/* A folder of this machine: a work tree, a linked one, or a bare repository. */
static int place_folder(const char *path, bool is_worktree, struct place *place,
			struct mp_error *err)
{
	mp_autofree char *real = realpath(path, NULL);
	char git[PATH_MAX];
	struct stat info;
	int ret;

	if (!real && (errno == ENOENT || errno == ENOTDIR))
		return place_usage(err, "no folder '%s' here: name a git repository", path);
	if (!real && errno == EACCES)
		return place_closed(path, err);
	if (!real)
		return mp_fail(err, MP_FAULT_USAGE, -errno,
			       "'%s' leads to no folder of a git repository", path);
	if (stat(real, &info) < 0 || !S_ISDIR(info.st_mode))
		return place_usage(err, "'%s' is a file: name the folder of a git repository",
				   path);
	if (access(real, R_OK | X_OK) < 0)
		return place_closed(path, err);
	if (strcmp(real, "/") == 0)
		return place_usage(
			err, "'%s' is this whole machine: name the folder of a git repository",
			path);
	ret = place_copy(place->top, real, err);
	if (ret < 0)
		return ret;
	place->how = is_worktree ? FRAME_HOW_WORKTREE : FRAME_HOW_COMMIT;
	if (snprintf(git, sizeof(git), "%s/.git", real) >= (int)sizeof(git))
		return mp_fail(err, MP_FAULT_USAGE, -ENAMETOOLONG, "repository");
	if (lstat(git, &info) == 0)
		return place_dot_git(place, git, info.st_mode, err);
	if (!is_git_folder(real))
		return place_no_repository(place, is_worktree, err);
	if (is_worktree)
		return place_usage(err, "'%s' is a bare repository: it has no files for --worktree",
				   path);
	place->top[0] = '\0';
	return place_copy(place->git, real, err);
}

static int hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* %20 and the like in place, as file:// writes them. */
static int place_decode(char *path)
{
	char *to = path;

	for (const char *from = path; *from; from++) {
		int high = *from == '%' ? hex_value(from[1]) : -1;
		int low = high >= 0 ? hex_value(from[2]) : -1;
		bool is_escape = *from == '%';

		if (is_escape && (low < 0 || (high == 0 && low == 0)))
			return -EINVAL;
		*to++ = is_escape ? (char)(high << 4 | low) : *from;
		from += is_escape ? 2 : 0;
	}
	*to = '\0';
	return 0;
}

/* file://: the folder is bound as if it had been named, and cloned from there. */
static int place_file_url(const char *url, struct place *place, struct mp_error *err)
{
	char path[URL_MAX + 1];
	int ret;

	url += strlen("file://");
	if (strncmp(url, "localhost/", strlen("localhost/")) == 0)
		url += strlen("localhost");
	if (url[0] != '/')
		return place_usage(
			err, "'file://%s' names a folder of another machine: write file:///...",
			url);
	(void)snprintf(path, sizeof(path), "%s", url);
	if (place_decode(path) < 0)
		return place_usage(err, "'file://%s' has a '%%' that is not followed by two digits",
				   url);
	ret = place_folder(path, false, place, err);
	if (ret < 0)
		return ret;
	place->how = FRAME_HOW_CLONE;
	place->top[0] = '\0';
	return 0;
}

static int place_fetch_url(const char *url, struct place *place, struct mp_error *err)
{
	char plain[ADDRESS_URL_MAX + 1];
	int ret = address_parse_http(url, &place->address, plain, err);

	place->how = FRAME_HOW_CLONE;
	place->has_network = true;
	return ret < 0 ? ret : place_copy(place->git, plain, err);
}

/* As git does: the path of ssh:// is decoded, that of USER@HOST:PATH stands as it is. libgit2 decodes none. */
static int place_ssh_url(const char *url, struct place *place, struct mp_error *err)
{
	const char *scheme = strstr(url, "://");
	char plain[URL_MAX + 1];
	int ret;

	(void)snprintf(plain, sizeof(plain), "%s", url);
	if (scheme && place_decode(plain + (scheme + 3 - url) + strcspn(scheme + 3, "/")) < 0)
		return place_usage(err,
				   "the address has a '%%' that is not followed by two digits");
	for (const char *c = plain; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return place_usage(err, "the address has a control character in it");
	}
	ret = address_parse_ssh(plain, &place->address, err);
	place->how = FRAME_HOW_CLONE;
	place->has_network = true;
	return ret < 0 ? ret : place_copy(place->git, plain, err);
}

static int place_git_url(const char *url, struct place *place, struct mp_error *err)
{
	(void)place;
	return place_usage(err,
			   "'%s': git:// is not read, for nobody vouches for what it brings: write "
			   "https:// or ssh://",
			   url);
}

static const struct {
	const char *prefix;
	int (*find)(const char *url, struct place *place, struct mp_error *err);
} schemes[] = {
	{"https://", place_fetch_url}, {"http://", place_fetch_url}, {"file://", place_file_url},
	{"ssh://", place_ssh_url},     {"git://", place_git_url},
};

/* An address: with a scheme, or git@host:path. */
static int place_url(const char *url, struct place *place, struct mp_error *err)
{
	if (strlen(url) > URL_MAX)
		return place_usage(err, "the address is longer than 2,000 characters");
	for (const char *c = url; *c; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return place_usage(err,
					   "the address of the repository has a blank or a control "
					   "character in it");
	}
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t count = strlen(schemes[i].prefix);

		if (strncasecmp(url, schemes[i].prefix, count) == 0)
			return schemes[i].find(url, place, err);
		if (strncasecmp(url, schemes[i].prefix, count - 1) == 0)
			return place_usage(err, "the address has one slash where two belong: %s",
					   schemes[i].prefix);
	}
	if (address_is_short(url))
		return place_ssh_url(url, place, err);
	return place_usage(
		err, "'%s': milepost reads https://, http://, ssh://, file:// and folders", url);
}

int place_find(const char *repository, bool is_worktree, struct place *ret_place,
	       struct mp_error *err)
{
	struct place place = {0};
	const char *colon = strchr(repository, ':');
	size_t before_slash = strcspn(repository, "/");
	bool is_remote = colon && (size_t)(colon - repository) < before_slash &&
			 access(repository, F_OK) < 0;
	int ret = is_remote ? address_refuse_password(repository, err) : 0;

	if (ret < 0)
		return ret;
	if (repository[0] == '\0')
		ret = place_usage(err, "no repository is named");
	else if (repository[0] == '-')
		ret = place_usage(err,
				  "'%s' is no repository: write ./%s for a folder of that name",
				  repository, repository);
	else if (is_remote && is_worktree)
		ret = place_usage(err, "--worktree wants a folder of this machine, not '%s'",
				  repository);
	else if (is_remote && memchr(repository, '[', (size_t)(colon - repository)))
		ret = place_usage(err, "'%s': write an address with [ ] as ssh://USER@[...]/PATH",
				  repository);
	else if (is_remote && colon[1] == ':')
		ret = place_usage(err, "'%s' would start a program: use https:// or a folder",
				  repository);
	else if (is_remote)
		ret = place_url(repository, &place, err);
	else
		ret = place_folder(repository, is_worktree, &place, err);
	if (ret == 0)
		*ret_place = place;
	return ret;
}

int intake_refuse_password(const char *word, struct mp_error *err)
{
	return access(word, F_OK) < 0 ? address_refuse_password(word, err) : 0;
}

bool intake_is_short_address(const char *word)
{
	return address_is_short(word) && access(word, F_OK) < 0;
}

int intake_find_top(const char *folder, char **ret_top, struct mp_error *err)
{
	mp_autofree char *at = realpath(folder, NULL);
	char *slash;

	if (!at && errno == ENOENT && strcmp(folder, ".") == 0)
		return mp_fail(
			err, MP_FAULT_USAGE, -ESTALE,
			"this folder is not there any more; go into your repository with cd");
	if (!at)
		return mp_fail(err, MP_FAULT_USAGE, -errno, "folder '%s'", folder);
	while (true) {
		if (has_entry(at, ".git", S_IFDIR) || has_entry(at, ".git", S_IFREG)) {
			*ret_top = mp_take(at);
			return 0;
		}
		slash = strrchr(at, '/');
		if (!slash || slash[1] == '\0')
			break;
		slash[slash == at] = '\0';
	}
	return mp_fail(err, MP_FAULT_USAGE, -ENOENT, "'%s' lies in no git repository", folder);
}
