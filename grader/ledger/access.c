/* SPDX-License-Identifier: MIT */
/*
 * Who asks: tokens, links, sessions. What opens a door for writing or for an instructor is kept as a hash under
 * the site's key, so that a copy of the ledger opens nothing. A link only shows pages and is given again, so
 * it is kept as it is.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "grader/ledger/inner.h"
#include "sandbox/base/clock.h"

enum {
	HASH_BYTES = 32,
	TOKEN_LETTERS = 32,   /* of 5 bits: 160 */
	SESSION_LETTERS = 52, /* 260 */
	LINK_LETTERS = 8,     /* 40: enough where guesses are counted */
	TEXT_MOST = 64,
};

#define HOUR_MS (60 * 60 * 1000LL)

#define DAY_MS	   (24 * HOUR_MS)
#define LINK_MS	   (7 * DAY_MS)
#define SESSION_MS (12 * HOUR_MS)

/* What ends later than it ever lasts was made before a clock was set back: it is over too. A clock may err a little. */
#define IS_GOOD	 "ends_at > ?2 AND ends_at <= ?3"
#define ERROR_MS HOUR_MS

/* Crockford's letters: none that is taken for another. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

/* COUNT random letters of ALPHABET (32 of them) and the NUL. */
static void draw(char *ret_text, int count)
{
	unsigned char bytes[TEXT_MOST];

	randombytes_buf(bytes, sizeof(bytes));
	for (int i = 0; i < count; i++)
		ret_text[i] = letters[bytes[i] & 31];
	ret_text[count] = '\0';
	sodium_memzero(bytes, sizeof(bytes));
}

static void hash_of(const struct ledger *ledger, const char *text,
		    unsigned char ret_hash[HASH_BYTES])
{
	(void)crypto_generichash(ret_hash, HASH_BYTES, (const unsigned char *)text, strlen(text),
				 ledger->site_key, sizeof(ledger->site_key));
}

static int nobody(struct mp_error *err, const char *what)
{
	return ledger_say(err, MP_FAULT_USAGE, -ENOENT, "this %s is not known here, or no longer",
			  what);
}

/* --- tokens ----------------------------------------------------------------------------------- */

/* The tokens of a learner end, and with them the sessions that they opened. */
static int revoke(struct ledger *ledger, int64_t learner, struct mp_error *err)
{
	int ret = sql_run(ledger, "DELETE FROM token WHERE learner IS nullif(?1, 0)",
			  SQL_WITH(SQL_INT(learner)), err);
	int ended = ret < 0 ? ret
			    : sql_run(ledger, "DELETE FROM session WHERE learner IS nullif(?1, 0)",
				      SQL_WITH(SQL_INT(learner)), err);

	return ended < 0 ? ended : ret;
}

int token_make(struct ledger *ledger, int64_t learner, bool is_revoking, char ret_text[TOKEN_TEXT],
	       struct mp_error *err)
{
	unsigned char hash[HASH_BYTES];
	char text[TOKEN_TEXT] =
		"mpt_"; /* so that searchers for secrets know one when they see it */
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	draw(text + strlen(text), TOKEN_LETTERS);
	hash_of(ledger, text, hash);
	if (learner != 0)
		ret = learner_must_be(ledger, learner, err);
	if (ret == 0 && is_revoking)
		ret = revoke(ledger, learner, err);
	if (ret >= 0)
		ret = sql_run(
			ledger,
			"INSERT INTO token (hash, learner, made_at) VALUES (?1, nullif(?2, 0), ?3)",
			SQL_WITH(SQL_BYTES(hash, HASH_BYTES), SQL_INT(learner),
				 SQL_INT(clock_wall_ms())),
			err);
	ret = ledger_end(ledger, ret, err);
	if (ret == 0)
		memcpy(ret_text, text, sizeof(text));
	sodium_memzero(text, sizeof(text));
	return ret;
}

/* Looking a hash up says nothing about the text: who asks cannot steer its bytes. */
int token_find(struct ledger *ledger, const char *text, int64_t *ret_learner, struct mp_error *err)
{
	unsigned char hash[HASH_BYTES];
	int ret;

	hash_of(ledger, text, hash);
	ret = sql_number(ledger, "SELECT coalesce(learner, 0) FROM token WHERE hash = ?1",
			 SQL_WITH(SQL_BYTES(hash, HASH_BYTES)), ret_learner, err);
	return ret == -ENOENT ? nobody(err, "token") : ret;
}

int token_revoke(struct ledger *ledger, int64_t learner, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	return ret < 0 ? ret : ledger_end(ledger, revoke(ledger, learner, err), err);
}

/* --- links ------------------------------------------------------------------------------------ */

static int make_link(struct ledger *ledger, int64_t learner, char ret_text[LINK_TEXT],
		     struct mp_error *err)
{
	char drawn[LINK_LETTERS + 1];

	draw(drawn, LINK_LETTERS);
	for (char *c = drawn; *c; c++)
		*c = (char)(*c >= 'a' ? *c - 'a' + 'A' : *c);
	(void)snprintf(ret_text, LINK_TEXT, "%.4s-%.4s", drawn, drawn + 4);
	return sql_run(
		ledger, "INSERT INTO link (text, learner, ends_at) VALUES (?1, ?2, ?3)",
		SQL_WITH(SQL_TEXT(ret_text), SQL_INT(learner), SQL_INT(clock_wall_ms() + LINK_MS)),
		err);
}

