/* SPDX-License-Identifier: MIT */
/*
 * A disk that is full, and one that cannot be written: a small file system of our own, in a user and a mount
 * namespace, in a child.
 */
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "tests/unit/ledger/site.h"

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return is_written;
}

/* A file system of 1 MiB at /mnt, ours alone. */
static bool enter(void)
{
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || !write_text("/proc/self/setgroups", "deny"))
		return false;
	(void)snprintf(map, sizeof(map), "0 %u 1", uid);
	if (!write_text("/proc/self/uid_map", map))
		return false;
	(void)snprintf(map, sizeof(map), "0 %u 1", gid);
	return write_text("/proc/self/gid_map", map) &&
	       mount("disk", "/mnt", "tmpfs", 0, "size=1m,mode=700") == 0;
}

/* Run TEST in the child; 77: this machine makes no namespaces. */
static int run_apart(void (*test)(void))
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		tap_failed_checks = 0;
		if (!enter())
			_exit(77);
		test();
		_exit(tap_failed_checks > 0);
	}
	(void)waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define RUN_APART(TEST)                                                                            \
	do {                                                                                       \
		int ended = run_apart(TEST);                                                       \
		if (ended == 77)                                                                   \
			SKIP_TEST("no user and mount namespaces here");                            \
		IS(ended, 0);                                                                      \
	} while (0)

static void open_there(struct site *site, const char *data)
{
	*site = (struct site){.arena = arena_new()};
	(void)snprintf(site->data, sizeof(site->data), "%s", data);
	if (!IS(ledger_open(site->data, LEDGER_OR_MAKE, &site->ledger, &site->err), 0)) {
		printf("# %s\n", site->err.text);
		_exit(1);
	}
	(void)add_learner(site, "asha");
}

/* Take what room there is. */
static void fill_disk(void)
{
	static const char bytes[4096];
	int fd = open("/mnt/rubbish", O_WRONLY | O_CREAT, 0600);

	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	close(fd);
}

static void write_on_a_full_disk(void)
{
	struct site site;
	struct receipt receipt;
	struct learner *learners = NULL;
	size_t count = 0;
	size_t before = 0;
	struct ticket *tickets = NULL;
	int64_t ticket = 0;
	int ret = 0;

	open_there(&site, "/mnt/data");
	(void)push(&site, 1, 1);
	fill_disk();
	/* The log has room for a few more, then none. */
	receipt = receipt_of(&site, 1, 2);
	for (int i = 0; i < 1000 && ret == 0; i++) {
		ret = ticket_receive(site.ledger, &receipt, &ticket, &site.err);
		before += ret == 0;
	}
	IS(ret, -ENOSPC);
	IS_TEXT(site.err.text,
		"the disk that holds '/mnt/data' is full: nothing was changed. Make room and try again");
	IS(site.err.fault, MP_FAULT_HOST);
	/* What there is can be read: by who has it open, and by who comes now. */
	IS(ticket_list(site.ledger, 0, TICKET_STATES, 2000, site.arena, &tickets, &count,
		       &site.err),
	   0);
	IS(count, before + 1);
	ledger_close(site.ledger);
	IS(ledger_open(site.data, LEDGER_READ_ONLY, &site.ledger, &site.err), 0);
	IS(learner_list(site.ledger, site.arena, &learners, &count, &site.err), 0);
	IS(count, 1);
	/* And with room it goes on as if nothing had been. */
	ledger_close(site.ledger);
	IS(unlink("/mnt/rubbish"), 0);
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
	IS(ticket_receive(site.ledger, &receipt, &ticket, &site.err), 0);
	IS(ticket, (int64_t)before + 2);
	ledger_close(site.ledger);
}

static void open_a_new_one_on_a_full_disk(void)
{
	struct ledger *ledger = NULL;
	struct mp_error err = {0};

	IS(mkdir("/mnt/data", 0700), 0);
	fill_disk();
	IS(ledger_open("/mnt/data", LEDGER_OR_MAKE, &ledger, &err), -ENOSPC);
	HAS_TEXT(err.text, "is full");
	IS(unlink("/mnt/rubbish"), 0);
	IS(ledger_open("/mnt/data", LEDGER_OR_MAKE, &ledger, &err), 0);
	ledger_close(ledger);
}

static void copy_onto_a_full_disk(void)
{
	struct site site;

	open_there(&site, "/mnt/data");
	fill_disk();
	IS(ledger_backup(site.ledger, "/mnt/copy.db", &site.err), -ENOSPC);
	HAS_TEXT(site.err.text,
		 "the disk has no room for the copy 'copy.db'; nothing was left there");
	IS(access("/mnt/copy.db", F_OK), -1);
	IS(unlink("/mnt/rubbish"), 0);
	IS(ledger_backup(site.ledger, "/mnt/copy.db", &site.err), 0);
	ledger_close(site.ledger);
}

static void read_from_a_disk_that_cannot_be_written(void)
{
	struct site site;
	struct learner learner;

	/* A name that would be read as an address. */
	open_there(&site, "/mnt/da?ta#1%41");
	ledger_close(site.ledger);
	IS(mount(NULL, "/mnt", NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), -EROFS);
	HAS_TEXT(site.err.text,
		 "'/mnt/da?ta#1%41' cannot be written: nothing was changed. Mount it for writing");
	IS(ledger_open(site.data, LEDGER_READ_ONLY, &site.ledger, &site.err), 0);
	IS(learner_find(site.ledger, "asha", site.arena, &learner, &site.err), 0);
	ledger_close(site.ledger);
	IS(mount(NULL, "/mnt", NULL, MS_REMOUNT, NULL), 0);
	IS(ledger_open(site.data, LEDGER_EXISTING, &site.ledger, &site.err), 0);
	ledger_close(site.ledger);
}

/* The server was killed, and then the disk could no longer be written. */
static void read_what_was_not_closed_in_order(void)
{
	struct site site;
	pid_t child = fork();

	if (child == 0) {
		open_there(&site, "/mnt/data");
		_exit(0); /* without closing */
	}
	IS(waitpid(child, NULL, 0), child);
	site = (struct site){.arena = arena_new(), .data = "/mnt/data"};
	/* As after a restart of the machine with a copied disk. */
	IS(unlink("/mnt/data/ledger.db-shm"), 0);
	IS(mount(NULL, "/mnt", NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	IS(ledger_open(site.data, LEDGER_READ_ONLY, &site.ledger, &site.err), -EROFS);
	HAS_TEXT(site.err.text, "was not closed in order. Copy the folder");
}

static void a_full_disk_changes_nothing_and_is_said(void)
{
	RUN_APART(write_on_a_full_disk);
}

static void no_ledger_is_half_made_on_a_full_disk(void)
{
	RUN_APART(open_a_new_one_on_a_full_disk);
}

static void no_copy_is_half_made_on_a_full_disk(void)
{
	RUN_APART(copy_onto_a_full_disk);
}

static void a_disk_that_cannot_be_written_can_be_read(void)
{
	RUN_APART(read_from_a_disk_that_cannot_be_written);
}

static void a_log_that_cannot_be_read_is_not_passed_over(void)
{
	RUN_APART(read_what_was_not_closed_in_order);
}

/* clang-format off */
TAP_MAIN(
	T(a_full_disk_changes_nothing_and_is_said)
	T(no_ledger_is_half_made_on_a_full_disk)
	T(no_copy_is_half_made_on_a_full_disk)
	T(a_disk_that_cannot_be_written_can_be_read)
	T(a_log_that_cannot_be_read_is_not_passed_over)
)
