/* SPDX-License-Identifier: MIT */
#include "tests/unit/ledger/site.h"

/* Does TEXT stand in the bytes of the ledger or its log? */
static bool is_in_the_files(struct site *site, const char *text)
{
	static const char *const names[] = {"ledger.db", "ledger.db-wal"};
	bool found = false;
	int fd = open(site->data, O_RDONLY | O_DIRECTORY);

	for (int i = 0; i < 2; i++) {
		char *bytes = NULL;
		size_t size = 0;

		IS(path_read_below(fd, names[i], 64 << 20, &bytes, &size), 0);
		found = found || memmem(bytes, size, text, strlen(text));
		free(bytes);
	}
	close(fd);
	return found;
}

static void a_token_says_whose_it_is(void)
{
	struct site site;
	char asha[TOKEN_TEXT];
	char ravi[TOKEN_TEXT];
	char ours[TOKEN_TEXT];
	int64_t who = -1;
	int64_t id;

	site_open(&site);
	id = add_learner(&site, "asha");
	IS(token_make(site.ledger, id, false, asha, &site.err), 0);
	IS(token_make(site.ledger, add_learner(&site, "ravi"), false, ravi, &site.err), 0);
	IS(token_make(site.ledger, 0, false, ours, &site.err), 0);
	/* 32 letters of 5 bits behind the mark. */
	IS(strlen(asha), 36);
	OK(strncmp(asha, "mpt_", 4) == 0);
	IS(strspn(asha + 4, "0123456789abcdefghjkmnpqrstvwxyz"), 32);
	OK(strcmp(asha, ravi) != 0);
	site_again(&site);
	IS(token_find(site.ledger, asha, &who, &site.err), 0);
	IS(who, id);
	IS(token_find(site.ledger, ravi, &who, &site.err), 0);
	IS(who, id + 1);
	IS(token_find(site.ledger, ours, &who, &site.err), 0);
	IS(who, 0);
	who = -1;
	asha[10] = asha[10] == 'a' ? 'b' : 'a';
	IS(token_find(site.ledger, asha, &who, &site.err), -ENOENT);
	IS_TEXT(site.err.text, "this token is not known here, or no longer");
	IS(token_find(site.ledger, "", &who, &site.err), -ENOENT);
	IS(who, -1);
	IS(token_make(site.ledger, 77, false, asha, &site.err), -ENOENT);
	site_close(&site);
}

static void the_ledger_keeps_no_token_and_no_session_in_clear(void)
{
	struct site site;
	char token[TOKEN_TEXT];
	char session[64];

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(token_make(site.ledger, 1, false, token, &site.err), 0);
	IS(session_make(site.ledger, 1, session, &site.err), 0);
	OK(is_in_the_files(&site, "asha"));
	OK(!is_in_the_files(&site, token));
	OK(!is_in_the_files(&site, token + 4));
	OK(!is_in_the_files(&site, session));
	site_close(&site);
}

static void a_revoked_token_opens_nothing(void)
{
	struct site site;
	char first[TOKEN_TEXT];
	char second[TOKEN_TEXT];
	char other[TOKEN_TEXT];
	char ours[TOKEN_TEXT];
	char visit[64];
	struct session session;
	int64_t who;

	site_open(&site);
	(void)add_learner(&site, "asha");
	(void)add_learner(&site, "ravi");
	IS(token_make(site.ledger, 0, false, ours, &site.err), 0);
	IS(token_make(site.ledger, 1, false, first, &site.err), 0);
	IS(token_make(site.ledger, 2, false, other, &site.err), 0);
	IS(token_make(site.ledger, 1, false, second, &site.err), 0);
	IS(token_find(site.ledger, first, &who, &site.err), 0);
	IS(session_make(site.ledger, 1, visit, &site.err), 0);
	IS(token_make(site.ledger, 1, true, second, &site.err), 0);
	IS(token_find(site.ledger, first, &who, &site.err), -ENOENT);
	IS(token_find(site.ledger, second, &who, &site.err), 0);
	IS(session_find(site.ledger, visit, &session, &site.err), -ENOENT);
	IS(token_revoke(site.ledger, 1, &site.err), 0);
	IS(token_find(site.ledger, second, &who, &site.err), -ENOENT);
	/* The others stay. */
	IS(token_find(site.ledger, other, &who, &site.err), 0);
	IS(token_find(site.ledger, ours, &who, &site.err), 0);
	IS(token_revoke(site.ledger, 0, &site.err), 0);
	IS(token_find(site.ledger, ours, &who, &site.err), -ENOENT);
	IS(token_find(site.ledger, other, &who, &site.err), 0);
	site_close(&site);
}

