/* SPDX-License-Identifier: MIT */
#include "grader/ledger/inner.h"
#include "tests/unit/ledger/site.h"

static void a_learner_is_found_as_added(void)
{
	struct site site;
	struct learner learner = {.handle = "asha-k",
				  .name = "\xe0\xa4\x86\xe0\xa4\xb6\xe0\xa4\xbe <b>Kumari</b>",
				  .track = "python",
				  .language = "hi",
				  .section = "Evening, B",
				  .added_at = 1234567890123};
	struct learner found;
	struct learner same;
	int64_t id = 0;

	site_open(&site);
	IS(learner_add(site.ledger, &learner, &id, &site.err), 0);
	site_again(&site);
	IS(learner_find(site.ledger, "asha-k", site.arena, &found, &site.err), 0);
	IS(found.id, id);
	IS_TEXT(found.handle, learner.handle);
	IS_TEXT(found.name, learner.name);
	IS_TEXT(found.track, "python");
	IS_TEXT(found.language, "hi");
	IS_TEXT(found.section, "Evening, B");
	IS(found.added_at, 1234567890123);
	OK(!found.is_closed);
	IS(learner_get(site.ledger, id, site.arena, &same, &site.err), 0);
	IS_TEXT(same.handle, "asha-k");
	IS(learner_add(site.ledger, &learner, &id, &site.err), -EEXIST);
	IS_TEXT(site.err.text, "there is a learner 'asha-k' already. Choose another handle");
	IS(learner_find(site.ledger, "ravi", site.arena, &found, &site.err), -ENOENT);
	IS_TEXT(site.err.text, "there is no learner 'ravi'");
	IS(learner_get(site.ledger, 9, site.arena, &found, &site.err), -ENOENT);
	IS(site.err.fault, MP_FAULT_USAGE);
	site_close(&site);
}

static void what_is_no_learner_is_refused(void)
{
	static const struct {
		struct learner learner;
		const char *say;
	} rows[] = {
		{{.handle = "al", .name = "", .track = "python", .language = "en", .section = ""},
		 "'al' is no handle; write 3 to 31 of a-z"},
		{{.handle = "x'; DROP",
		  .name = "",
		  .track = "python",
		  .language = "en",
		  .section = ""},
		 "is no handle"},
		{{.handle = "asha", .name = "", .track = "../x", .language = "en", .section = ""},
		 "words like python"},
		{{.handle = "asha", .name = "", .track = "python", .language = "", .section = ""},
		 "words like python"},
		{{.handle = "asha",
		  .name = "a\nb",
		  .track = "python",
		  .language = "en",
		  .section = ""},
		 "one line of UTF-8"},
		{{.handle = "asha",
		  .name = "\xff",
		  .track = "python",
		  .language = "en",
		  .section = ""},
		 "one line of UTF-8"},
		{{.handle = "asha",
		  .name = "",
		  .track = "python",
		  .language = "en",
		  .section = "\x1b[1m"},
		 "one line of UTF-8"},
	};
	struct site site;
	int64_t id = 0;

	site_open(&site);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS(learner_add(site.ledger, &rows[i].learner, &id, &site.err), -EBADMSG);
		HAS_TEXT(site.err.text, rows[i].say);
		ROW("%zu", i);
	}
	IS(id, 0);
	site_close(&site);
}

static void learners_are_listed_by_section(void)
{
	static const char *const sections[] = {"B", "A", "A"};
	static const char *const handles[] = {"ravi", "uma", "asha"};
	struct site site;
	struct learner *learners = NULL;
	size_t count = 9;
	int64_t id;

	site_open(&site);
	IS(learner_list(site.ledger, site.arena, &learners, &count, &site.err), 0);
	IS(count, 0);
	for (int i = 0; i < 3; i++) {
		const struct learner learner = {.handle = handles[i],
						.name = "",
						.track = "php",
						.language = "en",
						.section = sections[i]};

		IS(learner_add(site.ledger, &learner, &id, &site.err), 0);
	}
	IS(learner_list(site.ledger, site.arena, &learners, &count, &site.err), 0);
	if (IS(count, 3)) {
		IS_TEXT(learners[0].handle, "asha");
		IS_TEXT(learners[1].handle, "uma");
		IS_TEXT(learners[2].handle, "ravi");
	}
	site_close(&site);
}

