/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <sys/wait.h>

#include "grader/ledger/inner.h"
#include "tests/unit/ledger/site.h"

static bool exists(struct site *site, const char *name)
{
	return access(site_path(site, name), F_OK) == 0;
}

/* Close, and open once more AS: the error, or 0. */
static int open_as(struct site *site, enum ledger_open_as as)
{
	site->ledger = ledger_close(site->ledger);
	return ledger_open(site->data, as, &site->ledger, &site->err);
}

static void an_empty_folder_becomes_a_data_folder(void)
{
	struct site site;
	struct stat info;
	unsigned char key[32];
	unsigned char again[32];
	unsigned char other[32];
	struct site second;

	site_open(&site);
	IS(stat(site.data, &info), 0);
	IS(info.st_mode & 07777, 0700);
	IS(stat(site_path(&site, "ledger.db"), &info), 0);
	IS(info.st_mode & 07777, 0600);
	ledger_site_key(site.ledger, key);
	site_again(&site);
	ledger_site_key(site.ledger, again);
	OK(memcmp(key, again, 32) == 0);
	/* Each site draws its own. */
	site_open(&second);
	ledger_site_key(second.ledger, other);
	OK(memcmp(key, other, 32) != 0);
	site_close(&second);
	site_close(&site);
	OK(ledger_close(NULL) == NULL);
}

static void a_folder_that_is_not_there_is_made(void)
{
	struct site site;
	struct ledger *ledger = NULL;
	char *path;

	site_open(&site);
	path = site_path(&site, "inside");
	IS(ledger_open(path, LEDGER_EXISTING, &ledger, &site.err), -ENOENT);
	IS(ledger_open(path, LEDGER_OR_MAKE, &ledger, &site.err), 0);
	ledger_close(ledger);
	path = site_path(&site, "no/such/parent");
	IS(ledger_open(path, LEDGER_OR_MAKE, &ledger, &site.err), -ENOENT);
	HAS_TEXT(site.err.text, "making the data folder");
	site_close(&site);
}

static void a_folder_that_will_not_do_is_refused(void)
{
	struct site site;
	struct ledger *ledger = NULL;
	int fd;

	site_open(&site);
	IS(mkdir(site_path(&site, "used"), 0755), 0);
	IS(ledger_open(site_path(&site, "used"), LEDGER_EXISTING, &ledger, &site.err), -ENOENT);
	HAS_TEXT(site.err.text, "there is no ledger in");
	fd = open(site_path(&site, "used/letter.txt"), O_CREAT | O_WRONLY, 0600);
	OK(fd >= 0 && close(fd) == 0);
	IS(ledger_open(site_path(&site, "used"), LEDGER_OR_MAKE, &ledger, &site.err), -ENOTEMPTY);
	HAS_TEXT(site.err.text, "nothing was written");
	OK(!exists(&site, "used/ledger.db"));
	IS(ledger_open(site_path(&site, "used/letter.txt"), LEDGER_OR_MAKE, &ledger, &site.err),
	   -ENOTDIR);
	IS(chmod(site.data, 0750), 0);
	IS(open_as(&site, LEDGER_EXISTING), -EPERM);
	HAS_TEXT(site.err.text, "chmod 700");
	IS(chmod(site.data, 0700), 0);
	IS(open_as(&site, LEDGER_EXISTING), 0);
	site_close(&site);
}

static void somebody_elses_folder_is_refused(void)
{
	struct site site;
	struct ledger *ledger = NULL;

	site_open(&site);
	if (geteuid() == 0)
		IS(chown(site.data, 12345, 12345), 0);
	IS(ledger_open(geteuid() == 0 ? site.data : "/usr", LEDGER_OR_MAKE, &ledger, &site.err),
	   -EPERM);
	HAS_TEXT(site.err.text, "Run this as its owner");
	IS(site.err.fault, MP_FAULT_USAGE);
	site_close(&site);
}