static void a_link_is_given_again_until_its_last_day(void)
{
	struct site site;
	char link[LINK_TEXT];
	char again[LINK_TEXT];
	char typed[LINK_TEXT];
	int64_t who = 0;

	site_open(&site);
	(void)add_learner(&site, "asha");
	(void)add_learner(&site, "ravi");
	IS(link_make(site.ledger, 2, link, &site.err), 0);
	IS(strlen(link), 9);
	IS(link[4], '-');
	IS(strspn(link, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"), 9);
	IS(link_make(site.ledger, 2, again, &site.err), 0);
	IS_TEXT(again, link);
	IS(link_make(site.ledger, 1, again, &site.err), 0);
	OK(strcmp(again, link) != 0);
	IS(link_find(site.ledger, link, &who, &site.err), 0);
	IS(who, 2);
	/* As a person types it. */
	for (size_t i = 0; i <= strlen(link); i++)
		typed[i] = (char)(link[i] == '0'		     ? 'o'
				  : link[i] == '1'		     ? 'l'
				  : link[i] >= 'A' && link[i] <= 'Z' ? link[i] + 32
								     : link[i]);
	IS(link_find(site.ledger, typed, &who, &site.err), 0);
	/* Half a day is left: good, and not given again. */
	IS(site_sql(&site,
		    "UPDATE link SET ends_at = (strftime('%s') + 43200) * 1000 WHERE learner = 2"),
	   SQLITE_OK);
	IS(link_find(site.ledger, link, &who, &site.err), 0);
	IS(link_make(site.ledger, 2, again, &site.err), 0);
	OK(strcmp(again, link) != 0);
	IS(site_sql(&site, "UPDATE link SET ends_at = (strftime('%s') - 1) * 1000"), SQLITE_OK);
	IS(link_find(site.ledger, link, &who, &site.err), -ENOENT);
	IS(link_find(site.ledger, "", &who, &site.err), -ENOENT);
	IS(link_find(site.ledger, "0000-0000-0000-0000-0000-0000", &who, &site.err), -ENOENT);
	IS(link_make(site.ledger, 9, again, &site.err), -ENOENT);
	site_close(&site);
}

static void a_revoked_link_shows_nothing(void)
{
	struct site site;
	char link[LINK_TEXT];
	char other[LINK_TEXT];
	int64_t who;

	site_open(&site);
	(void)add_learner(&site, "asha");
	(void)add_learner(&site, "ravi");
	IS(link_make(site.ledger, 1, link, &site.err), 0);
	IS(link_make(site.ledger, 2, other, &site.err), 0);
	IS(link_revoke(site.ledger, 1, &site.err), 0);
	IS(link_find(site.ledger, link, &who, &site.err), -ENOENT);
	IS_TEXT(site.err.text, "this link is not known here, or no longer");
	IS(link_find(site.ledger, other, &who, &site.err), 0);
	site_close(&site);
}

static void a_session_lasts_twelve_hours_or_until_it_is_ended(void)
{
	struct site site;
	char text[64];
	char ours[64];
	struct session session;
	struct session second;

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(session_make(site.ledger, 1, text, &site.err), 0);
	IS(session_make(site.ledger, 0, ours, &site.err), 0);
	IS(strlen(text), 52);
	IS(session_find(site.ledger, text, &session, &site.err), 0);
	IS(session.learner, 1);
	IS(strlen(session.form), 32);
	OK(strncmp(session.form, text, 32) != 0);
	IS(session_find(site.ledger, ours, &second, &site.err), 0);
	IS(second.learner, 0);
	OK(strcmp(session.form, second.form) != 0);
	IS(session_end(site.ledger, text, &site.err), 0);
	IS(session_find(site.ledger, text, &session, &site.err), -ENOENT);
	IS(session_end(site.ledger, text, &site.err), 0);
	IS(session_find(site.ledger, ours, &second, &site.err), 0);
	IS(site_sql(&site, "UPDATE session SET ends_at = ends_at - 43201000"), SQLITE_OK);
	IS(session_find(site.ledger, ours, &second, &site.err), -ENOENT);
	IS(session_make(site.ledger, 5, text, &site.err), -ENOENT);
	site_close(&site);
}

static void a_clock_that_is_set_back_holds_no_door_open(void)
{
	struct site site;
	char text[64];
	char link[LINK_TEXT];
	char again[LINK_TEXT];
	struct session session;
	int64_t who;

	site_open(&site);
	(void)add_learner(&site, "asha");
	IS(session_make(site.ledger, 1, text, &site.err), 0);
	IS(link_make(site.ledger, 1, link, &site.err), 0);
	/* Made half an hour from now: clocks are corrected. */
	IS(site_sql(&site, "UPDATE session SET ends_at = ends_at + 1800000;"
			   "UPDATE link SET ends_at = ends_at + 1800000"),
	   SQLITE_OK);
	IS(session_find(site.ledger, text, &session, &site.err), 0);
	IS(link_find(site.ledger, link, &who, &site.err), 0);
	/* And ten years from now. */
	IS(site_sql(&site, "UPDATE session SET ends_at = ends_at + 315360000000;"
			   "UPDATE link SET ends_at = ends_at + 315360000000"),
	   SQLITE_OK);
	IS(session_find(site.ledger, text, &session, &site.err), -ENOENT);
	IS(link_find(site.ledger, link, &who, &site.err), -ENOENT);
	IS(link_make(site.ledger, 1, again, &site.err), 0);
	OK(strcmp(again, link) != 0);
	IS(link_find(site.ledger, again, &who, &site.err), 0);
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(a_token_says_whose_it_is)
	T(the_ledger_keeps_no_token_and_no_session_in_clear)
	T(a_revoked_token_opens_nothing)
	T(a_link_is_given_again_until_its_last_day)
	T(a_revoked_link_shows_nothing)
	T(a_session_lasts_twelve_hours_or_until_it_is_ended)
	T(a_clock_that_is_set_back_holds_no_door_open)
)