static void of_a_closed_learner_no_push_is_taken(void)
{
	struct site site;
	struct receipt receipt;
	struct learner found;
	int64_t ticket = 0;
	int64_t asha;

	site_open(&site);
	asha = add_learner(&site, "asha");
	IS(learner_close(site.ledger, asha, true, &site.err), 0);
	IS(learner_get(site.ledger, asha, site.arena, &found, &site.err), 0);
	OK(found.is_closed);
	receipt = receipt_of(&site, asha, 1);
	IS(ticket_receive(site.ledger, &receipt, &ticket, &site.err), -EPERM);
	IS_TEXT(site.err.text,
		"this account is closed: your pages stay, no push is taken. Ask your instructor");
	IS(site.err.fault, MP_FAULT_INPUT);
	IS(ticket, 0);
	receipt.is_regrade = true;
	IS(ticket_receive(site.ledger, &receipt, &ticket, &site.err), 0);
	IS(learner_close(site.ledger, asha, false, &site.err), 0);
	(void)receive(&site, asha, 2);
	IS(learner_close(site.ledger, 77, true, &site.err), -ENOENT);
	site_close(&site);
}

/* --- forgetting -------------------------------------------------------------------------------- */

#define SECRET "SECRET-4711-in-a-scorecard"

/* How often SECRET stands in the bytes of a file of the data folder; -1: there is no such file. */
static int secrets_in(struct site *site, const char *name)
{
	char *bytes = NULL;
	size_t size = 0;
	int count = 0;
	int fd = open(site->data, O_RDONLY | O_DIRECTORY);

	if (path_read_below(fd, name, 64 << 20, &bytes, &size) < 0)
		count = -1;
	for (const char *at = bytes; at; count += at != NULL) {
		at = memmem(at, size - (size_t)(at - bytes), SECRET, strlen(SECRET));
		at = at ? at + 1 : NULL;
	}
	free(bytes);
	close(fd);
	return count;
}

static void fill(struct site *site, int64_t learner, int commit)
{
	static char page[20000];
	int64_t ticket = push(site, learner, commit);
	struct result result = result_of("hello-api", 80, "passed");

	for (size_t i = 0; i + strlen(SECRET) < sizeof(page); i += strlen(SECRET))
		memcpy(page + i, SECRET, strlen(SECRET));
	result.card = SECRET;
	result.page = page;
	IS(claim(site, "w"), ticket);
	IS(event_add(site->ledger, ticket, "note", "{\"lines\":[\"" SECRET "\"]}", &site->err), 0);
	IS(ticket_grade(site->ledger, ticket, "w", &result, 1, &site->err), 0);
}

static int64_t rows_of(struct site *site, const char *table)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	int64_t count = -1;

	IS(sqlite3_open(site_path(site, "ledger.db"), &db), SQLITE_OK);
	IS(sqlite3_prepare_v2(db, arena_format(site->arena, "SELECT count(*) FROM %s", table), -1,
			      &row, NULL),
	   SQLITE_OK);
	if (sqlite3_step(row) == SQLITE_ROW)
		count = sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(db);
	return count;
}

static void a_forgotten_learner_is_gone_for_real(void)
{
	static const char *const tables[] = {"learner", "token", "link",  "session",
					     "ticket",	"event", "score", "paper"};
	char token[TOKEN_TEXT];
	char link[LINK_TEXT];
	char session[64];
	struct site site;
	int64_t asha;
	int64_t ravi;

	site_open(&site);
	ravi = add_learner(&site, "ravi");
	asha = add_learner(&site, "asha");
	for (int i = 0; i < 3; i++)
		fill(&site, asha, i);
	IS(token_make(site.ledger, asha, false, token, &site.err), 0);
	IS(link_make(site.ledger, asha, link, &site.err), 0);
	IS(session_make(site.ledger, asha, session, &site.err), 0);
	OK(secrets_in(&site, "ledger.db") + secrets_in(&site, "ledger.db-wal") > 1000);
	IS(learner_forget(site.ledger, asha, NULL, &site.err), 0);
	IS(secrets_in(&site, "ledger.db"), 0);
	IS(secrets_in(&site, "ledger.db-wal"), 0);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		IS(rows_of(&site, tables[i]), i == 0);
		ROW("%s", tables[i]);
	}
	IS(rows_of(&site, "forgetting"), 0);
	IS(learner_forget(site.ledger, asha, NULL, &site.err), -ENOENT);
	(void)push(&site, ravi, 1);
	site_close(&site);
}

