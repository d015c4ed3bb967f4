/* SPDX-License-Identifier: MIT */
/*
 * The hooks, inside the box. They decide nothing: what git tells them goes to the server, what the server says
 * goes to standard error, which git sends to the learner as "remote: ...".
 *
 * Two things are done here, because only here is the repository open: a push that lacks parents is found out
 * (git rev-list fails), and each commit that was taken is kept under refs/milepost/kept/, which no push can
 * name, so that a forced push does not lose what was graded. A file of a loose ref is made as git makes it,
 * by renaming.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/serve/refs.h"
#include "grader/serve/serve.h"
#include "grader/serve/talk.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/base/path.h"
#include "sandbox/base/process.h"

enum { PKT_HEAD = 4, PKT_MAX = 1000, REFS_MAX = 64 };
#define KEPT "refs/milepost/kept"

struct hook {
	const char *name;
	struct ref_change refs[REFS_MAX];
	size_t count;
	bool is_taken;
	char reason[TALK_BYTES];
};

static bool tell(const char *word, const char *text)
{
	char packet[TALK_BYTES];
	int count = snprintf(packet, sizeof(packet), "%s%s", word, text);

	return count > 0 && (size_t)count < sizeof(packet) &&
	       send(TALK_FD, packet, (size_t)count, MSG_NOSIGNAL) == count;
}

/* A ref as git names it; one that cannot be read is told too: the server refuses it. */
static void take(struct hook *hook, const char *line)
{
	(void)tell(TALK_REF, line);
	if (hook->count < REFS_MAX && ref_change_read(line, &hook->refs[hook->count]))
		hook->count++;
}

static void read_lines(struct hook *hook)
{
	char line[TALK_BYTES - sizeof(TALK_REF)];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		take(hook, line);
	}
}

/* --- proc-receive speaks in pkt-lines: four hexadecimal digits of length, then the line ----------- */

/* 1: a line; 0: a flush; negative: the end. */
static int read_packet(char ret_line[PKT_MAX])
{
	char head[PKT_HEAD + 1] = "";
	char *end = NULL;
	unsigned long length;

	if (fread(head, 1, PKT_HEAD, stdin) != PKT_HEAD)
		return -EPIPE;
	length = strtoul(head, &end, 16);
	if (*end || length == 0)
		return *end ? -EPROTO : 0;
	if (length < PKT_HEAD || length - PKT_HEAD >= PKT_MAX ||
	    fread(ret_line, 1, length - PKT_HEAD, stdin) != length - PKT_HEAD)
		return -EPROTO;
	ret_line[length - PKT_HEAD] = '\0';
	ret_line[strcspn(ret_line, "\n")] = '\0';
	return 1;
}

static void write_packet(const char *line)
{
	(void)printf("%04zx%s\n", strlen(line) + PKT_HEAD + 1, line);
}

static int read_proc(struct hook *hook)
{
	char line[PKT_MAX];
	int ret;

	while ((ret = read_packet(line)) == 1)
		;
	if (ret < 0)
		return ret;
	write_packet("version=1");
	(void)fputs("0000", stdout);
	(void)fflush(stdout);
	while ((ret = read_packet(line)) == 1)
		take(hook, line);
	return ret;
}

static void write_proc(const struct hook *hook)
{
	for (size_t i = 0; i < hook->count; i++) {
		char line[PKT_MAX];

		(void)snprintf(line, sizeof(line), "%s %s%s%.300s", hook->is_taken ? "ok" : "ng",
			       hook->refs[i].name, hook->is_taken ? "" : " ", hook->reason);
		write_packet(line);
	}
	(void)fputs("0000", stdout);
	(void)fflush(stdout);
}

/* --- what is done here ----------------------------------------------------------------------------- */

static bool lacks_parents(const struct hook *hook)
{
	extern char **environ;

	for (size_t i = 0; i < hook->count; i++) {
		/* An empty shallow file: none, whatever the push brought. */
		const char *const argv[] = {"git",	"--shallow-file", "",
					    "rev-list", "--quiet",	  hook->refs[i].commit,
					    "--not",	"--all",	  NULL};

		if (!commit_is_none(hook->refs[i].commit) &&
		    process_run(argv, (const char *const *)environ, NULL, NULL, NULL) != 0)
			return true;
	}
	return false;
}

static bool keep(const char *commit)
{
	char path[sizeof(KEPT) + HEX_BYTES + 1];
	char lock[sizeof(path) + 8];
	char line[HEX_BYTES + 1];
	mp_autofd int fd = -1;

	if (commit_is_none(commit))
		return true;
	(void)snprintf(path, sizeof(path), KEPT "/%s", commit);
	(void)snprintf(lock, sizeof(lock), "%s.lock", path);
	(void)snprintf(line, sizeof(line), "%s\n", commit);
	if (access(path, F_OK) == 0)
		return true;
	fd = open(lock, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return fd >= 0 && path_write_all(fd, line, strlen(line)) == 0 && fsync(fd) == 0 &&
	       rename(lock, path) == 0;
}

static bool keep_all(const struct hook *hook)
{
	bool is_kept = true;

	for (size_t i = 0; i < hook->count; i++)
		is_kept = keep(hook->refs[i].commit) && keep(hook->refs[i].old_commit) && is_kept;
	return is_kept;
}

/* Show what the server says, until it says the end; the status, or -1 when it is gone. */
static int listen_to_server(struct hook *hook)
{
	char packet[TALK_BYTES];
	ssize_t count;

	while ((count = recv(TALK_FD, packet, sizeof(packet) - 1, 0)) > 0) {
		packet[count] = '\0';
		if (strncmp(packet, TALK_LINE, sizeof(TALK_LINE) - 1) == 0)
			(void)fprintf(stderr, "%s\n", packet + sizeof(TALK_LINE) - 1);
		else if (strncmp(packet, TALK_END, sizeof(TALK_END) - 1) == 0)
			return packet[sizeof(TALK_END) - 1] != '0';
		else if (strncmp(packet, TALK_NG, sizeof(TALK_NG) - 1) == 0)
			(void)snprintf(hook->reason, sizeof(hook->reason), "%s",
				       packet + sizeof(TALK_NG) - 1);
		else if (strcmp(packet, TALK_OK) == 0)
			hook->is_taken = true;
	}
	return -1;
}

int hook_main(const char *name)
{
	static struct hook hook; /* large */
	bool is_pre = strcmp(name, HOOK_PRE) == 0;
	bool is_proc = strcmp(name, HOOK_PROC) == 0;
	int status;

	hook.name = name;
	(void)setvbuf(stderr, NULL, _IOLBF, 0);
	if (!tell(TALK_HOOK, name)) {
		(void)fputs("milepost: a hook is run by the server alone\n", stderr);
		return 2;
	}
	if (!is_proc)
		read_lines(&hook);
	else if (read_proc(&hook) < 0)
		return 1;
	if (is_pre && lacks_parents(&hook))
		(void)tell(TALK_SHALLOW, "");
	if (!is_pre && !keep_all(&hook))
		(void)fputs("milepost: the commit could not be kept; the operator is told\n",
			    stderr);
	status = tell(TALK_GO, "") ? listen_to_server(&hook) : -1;
	if (status < 0)
		(void)fputs("milepost: the server went away. Push again in a minute.\n", stderr);
	if (is_proc)
		write_proc(&hook);
	return status == 0 ? 0 : 1;
}