static void the_database_of_another_program_is_left_alone(void)
{
	struct site site;
	sqlite3 *db = NULL;

	site_open(&site);
	site.ledger = ledger_close(site.ledger);
	IS(unlink(site_path(&site, "ledger.db")), 0);
	IS(sqlite3_open(site_path(&site, "ledger.db"), &db), SQLITE_OK);
	IS(sqlite3_exec(db, "CREATE TABLE recipes (x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	IS(open_as(&site, LEDGER_OR_MAKE), -EBADMSG);
	HAS_TEXT(site.err.text, "a database of another program");
	IS(site_sql(&site, "INSERT INTO recipes VALUES (1)"), SQLITE_OK);
	site_close(&site);
}

static void a_file_that_is_no_database_is_refused(void)
{
	struct site site;
	int fd;

	site_open(&site);
	site.ledger = ledger_close(site.ledger);
	fd = open(site_path(&site, "ledger.db"), O_WRONLY | O_TRUNC);
	for (int i = 0; i < 600; i++)
		OK(write(fd, "no ledger ", 10) == 10);
	close(fd);
	IS(open_as(&site, LEDGER_EXISTING), -EBADMSG);
	HAS_TEXT(site.err.text, "is no ledger, or is damaged");
	IS(open_as(&site, LEDGER_READ_ONLY), -EBADMSG);
	site_close(&site);
}

/* The pages where tables and indexes begin. */
static size_t roots_of(struct site *site, int *ret_roots, size_t most)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *rows = NULL;
	size_t count = 0;

	IS(sqlite3_open(site_path(site, "ledger.db"), &db), SQLITE_OK);
	IS(sqlite3_prepare_v2(
		   db,
		   "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 AND name <> 'paper' "
		   "AND name NOT LIKE 'sqlite_sequence'",
		   -1, &rows, NULL),
	   SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW && count < most)
		ret_roots[count++] = sqlite3_column_int(rows, 0);
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return count;
}

static void a_damaged_page_is_found_at_the_start(void)
{
	struct site site;
	int roots[64];
	size_t count;
	char page[4096];
	char garbage[4096];
	int fd;

	site_open(&site);
	(void)push(&site, add_learner(&site, "asha"), 1);
	site.ledger = ledger_close(site.ledger);
	count = roots_of(&site, roots, 64);
	OK(count > 15);
	memset(garbage, 0xa5, sizeof(garbage));
	fd = open(site_path(&site, "ledger.db"), O_RDWR);
	for (size_t i = 0; i < count; i++) {
		off_t at = ((off_t)roots[i] - 1) * 4096;

		IS(pread(fd, page, sizeof(page), at), sizeof(page));
		IS(pwrite(fd, garbage, sizeof(garbage), at), sizeof(garbage));
		IS(open_as(&site, LEDGER_EXISTING), -EBADMSG);
		HAS_TEXT(site.err.text, "is damaged. Stop everything that uses it");
		ROW("page %d", roots[i]);
		IS(pwrite(fd, page, sizeof(page), at), sizeof(page));
	}
	close(fd);
	IS(open_as(&site, LEDGER_EXISTING), 0);
	site.ledger = ledger_close(site.ledger);
	IS(truncate(site_path(&site, "ledger.db"), 3 * 4096), 0);
	IS(open_as(&site, LEDGER_EXISTING), -EBADMSG);
	site_close(&site);
}

/* --- migrations ------------------------------------------------------------------------------- */

static const char *two[] = {
	NULL, "CREATE TABLE more (x INTEGER) STRICT; INSERT INTO more VALUES (7)", NULL};
static const char *broken[] = {NULL, "CREATE TABLE more (x INTEGER) STRICT; DROP TABLE nonsense",
			       NULL};
static const char *endless[] = {
	NULL,
	"CREATE TABLE more AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
	"SELECT i FROM n",
	NULL};

static int open_with(struct site *site, const char **migrations, enum ledger_open_as as)
{
	migrations[0] = ledger_migrations[0];
	site->ledger = ledger_close(site->ledger);
	return ledger_open_with(site->data, as, migrations, &site->ledger, &site->err);
}

static void an_older_ledger_is_brought_up_to_date(void)
{
	struct site site;
	struct learner learner;

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(open_with(&site, two, LEDGER_READ_ONLY), -EBADMSG);
	HAS_TEXT(site.err.text, "from an older milepost, and may only be read");
	IS(open_with(&site, two, LEDGER_EXISTING), 0);
	OK(!exists(&site, "ledger.db.before"));
	IS(learner_find(site.ledger, "asha", site.arena, &learner, &site.err), 0);
	IS(site_sql(&site, "UPDATE more SET x = x + 1"), SQLITE_OK);
	/* Once is enough. */
	IS(open_with(&site, two, LEDGER_EXISTING), 0);
	IS(site_sql(&site, "SELECT x FROM more"), SQLITE_OK);
	site_close(&site);
}

static void a_newer_ledger_is_refused_and_untouched(void)
{
	struct site site;

	site_open(&site);
	IS(open_with(&site, two, LEDGER_EXISTING), 0);
	for (int as = LEDGER_OR_MAKE; as <= LEDGER_READ_ONLY; as++) {
		IS(open_as(&site, (enum ledger_open_as)as), -EBADMSG);
		HAS_TEXT(site.err.text, "from a newer milepost (its tables have version 2, this "
					"program knows 1)");
	}
	IS(open_with(&site, two, LEDGER_EXISTING), 0);
	site_close(&site);
}

static void a_migration_that_fails_changes_nothing(void)
{
	struct site site;
	struct ledger *copy = NULL;

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(open_with(&site, broken, LEDGER_EXISTING), -EIO);
	HAS_TEXT(site.err.text, "bringing the ledger up to date");
	HAS_TEXT(site.err.text, "nonsense");
	/* The copy is there, and is a ledger. */
	IS(mkdir(site_path(&site, "copy"), 0700), 0);
	IS(rename(site_path(&site, "ledger.db.before"), site_path(&site, "copy/ledger.db")), 0);
	IS(ledger_open(site_path(&site, "copy"), LEDGER_EXISTING, &copy, &site.err), 0);
	ledger_close(copy);
	IS(open_as(&site, LEDGER_EXISTING), 0);
	IS(add_learner(&site, "ravi"), 2);
	OK(site_sql(&site, "SELECT * FROM more") != SQLITE_OK);
	site_close(&site);
}

static void a_migration_that_is_killed_changes_nothing(void)
{
	struct site site;
	pid_t child;
	int fd;

	site_open(&site);
	(void)add_learner(&site, "asha");
	site.ledger = ledger_close(site.ledger);
	child = fork();
	if (child == 0) {
		(void)open_with(&site, endless, LEDGER_EXISTING);
		_exit(1);
	}
	for (int i = 0; i < 500 && !exists(&site, "ledger.db.before"); i++)
		usleep(10000);
	usleep(50000);
	OK(exists(&site, "ledger.db.before"));
	IS(kill(child, SIGKILL), 0);
	IS(waitpid(child, NULL, 0), child);
	/* And one that was killed while it copied. */
	fd = open(site_path(&site, "ledger.db.before.part"), O_WRONLY | O_CREAT, 0600);
	OK(fd >= 0 && write(fd, "half", 4) == 4 && close(fd) == 0);
	IS(open_with(&site, two, LEDGER_EXISTING), 0);
	OK(!exists(&site, "ledger.db.before"));
	OK(!exists(&site, "ledger.db.before.part"));
	IS(site_sql(&site, "UPDATE more SET x = 8"), SQLITE_OK);
	site_close(&site);
}

/* --- many at once ------------------------------------------------------------------------------ */

enum { OPENERS = 6 };

static void processes_that_make_it_at_once_have_one_ledger(void)
{
	struct site site;
	pid_t children[OPENERS];
	char handles[OPENERS][8];

	site_open(&site);
	site.ledger = ledger_close(site.ledger);
	IS(unlink(site_path(&site, "ledger.db")), 0);
	IS(unlink(site_path(&site, "bell")), 0);
	for (int i = 0; i < OPENERS; i++) {
		children[i] = fork();
		(void)snprintf(handles[i], sizeof(handles[i]), "asha%d", i);
		if (children[i] == 0) {
			int ret = open_as(&site, LEDGER_OR_MAKE);

			if (ret == 0)
				ret = add_learner(&site, handles[i]) > 0 && tap_failed_checks == 0
					      ? 0
					      : -1;
			if (ret < 0)
				printf("# %s\n", site.err.text);
			ledger_close(site.ledger);
			_exit(ret < 0);
		}
	}
	for (int i = 0; i < OPENERS; i++) {
		int status = -1;

		IS(waitpid(children[i], &status, 0), children[i]);
		IS(status, 0);
	}
	IS(open_as(&site, LEDGER_EXISTING), 0);
	for (int i = 0; i < OPENERS; i++) {
		struct learner learner;

		IS(learner_find(site.ledger, handles[i], site.arena, &learner, &site.err), 0);
	}
	site_close(&site);
}

static void who_holds_the_ledger_too_long_is_not_waited_for(void)
{
	struct site site;
	sqlite3 *db = NULL;

	site_open(&site);
	(void)sqlite3_busy_timeout(site.ledger->db, 50);
	IS(sqlite3_open(site_path(&site, "ledger.db"), &db), SQLITE_OK);
	IS(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	IS(token_revoke(site.ledger, 0, &site.err), -EBUSY);
	HAS_TEXT(site.err.text, "another process has held the ledger");
	IS(site.err.fault, MP_FAULT_HOST);
	IS(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	IS(token_revoke(site.ledger, 0, &site.err), 0);
	site_close(&site);
}

static void a_reader_reads_beside_a_writer_and_changes_nothing(void)
{
	struct site site;
	struct ledger *reader = NULL;
	struct learner learner;
	const struct learner another = {
		.handle = "ravi", .name = "", .track = "node", .language = "en", .section = ""};
	int64_t id = 0;

	site_open(&site);
	IS(ledger_open(site.data, LEDGER_READ_ONLY, &reader, &site.err), 0);
	(void)add_learner(&site, "asha");
	IS(learner_find(reader, "asha", site.arena, &learner, &site.err), 0);
	IS(learner_add(reader, &another, &id, &site.err), -EROFS);
	HAS_TEXT(site.err.text, "was opened to be read");
	ledger_close(reader);
	site_close(&site);
}

/* --- copies ------------------------------------------------------------------------------------ */

static void a_backup_is_a_whole_ledger(void)
{
	struct site site;
	struct site copy = {.arena = NULL};
	struct stat info;
	unsigned char key[32];
	unsigned char again[32];
	struct learner learner;
	int64_t asha;

	site_open(&site);
	asha = add_learner(&site, "asha");
	IS(mkdir(site_path(&site, "copy"), 0700), 0);
	(void)push(&site, asha, 1);
	IS(ledger_backup(site.ledger, site_path(&site, "copy/ledger.db"), &site.err), 0);
	(void)add_learner(&site, "ravi");
	IS(ledger_backup(site.ledger, site_path(&site, "copy/ledger.db"), &site.err), -EEXIST);
	HAS_TEXT(site.err.text, "nothing was overwritten");
	IS(ledger_backup(site.ledger, site_path(&site, "no/folder.db"), &site.err), -ENOENT);
	IS(stat(site_path(&site, "copy/ledger.db"), &info), 0);
	IS(info.st_mode & 07777, 0600);
	IS(ledger_open(site_path(&site, "copy"), LEDGER_EXISTING, &copy.ledger, &site.err), 0);
	ledger_site_key(site.ledger, key);
	ledger_site_key(copy.ledger, again);
	OK(memcmp(key, again, 32) == 0);
	IS(learner_find(copy.ledger, "asha", site.arena, &learner, &site.err), 0);
	IS(learner_find(copy.ledger, "ravi", site.arena, &learner, &site.err), -ENOENT);
	ledger_close(copy.ledger);
	site_close(&site);
}

/* --- a folder that cannot be written ------------------------------------------------------------ */

/* In a child without the rights of root: how many checks failed. */
static int look_without_rights(struct site *site)
{
	struct learner *learners = NULL;
	size_t count = 0;

	tap_failed_checks = 0;
	if (geteuid() == 0)
		OK(setresgid(12345, 12345, 12345) == 0 && setresuid(12345, 12345, 12345) == 0);
	IS(chmod(site->data, 0500), 0);
	IS(open_as(site, LEDGER_READ_ONLY), 0);
	IS(learner_list(site->ledger, site->arena, &learners, &count, &site->err), 0);
	IS(count, 1);
	IS(open_as(site, LEDGER_EXISTING), -EROFS);
	HAS_TEXT(site->err.text, "cannot be written: nothing was changed");
	IS(chmod(site->data, 0700), 0);
	IS(open_as(site, LEDGER_EXISTING), 0);
	ledger_close(site->ledger);
	return tap_failed_checks;
}

static void in_a_folder_that_cannot_be_written_it_is_still_read(void)
{
	struct site site;
	pid_t child;
	int status = -1;

	site_open(&site);
	(void)add_learner(&site, "asha");
	site.ledger = ledger_close(site.ledger);
	if (geteuid() == 0) {
		IS(chown(site.data, 12345, 12345), 0);
		IS(chown(site_path(&site, "ledger.db"), 12345, 12345), 0);
		IS(chown(site_path(&site, "bell"), 12345, 12345), 0);
	}
	child = fork();
	if (child == 0)
		_exit(look_without_rights(&site));
	IS(waitpid(child, &status, 0), child);
	IS(status, 0);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(an_empty_folder_becomes_a_data_folder)
	T(a_folder_that_is_not_there_is_made)
	T(a_folder_that_will_not_do_is_refused)
	T(somebody_elses_folder_is_refused)
	T(the_database_of_another_program_is_left_alone)
	T(a_file_that_is_no_database_is_refused)
	T(a_damaged_page_is_found_at_the_start)
	T(an_older_ledger_is_brought_up_to_date)
	T(a_newer_ledger_is_refused_and_untouched)
	T(a_migration_that_fails_changes_nothing)
	T(a_migration_that_is_killed_changes_nothing)
	T(processes_that_make_it_at_once_have_one_ledger)
	T(who_holds_the_ledger_too_long_is_not_waited_for)
	T(a_reader_reads_beside_a_writer_and_changes_nothing)
	T(a_backup_is_a_whole_ledger)
	T(in_a_folder_that_cannot_be_written_it_is_still_read)
)
