/* SPDX-License-Identifier: MIT */
/* Policies: one table has name, default, form and bounds. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "grader/ledger/inner.h"
#include "sandbox/base/field.h"

static const char *const yes_no[] = {"no", "yes", NULL};
static const char *const show_words[] = {"after-pass", "never", "always", NULL};

struct policy {
	struct field row;     /* how a value is written */
	const char *standard; /* the value where no row says otherwise */
	bool is_moment;	      /* RFC 3339, or "" for none: read here */
};

static const struct policy policies[] = {
	{{"attempts-per-day", FIELD_COUNT, 0, 1, 100000, "pushes taken of a learner in 24 hours",
	  NULL, false},
	 "200",
	 false},
	{{"bar", FIELD_COUNT, 0, 1, 100,
	  "points of 100 below which a push to refs/for/ID is refused", NULL, false},
	 "60",
	 false},
	{{"disk", FIELD_BYTES, 0, 1 << 20, 1LL << 40, "disk of a learner's repository", NULL,
	  false},
	 "200M",
	 false},
	{{"due", FIELD_TEXT, 0, 0, 40, "pushes received later are graded and say so", NULL, false},
	 "",
	 true},
	{{"opens", FIELD_TEXT, 0, 0, 40, "pushes received earlier are refused", NULL, false},
	 "",
	 true},
	{{"replace", FIELD_WORD, 0, 0, 0, "a newer push takes the place of one that still waits",
	  yes_no, false},
	 "yes",
	 false},
	{{"show-hidden", FIELD_WORD, 0, 0, 0, "when a learner sees hidden checks in full",
	  show_words, false},
	 "after-pass",
	 false},
};

enum { POLICIES = sizeof(policies) / sizeof(policies[0]) };

static const char *name_at(const void *context, size_t i)
{
	(void)context;
	return policies[i].row.name;
}

static int find(const char *name, const struct policy **ret_policy, struct mp_error *err)
{
	const char *near = nearest_word(name, POLICIES, name_at, NULL);

	for (size_t i = 0; i < POLICIES; i++) {
		if (strcmp(policies[i].row.name, name) == 0) {
			*ret_policy = &policies[i];
			return 0;
		}
	}
	if (near)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "there is no policy '%.40s'. Did you mean '%s'?", name, near);
	return mp_fail(
		err, MP_FAULT_USAGE, -EBADMSG,
		"there is no policy '%.40s'. There are: attempts-per-day, bar, disk, due, opens, "
		"replace, show-hidden",
		name);
}

/* --- moments ----------------------------------------------------------------------------------- */