/* The link that is good for a day at least: 1, or 0 when there is none. */
static int old_link(struct ledger *ledger, int64_t learner, char ret_text[LINK_TEXT],
		    struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	int64_t now = clock_wall_ms();
	int ret =
		sql_start(ledger,
			  "SELECT text FROM link WHERE learner = ?1 AND ends_at BETWEEN ?2 AND ?3 "
			  "ORDER BY ends_at DESC LIMIT 1",
			  SQL_WITH(SQL_INT(learner), SQL_INT(now + DAY_MS), SQL_INT(now + LINK_MS)),
			  &row, err);

	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 1)
		(void)snprintf(ret_text, LINK_TEXT, "%s",
			       (const char *)sqlite3_column_text(row, 0));
	return ret;
}

int link_make(struct ledger *ledger, int64_t learner, char ret_text[LINK_TEXT],
	      struct mp_error *err)
{
	char text[LINK_TEXT];
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = learner_must_be(ledger, learner, err);
	if (ret == 0)
		ret = old_link(ledger, learner, text, err);
	/* Drawn twice alike once in a thousand million: then once more. */
	for (int tries = 0; (ret == 0 || ret == -EEXIST) && tries < 3; tries++)
		ret = make_link(ledger, learner, text, err);
	ret = ledger_end(ledger, ret, err);
	if (ret == 0)
		memcpy(ret_text, text, sizeof(text));
	return ret;
}

/* As a person types it: small letters, o for 0, i and l for 1. */
static void fold(const char *text, char ret_text[LINK_TEXT])
{
	static const char typed[] = "oOiIlL";
	static const char meant[] = "001111";
	size_t i = 0;

	for (; text[i] && i < LINK_TEXT - 1; i++) {
		const char *at = strchr(typed, text[i]);

		ret_text[i] = at ? meant[at - typed] : text[i];
		if (ret_text[i] >= 'a' && ret_text[i] <= 'z')
			ret_text[i] = (char)(ret_text[i] - 'a' + 'A');
	}
	ret_text[i] = '\0';
}

int link_find(struct ledger *ledger, const char *text, int64_t *ret_learner, struct mp_error *err)
{
	char folded[LINK_TEXT];
	int64_t now = clock_wall_ms();
	int ret;

	fold(text, folded);
	ret = sql_number(
		ledger, "SELECT learner FROM link WHERE text = ?1 AND " IS_GOOD,
		SQL_WITH(SQL_TEXT(folded), SQL_INT(now), SQL_INT(now + LINK_MS + ERROR_MS)),
		ret_learner, err);
	return ret == -ENOENT ? nobody(err, "link") : ret;
}

int link_revoke(struct ledger *ledger, int64_t learner, struct mp_error *err)
{
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	ret = sql_run(ledger, "DELETE FROM link WHERE learner = ?1", SQL_WITH(SQL_INT(learner)),
		      err);
	return ledger_end(ledger, ret, err);
}

/* --- sessions --------------------------------------------------------------------------------- */

int session_make(struct ledger *ledger, int64_t learner, char ret_text[64], struct mp_error *err)
{
	unsigned char hash[HASH_BYTES];
	char text[SESSION_LETTERS + 1];
	char form[TOKEN_LETTERS + 1];
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	draw(text, SESSION_LETTERS);
	draw(form, TOKEN_LETTERS);
	hash_of(ledger, text, hash);
	if (learner != 0)
		ret = learner_must_be(ledger, learner, err);
	if (ret == 0)
		ret = sql_run(ledger,
			      "INSERT INTO session (hash, learner, form, ends_at) "
			      "VALUES (?1, nullif(?2, 0), ?3, ?4)",
			      SQL_WITH(SQL_BYTES(hash, HASH_BYTES), SQL_INT(learner),
				       SQL_TEXT(form), SQL_INT(clock_wall_ms() + SESSION_MS)),
			      err);
	ret = ledger_end(ledger, ret, err);
	if (ret == 0)
		memcpy(ret_text, text, sizeof(text));
	return ret;
}

int session_find(struct ledger *ledger, const char *text, struct session *ret_session,
		 struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	unsigned char hash[HASH_BYTES];
	int64_t now = clock_wall_ms();
	int ret;

	hash_of(ledger, text, hash);
	ret = sql_start(
		ledger,
		"SELECT coalesce(learner, 0), form FROM session WHERE hash = ?1 AND " IS_GOOD,
		SQL_WITH(SQL_BYTES(hash, HASH_BYTES), SQL_INT(now),
			 SQL_INT(now + SESSION_MS + ERROR_MS)),
		&row, err);
	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret == 0)
		return nobody(err, "session");
	if (ret < 0)
		return ret;
	ret_session->learner = sqlite3_column_int64(row, 0);
	(void)snprintf(ret_session->form, sizeof(ret_session->form), "%s",
		       (const char *)sqlite3_column_text(row, 1));
	return 0;
}

int session_end(struct ledger *ledger, const char *text, struct mp_error *err)
{
	unsigned char hash[HASH_BYTES];
	int ret = ledger_begin(ledger, err);

	if (ret < 0)
		return ret;
	hash_of(ledger, text, hash);
	ret = sql_run(ledger, "DELETE FROM session WHERE hash = ?1",
		      SQL_WITH(SQL_BYTES(hash, HASH_BYTES)), err);
	return ledger_end(ledger, ret, err);
}
