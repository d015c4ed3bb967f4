/* SPDX-License-Identifier: MIT */
/* Learners: added, found, closed, forgotten. */
#include <errno.h>
#include <string.h>

#include "grader/ledger/inner.h"
#include "grader/model/handle.h"
#include "sandbox/base/clock.h"
#include "sandbox/base/field.h"
#include "sandbox/base/text.h"

enum { NAME_MOST = 120 };

/* A text for people: valid UTF-8, no control characters, not too long. */
static bool is_plain(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length;) {
		size_t step = text_utf8_length(text + i, length - i);

		if (step == 0 || (unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
		i += step;
	}
	return length <= NAME_MOST;
}

/* A word like "python" or "hi". */
static bool is_word(const char *text)
{
	static const struct field row = {"word", FIELD_NAME, 0, 1, 31, "", NULL, true};
	const char *read;

	return field_set(&row, 0, &read, text, NULL) == 0;
}

static int check(const struct learner *learner, struct mp_error *err)
{
	if (!handle_is_valid(learner->handle))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%.40s' is no handle; write " HANDLE_RULE, learner->handle);
	if (!is_word(learner->track) || !is_word(learner->language))
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"%s: track and language are words like python and en, not '%.40s' and '%.40s'",
			learner->handle, learner->track, learner->language);
	if (!is_plain(learner->name) || !is_plain(learner->section))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "%s: name and section are one line of UTF-8 each, at most %d bytes",
			       learner->handle, NAME_MOST);
	return 0;
}

int learner_add(struct ledger *ledger, const struct learner *learner, int64_t *ret_id,
		struct mp_error *err)
{
	int64_t added_at = learner->added_at ? learner->added_at : clock_wall_ms();
	int64_t id = 0;
	int ret = check(learner, err);

	if (ret == 0)
		ret = ledger_begin(ledger, err);
	if (ret < 0)
		return ret;
	ret = sql_run(
		ledger,
		"INSERT INTO learner (handle, name, track, language, section, added_at, is_closed) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		SQL_WITH(SQL_TEXT(learner->handle), SQL_TEXT(learner->name),
			 SQL_TEXT(learner->track), SQL_TEXT(learner->language),
			 SQL_TEXT(learner->section), SQL_INT(added_at),
			 SQL_INT(learner->is_closed)),
		err);
	if (ret == -EEXIST)
		ret = ledger_say(err, MP_FAULT_USAGE, ret,
				 "there is a learner '%s' already. Choose another handle",
				 learner->handle);
	id = sqlite3_last_insert_rowid(ledger->db);
	ret = ledger_end(ledger, ret, err);
	if (ret == 0)
		*ret_id = id;
	return ret;
}

#define LEARNER_COLUMNS                                                                            \
	"SELECT id, handle, name, track, language, section, added_at, is_closed FROM learner "

static void read_learner(sqlite3_stmt *row, struct arena *arena, struct learner *ret_learner)
{
	*ret_learner = (struct learner){
		.id = sqlite3_column_int64(row, 0),
		.handle = sql_text(row, 1, arena),
		.name = sql_text(row, 2, arena),
		.track = sql_text(row, 3, arena),
		.language = sql_text(row, 4, arena),
		.section = sql_text(row, 5, arena),
		.added_at = sqlite3_column_int64(row, 6),
		.is_closed = sqlite3_column_int64(row, 7) != 0,
	};
}

int learner_find(struct ledger *ledger, const char *handle, struct arena *arena,
		 struct learner *ret_learner, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int ret = sql_start(ledger, LEARNER_COLUMNS "WHERE handle = ?1", SQL_WITH(SQL_TEXT(handle)),
			    &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 0)
		return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "there is no learner '%.40s'",
				  handle);
	if (ret < 0)
		return ret;
	read_learner(row, arena, ret_learner);
	return 0;
}

int learner_get(struct ledger *ledger, int64_t learner, struct arena *arena,
		struct learner *ret_learner, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int ret = sql_start(ledger, LEARNER_COLUMNS "WHERE id = ?1", SQL_WITH(SQL_INT(learner)),
			    &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 0)
		return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "there is no learner number %lld",
				  (long long)learner);
	if (ret < 0)
		return ret;
	read_learner(row, arena, ret_learner);
	return 0;
}

int learner_list(struct ledger *ledger, struct arena *arena, struct learner **ret_learners,
		 size_t *ret_count, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	struct learner *learners = NULL;
	size_t count = 0;
	int ret =
		sql_start(ledger, LEARNER_COLUMNS "ORDER BY section, handle", SQL_NONE, &row, err);

	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		read_learner(row, arena, arena_push(arena, &learners, &count, sizeof(*learners)));
		ret = 0;
	}
	if (ret < 0)
		return ret;
	*ret_learners = learners;
	*ret_count = count;
	return 0;
}

int learner_must_be(struct ledger *ledger, int64_t learner, struct mp_error *err)
{
	int64_t one;
	int ret = sql_number(ledger, "SELECT 1 FROM learner WHERE id = ?1",
			     SQL_WITH(SQL_INT(learner)), &one, err);

	if (ret == -ENOENT)
		return ledger_say(err, MP_FAULT_USAGE, ret, "there is no learner number %lld",
				  (long long)learner);
	return ret;
}

int learner_close(struct ledger *ledger, int64_t learner, bool is_closed, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = learner_must_be(ledger, learner, err);
	if (ret == 0)
		ret = sql_run(ledger, "UPDATE learner SET is_closed = ?2 WHERE id = ?1",
			      SQL_WITH(SQL_INT(learner), SQL_INT(is_closed)), err);
	return ledger_end(ledger, ret, err);
}

/* The rows go; what hangs on them goes with them. */
static int forget_rows(struct ledger *ledger, int64_t learner, const char *commit,
		       struct mp_error *err)
{
	int ret = sql_run(ledger, "INSERT INTO forgetting (learner) VALUES (?1)",
			  SQL_WITH(SQL_INT(learner)), err);
	int gone;

	if (ret < 0)
		return ret;
	if (commit)
		gone = sql_run(ledger, "DELETE FROM ticket WHERE learner = ?1 AND commit_hex = ?2",
			       SQL_WITH(SQL_INT(learner), SQL_TEXT(commit)), err);
	else
		gone = sql_run(ledger, "DELETE FROM learner WHERE id = ?1",
			       SQL_WITH(SQL_INT(learner)), err);
	if (gone == 0 && commit)
		return ledger_say(
			err, MP_FAULT_USAGE, -ENOENT,
			"nothing here came of the commit '%.40s' of this learner; give all "
			"forty characters",
			commit);
	ret = sql_run(ledger, "DELETE FROM forgetting", SQL_NONE, err);
	return gone < 0 ? gone : ret;
}

int learner_forget(struct ledger *ledger, int64_t learner, const char *commit, struct mp_error *err)
{
	int code;
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = learner_must_be(ledger, learner, err);
	if (ret == 0)
		ret = forget_rows(ledger, learner, commit, err);
	ret = ledger_end(ledger, ret, err);
	if (ret < 0)
		return ret;
	/* The removed rows were written over (secure_delete); the log still has them until it is emptied. */
	code = sqlite3_wal_checkpoint_v2(ledger->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if ((code & 0xff) == SQLITE_BUSY)
		return ledger_say(
			err, MP_FAULT_HOST, -EBUSY,
			"it is removed, but somebody still reads the ledger in '%s', and until they end "
			"the old bytes stay in ledger.db-wal. The next sweep empties it",
			ledger->data);
	return code == SQLITE_OK ? 0 : sql_fail(ledger, code, err);
}
