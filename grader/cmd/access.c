/* SPDX-License-Identifier: MIT */
/*
 * The options that let milepost in at an address. A secret comes by a file's name or a descriptor's number,
 * is kept in one buffer, and that is wiped.
 */
#include "grader/cmd/access.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/intake/limits.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/text.h"

#define access_usage(ERR, ...) mp_fail((ERR), MP_FAULT_USAGE, -EBADMSG, __VA_ARGS__)

static char *secret_free(const char *text)
{
	char *own = (char *)(uintptr_t)text;

	if (own)
		explicit_bzero(own, strlen(own));
	free(own);
	return NULL;
}

/* A core file would hold what we hold. From here on a crash of this process leaves none. */
static void keep_no_core(void)
{
	static const struct rlimit nothing;

	(void)setrlimit(RLIMIT_CORE, &nothing);
}

/* The bytes of FD as a text of at most LIMIT. -EFBIG: more; -EINVAL: a NUL in it. Freed by the caller. */
static int read_all(int fd, size_t limit, char **ret_text)
{
	char *text = calloc(1, limit + 2);
	size_t count = 0;
	ssize_t got = 1;

	while (text && count <= limit && got != 0) {
		got = read(fd, text + count, limit + 1 - count);
		if (got < 0 && errno != EINTR)
			break;
		count += got > 0 ? (size_t)got : 0;
	}
	if (text && got >= 0 && count <= limit && strlen(text) == count) {
		*ret_text = text;
		return 0;
	}
	got = !text ? -ENOMEM : got < 0 ? -errno : count > limit ? -EFBIG : -EINVAL;
	if (text)
		explicit_bzero(text, limit + 2);
	free(text);
	return (int)got;
}

/* The text of a regular file. -ENOENT stays that; others have ERR filled. */
static int read_file(const char *option, const char *path, size_t limit, char **ret_text,
		     struct mp_error *err)
{
	mp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info = {0};
	int ret = fd < 0 ? -errno : fstat(fd, &info) < 0 ? -errno : 0;

	if (ret == 0 && !S_ISREG(info.st_mode))
		return access_usage(err, "%s: '%s' is no file", option, path);
	if (ret == 0)
		ret = read_all(fd, limit, ret_text);
	if (ret == -EFBIG || ret == -EINVAL)
		return access_usage(err, "%s: '%s' is no such file: it is %s", option, path,
				    ret == -EFBIG ? "far too large" : "not text");
	return ret < 0 ? mp_fail(err, MP_FAULT_USAGE, ret, "%s '%s'", option, path) : 0;
}

/*
 * Descriptors of ours are close-on-exec from birth and those of who started us are not: so a number that was
 * not opened for us is found out, whatever we have under it.
 */
static int read_password(const char *number, char **ret_password, struct mp_error *err)
{
	int64_t fd;
	int flags, ret;

	if (parse_count(number, &fd) < 0 || fd < 0 || fd > 1 << 20)
		return access_usage(
			err, "--password-fd: wants the number of a descriptor, like 3, and the "
			     "password in a file: --password-fd 3 3< FILE");
	flags = fcntl((int)fd, F_GETFD);
	if (flags < 0 || flags & FD_CLOEXEC)
		return access_usage(
			err, "--password-fd %d: nothing is open there: write %d< FILE behind it",
			(int)fd, (int)fd);
	if (isatty((int)fd))
		return access_usage(err,
				    "--password-fd %d: is the terminal, which would show it: write "
				    "--password-fd 3 3< FILE",
				    (int)fd);
	keep_no_core();
	ret = read_all((int)fd, INTAKE_PASSWORD_MAX, ret_password);
	if (ret == -EFBIG || ret == -EINVAL)
		return access_usage(err, "--password-fd %d: what comes is no password: it is %s",
				    (int)fd,
				    ret == -EFBIG ? "longer than 1,000 bytes" : "not text");
	if (ret < 0)
		return mp_fail(err, MP_FAULT_USAGE, ret, "--password-fd %d", (int)fd);
	assert(*ret_password);
	(*ret_password)[strcspn(*ret_password, "\r\n")] = '\0';
	if ((*ret_password)[0] == '\0')
		return access_usage(err, "--password-fd %d: nothing comes from there", (int)fd);
	return 0;
}

/* The user's own and the machine's, one behind the other; a file that is not there has no line. */
static int read_known_hosts(char **ret_text, struct mp_error *err)
{
	const char *home = getenv("HOME");
	const struct passwd *user = home && home[0] == '/' ? NULL : getpwuid(geteuid());
	char own[4096];
	const char *paths[] = {own, "/etc/ssh/ssh_known_hosts"};
	mp_autotext struct text all = {0};

	(void)snprintf(own, sizeof(own), "%s/.ssh/known_hosts",
		       home && home[0] == '/' ? home
		       : user		      ? user->pw_dir
					      : "");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		mp_autofree char *text = NULL;
		struct mp_error why = {0};
		int ret = read_file("known hosts", paths[i], INTAKE_KNOWN_HOSTS_MAX, &text, &why);

		if (ret < 0 && ret != -ENOENT) {
			*err = why;
			return ret;
		}
		text_add(&all, text ? text : "");
		text_add(&all, "\n");
	}
	*ret_text = text_take(&all);
	return 0;
}

int access_read(const struct access_options *options, bool is_ssh, struct intake_access *ret_access,
		struct mp_error *err)
{
	char *key = NULL;
	char *password = NULL;
	char *known_hosts = NULL;
	int ret = 0;

	if (options->key) {
		keep_no_core();
		ret = read_file("--key", options->key, INTAKE_KEY_MAX, &key, err);
	}
	if (ret == 0 && options->known_hosts)
		ret = read_file("--known-hosts", options->known_hosts, INTAKE_KNOWN_HOSTS_MAX,
				&known_hosts, err);
	else if (ret == 0 && is_ssh)
		ret = read_known_hosts(&known_hosts, err);
	if (ret == 0 && options->password_fd)
		ret = read_password(options->password_fd, &password, err);
	*ret_access = (struct intake_access){options->user, password, key, known_hosts};
	if (ret < 0)
		access_done(ret_access);
	return ret;
}

void access_done(struct intake_access *access)
{
	access->key = secret_free(access->key);
	access->password = secret_free(access->password);
	access->known_hosts = secret_free(access->known_hosts);
}
