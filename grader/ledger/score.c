/* SPDX-License-Identifier: MIT */
/* Scores: versions of what came of an exercise. They are added, and never changed: triggers hold that. */
#include <errno.h>

#include "grader/ledger/inner.h"
#include "sandbox/base/clock.h"

int score_add(struct ledger *ledger, int64_t ticket, const struct result *result,
	      struct mp_error *err)
{
	int ret = sql_run(
		ledger,
		"INSERT INTO score (ticket, learner, exercise, version, exercise_version, exercise_hash, "
		"input_key, seed, score, counted, points, status, milestone, graded_at) "
		"SELECT t.id, t.learner, ?2, (SELECT 1 + coalesce(max(version), 0) FROM score s "
		"WHERE s.learner = t.learner AND s.exercise = ?2), "
		"?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 FROM ticket t WHERE t.id = ?1",
		SQL_WITH(SQL_INT(ticket), SQL_TEXT(result->exercise),
			 SQL_INT(result->exercise_version), SQL_TEXT(result->exercise_hash),
			 SQL_TEXT(result->input_key), SQL_TEXT(result->seed),
			 SQL_INT(result->score), SQL_INT(result->counted), SQL_INT(result->points),
			 SQL_TEXT(result->status), SQL_INT(result->milestone),
			 SQL_INT(clock_wall_ms())),
		err);

	if (ret < 0)
		return ret;
	return sql_run(ledger,
		       "INSERT INTO paper (score, card, run, page, page_of_instructor, "
		       "card_of_instructor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		       SQL_WITH(SQL_INT(sqlite3_last_insert_rowid(ledger->db)),
				SQL_TEXT(result->card), SQL_TEXT(result->run),
				SQL_TEXT(result->page), SQL_TEXT(result->page_of_instructor),
				SQL_TEXT(result->card_of_instructor)),
		       err);
}

#define SCORE_COLUMNS                                                                              \
	"s.id, s.ticket, s.version, t.commit_hex, t.received_at, s.graded_at, s.exercise, "        \
	"s.exercise_version, s.exercise_hash, s.input_key, s.seed, s.score, s.counted, s.points, " \
	"s.status, s.milestone"

static void read_score(sqlite3_stmt *row, struct arena *arena, struct score *ret_score)
{
	*ret_score = (struct score){
		.id = sqlite3_column_int64(row, 0),
		.ticket = sqlite3_column_int64(row, 1),
		.version = sqlite3_column_int64(row, 2),
		.commit = sql_text(row, 3, arena),
		.received_at = sqlite3_column_int64(row, 4),
		.graded_at = sqlite3_column_int64(row, 5),
		.result.exercise = sql_text(row, 6, arena),
		.result.exercise_version = sqlite3_column_int64(row, 7),
		.result.exercise_hash = sql_text(row, 8, arena),
		.result.input_key = sql_text(row, 9, arena),
		.result.seed = sql_text(row, 10, arena),
		.result.score = sqlite3_column_int64(row, 11),
		.result.counted = sqlite3_column_int64(row, 12),
		.result.points = sqlite3_column_int64(row, 13),
		.result.status = sql_text(row, 14, arena),
		.result.milestone = sqlite3_column_int64(row, 15),
	};
}

/*
 * What could not be graded never stands before what was. The latest is the one that was pushed last, also when two
 * workers ended in the other order.
 */
#define SCORES_RANKED(ORDER)                                                                       \
	"SELECT " SCORE_COLUMNS " FROM (SELECT *, row_number() OVER (PARTITION BY exercise "       \
	"ORDER BY " ORDER ") AS rank FROM score WHERE learner = ?1) s "                            \
	"JOIN ticket t ON t.id = s.ticket WHERE s.rank = 1 ORDER BY s.milestone, s.exercise"

static const char *const score_queries[] = {
	[SCORE_BEST] = SCORES_RANKED(
		"status = 'not-graded', counted DESC, score DESC, ticket DESC, version DESC"),
	[SCORE_LATEST] = SCORES_RANKED("ticket DESC, version DESC"),
	[SCORE_ALL] = "SELECT " SCORE_COLUMNS " FROM score s JOIN ticket t ON t.id = s.ticket "
		      "WHERE s.learner = ?1 ORDER BY s.id DESC",
};

int score_list(struct ledger *ledger, int64_t learner, enum score_choice choice,
	       struct arena *arena, struct score **ret_scores, size_t *ret_count,
	       struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	struct score *scores = NULL;
	size_t count = 0;
	int ret = sql_start(ledger, score_queries[choice], SQL_WITH(SQL_INT(learner)), &row, err);

	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		read_score(row, arena, arena_push(arena, &scores, &count, sizeof(*scores)));
		ret = 0;
	}
	if (ret < 0)
		return ret;
	*ret_scores = scores;
	*ret_count = count;
	return 0;
}

int score_find(struct ledger *ledger, int64_t score, struct arena *arena, struct score *ret_score,
	       int64_t *ret_learner, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int ret = sql_start(
		ledger,
		"SELECT " SCORE_COLUMNS ", s.learner, p.card, p.run, p.page, "
		"p.page_of_instructor, p.card_of_instructor FROM score s JOIN ticket t ON t.id = s.ticket "
		"JOIN paper p ON p.score = s.id WHERE s.id = ?1",
		SQL_WITH(SQL_INT(score)), &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 0)
		return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "there is no score number %lld",
				  (long long)score);
	if (ret < 0)
		return ret;
	read_score(row, arena, ret_score);
	*ret_learner = sqlite3_column_int64(row, 16);
	ret_score->result.card = sql_text(row, 17, arena);
	ret_score->result.run = sql_text(row, 18, arena);
	ret_score->result.page = sql_text(row, 19, arena);
	ret_score->result.page_of_instructor = sql_text(row, 20, arena);
	ret_score->result.card_of_instructor = sql_text(row, 21, arena);
	return 0;
}

int score_unchanged(struct ledger *ledger, int64_t learner, const char *exercise,
		    const char *exercise_hash, const char *input_key, struct arena *arena,
		    struct score *ret_score, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int ret =
		sql_start(ledger,
			  "SELECT " SCORE_COLUMNS " FROM score s JOIN ticket t ON t.id = s.ticket "
			  "WHERE s.learner = ?1 AND s.exercise = ?2 AND s.exercise_hash = ?3 "
			  "AND s.input_key = ?4 AND s.status <> 'not-graded' "
			  "ORDER BY s.version DESC LIMIT 1",
			  SQL_WITH(SQL_INT(learner), SQL_TEXT(exercise), SQL_TEXT(exercise_hash),
				   SQL_TEXT(input_key)),
			  &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 0)
		return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "%s has no score for these files",
				  exercise);
	if (ret < 0)
		return ret;
	read_score(row, arena, ret_score);
	return 0;
}