/* The whole number that COUNT digits at TEXT are, or -1. */
static int digits(const char *text, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

/* "Z" or "+05:30": minutes east of UTC, or -EBADMSG. */
static int read_zone(const char *text, int *ret_minutes)
{
	int hours;
	int minutes;

	if (strcmp(text, "Z") == 0) {
		*ret_minutes = 0;
		return 0;
	}
	if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
		return -EBADMSG;
	hours = digits(text + 1, 2);
	minutes = digits(text + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return -EBADMSG;
	*ret_minutes = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
	return 0;
}

int policy_moment(const char *text, int64_t *ret_ms)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	struct tm given = {0};
	struct tm real;
	time_t seconds;
	int east;

	if (strlen(text) < strlen(form))
		return -EBADMSG;
	for (size_t i = 0; form[i]; i++) {
		if (form[i] == 'd' ? digits(text + i, 1) < 0 : text[i] != form[i])
			return -EBADMSG;
	}
	if (read_zone(text + strlen(form), &east) < 0)
		return -EBADMSG;
	given.tm_year = digits(text, 4) - 1900;
	given.tm_mon = digits(text + 5, 2) - 1;
	given.tm_mday = digits(text + 8, 2);
	given.tm_hour = digits(text + 11, 2);
	given.tm_min = digits(text + 14, 2);
	given.tm_sec = digits(text + 17, 2);
	real = given;
	seconds = timegm(&real);
	/* 31 April would become 1 May. */
	if (real.tm_mon != given.tm_mon || real.tm_mday != given.tm_mday ||
	    real.tm_hour != given.tm_hour || real.tm_min != given.tm_min ||
	    real.tm_sec != given.tm_sec || real.tm_year < 70)
		return -EBADMSG;
	*ret_ms = ((int64_t)seconds - east * 60) * 1000;
	return 0;
}

/* --- values ------------------------------------------------------------------------------------ */

/* VALUE as a number: how many, a moment, or the index of its word. */
static int read_value(const struct policy *policy, const char *value, int64_t *ret_number,
		      struct mp_error *err)
{
	union {
		int64_t number;
		int word;
	} read = {0};
	int ret;

	if (policy->is_moment) {
		*ret_number = 0;
		if (!*value || policy_moment(value, ret_number) == 0)
			return 0;
		return mp_fail(
			err, MP_FAULT_USAGE, -EBADMSG,
			"%s: '%.40s' is no moment; write 2026-11-30T18:00:00+05:30, or Z for UTC",
			policy->row.name, value);
	}
	ret = field_set(&policy->row, 0, &read, value, err);
	if (ret < 0) {
		(void)mp_wrap(err, "%s", policy->row.name);
		if (err)
			err->fault = MP_FAULT_USAGE;
		return ret;
	}
	*ret_number = policy->row.type == FIELD_WORD ? read.word : read.number;
	return 0;
}

/* The id of an exercise as its folder is named, or "" for all. */
static int check_exercise(const char *exercise, struct mp_error *err)
{
	static const struct field row = {"exercise", FIELD_NAME, 0, 1, 64, "", NULL, true};
	const char *read;

	if (!*exercise || field_set(&row, 0, &read, exercise, NULL) == 0)
		return 0;
	return mp_fail(err, MP_FAULT_USAGE, -EBADMSG, "'%.64s' is not the id of an exercise",
		       exercise);
}

int policy_set(struct ledger *ledger, const char *exercise, const char *name, const char *value,
	       struct mp_error *err)
{
	const struct policy *policy;
	int64_t number;
	int ret = find(name, &policy, err);

	if (ret == 0)
		ret = check_exercise(exercise, err);
	if (ret == 0 && value)
		ret = read_value(policy, value, &number, err);
	if (ret == 0)
		ret = ledger_begin(ledger, err);
	if (ret < 0)
		return ret;
	ret = sql_run(ledger, "DELETE FROM policy WHERE exercise = ?1 AND name = ?2",
		      SQL_WITH(SQL_TEXT(exercise), SQL_TEXT(name)), err);
	if (ret >= 0 && value)
		ret = sql_run(ledger,
			      "INSERT INTO policy (exercise, name, value) VALUES (?1, ?2, ?3)",
			      SQL_WITH(SQL_TEXT(exercise), SQL_TEXT(name), SQL_TEXT(value)), err);
	return ledger_end(ledger, ret, err);
}

int policy_get(struct ledger *ledger, const char *exercise, const char *name, struct arena *arena,
	       const char **ret_value, struct mp_error *err)
{
	mp_autosql sqlite3_stmt *row = NULL;
	const struct policy *policy;
	int ret = find(name, &policy, err);

	/* The exercise's own row, else that of all, else the standard. */
	if (ret == 0)
		ret = sql_start(ledger,
				"SELECT value FROM policy WHERE name = ?2 AND exercise IN (?1, '') "
				"ORDER BY exercise DESC LIMIT 1",
				SQL_WITH(SQL_TEXT(exercise), SQL_TEXT(name)), &row, err);
	if (ret == 0)
		ret = sql_next(ledger, row, err);
	if (ret < 0)
		return ret;
	*ret_value = ret == 1 ? sql_text(row, 0, arena) : policy->standard;
	return 0;
}

/* The rows of one policy: that of all first, which is there even when nobody has set it. */
static int list_one(struct ledger *ledger, const struct policy *policy, struct arena *arena,
		    struct policy_row **rows, size_t *count, struct mp_error *err)
{
	struct policy_row given = {
		"", policy->row.name, policy->standard, policy->standard, policy->row.help, false};
	mp_autosql sqlite3_stmt *row = NULL;
	size_t first = *count;
	struct policy_row *next = arena_push(arena, rows, count, sizeof(*next));
	int ret;

	*next = given;
	given.is_set = true;
	ret = sql_start(ledger,
			"SELECT exercise, value FROM policy WHERE name = ?1 ORDER BY exercise",
			SQL_WITH(SQL_TEXT(policy->row.name)), &row, err);
	while (ret == 0 && (ret = sql_next(ledger, row, err)) == 1) {
		given.exercise = sql_text(row, 0, arena);
		given.value = sql_text(row, 1, arena);
		next = *given.exercise ? arena_push(arena, rows, count, sizeof(*next))
				       : &(*rows)[first];
		*next = given;
		ret = 0;
	}
	return ret;
}

int policy_list(struct ledger *ledger, struct arena *arena, struct policy_row **ret_rows,
		size_t *ret_count, struct mp_error *err)
{
	struct policy_row *rows = NULL;
	size_t count = 0;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < POLICIES; i++)
		ret = list_one(ledger, &policies[i], arena, &rows, &count, err);
	if (ret == 0) {
		*ret_rows = rows;
		*ret_count = count;
	}
	return ret;
}

int policy_number(struct ledger *ledger, const char *exercise, const char *name,
		  int64_t *ret_number, struct mp_error *err)
{
	mp_autoarena struct arena *arena = arena_new();
	const struct policy *policy;
	const char *value;
	int ret = find(name, &policy, err);

	if (ret == 0)
		ret = policy_get(ledger, exercise, name, arena, &value, err);
	return ret < 0 ? ret : read_value(policy, value, ret_number, err);
}