static int has_none(void *context, const struct ticket *ticket, bool *ret_has, struct mp_error *err)
{
	(void)context;
	(void)ticket;
	(void)err;
	*ret_has = false;
	return 0;
}

static void who_still_reads_is_named_and_the_sweep_ends_it(void)
{
	struct site site;
	sqlite3 *db = NULL;
	int64_t asha;

	site_open(&site);
	asha = add_learner(&site, "asha");
	fill(&site, asha, 1);
	IS(sqlite3_open(site_path(&site, "ledger.db"), &db), SQLITE_OK);
	IS(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM score", NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_busy_timeout(site.ledger->db, 50);
	IS(learner_forget(site.ledger, asha, NULL, &site.err), -EBUSY);
	HAS_TEXT(site.err.text, "it is removed, but somebody still reads");
	OK(secrets_in(&site, "ledger.db-wal") > 0);
	IS(ledger_sweep(site.ledger, 0, has_none, NULL, &site.err), 0);
	OK(secrets_in(&site, "ledger.db-wal") > 0);
	IS(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	IS(sqlite3_close(db), SQLITE_OK);
	IS(ledger_sweep(site.ledger, 0, has_none, NULL, &site.err), 0);
	IS(secrets_in(&site, "ledger.db"), 0);
	IS(secrets_in(&site, "ledger.db-wal"), 0);
	site_close(&site);
}

static void a_forgotten_commit_takes_what_came_of_it(void)
{
	struct site site;
	struct score *scores = NULL;
	size_t count = 0;
	int64_t asha;

	site_open(&site);
	asha = add_learner(&site, "asha");
	fill(&site, asha, 1);
	fill(&site, asha, 2);
	(void)add_learner(&site, "ravi");
	IS(learner_forget(site.ledger, asha, hex_of(&site, 9), &site.err), -ENOENT);
	HAS_TEXT(site.err.text, "give all forty characters");
	IS(learner_forget(site.ledger, 2, hex_of(&site, 1), &site.err), -ENOENT);
	IS(rows_of(&site, "forgetting"), 0);
	IS(learner_forget(site.ledger, asha, hex_of(&site, 1), &site.err), 0);
	IS(score_list(site.ledger, asha, SCORE_ALL, site.arena, &scores, &count, &site.err), 0);
	if (IS(count, 1))
		IS_TEXT(scores[0].commit, hex_of(&site, 2));
	OK(secrets_in(&site, "ledger.db") > 300);
	IS(learner_forget(site.ledger, asha, hex_of(&site, 2), &site.err), 0);
	IS(secrets_in(&site, "ledger.db"), 0);
	IS(secrets_in(&site, "ledger.db-wal"), 0);
	site_close(&site);
}

static void what_a_worker_brings_for_a_forgotten_ticket_is_not_taken(void)
{
	struct site site;
	int64_t asha;
	int64_t ticket;

	site_open(&site);
	asha = add_learner(&site, "asha");
	ticket = push(&site, asha, 1);
	IS(claim(&site, "w"), ticket);
	IS(learner_forget(site.ledger, asha, NULL, &site.err), 0);
	IS(grade(&site, ticket, "w", "x", 3), -EPERM);
	IS(event_add(site.ledger, ticket, "note", "{}", &site.err), -ENOENT);
	IS_TEXT(site.err.text, "there is no ticket number 1");
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(a_learner_is_found_as_added)
	T(what_is_no_learner_is_refused)
	T(learners_are_listed_by_section)
	T(of_a_closed_learner_no_push_is_taken)
	T(a_forgotten_learner_is_gone_for_real)
	T(who_still_reads_is_named_and_the_sweep_ends_it)
	T(a_forgotten_commit_takes_what_came_of_it)
	T(what_a_worker_brings_for_a_forgotten_ticket_is_not_taken)
)
