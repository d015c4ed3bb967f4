/* SPDX-License-Identifier: MIT */
#include "tests/unit/ledger/site.h"

static const char *get(struct site *site, const char *exercise, const char *name)
{
	const char *value = NULL;

	IS(policy_get(site->ledger, exercise, name, site->arena, &value, &site->err), 0);
	return value;
}

static void each_policy_has_a_generous_standard(void)
{
	static const char *const rows[][2] = {
		{"attempts-per-day", "200"},
		{"bar", "60"},
		{"disk", "200M"},
		{"due", ""},
		{"opens", ""},
		{"replace", "yes"},
		{"show-hidden", "after-pass"},
	};
	struct site site;

	site_open(&site);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		IS_TEXT(get(&site, "", rows[i][0]), rows[i][1]);
		IS_TEXT(get(&site, "hello-api", rows[i][0]), rows[i][1]);
		/* A standard can be written too. */
		IS(policy_set(site.ledger, "", rows[i][0], rows[i][1], &site.err), 0);
	}
	site_close(&site);
}

static void values_have_forms_and_bounds(void)
{
	static const struct {
		const char *name, *value;
		const char *say; /* NULL: taken */
	} rows[] = {
		{"attempts-per-day", "1", NULL},
		{"attempts-per-day", "100000", NULL},
		{"attempts-per-day", "0", "attempts-per-day: '0' is out of range"},
		{"attempts-per-day", "100001", "is out of range"},
		{"attempts-per-day", "-3", "attempts-per-day: "},
		{"attempts-per-day", "many", "attempts-per-day: 'many' is not a whole number"},
		{"attempts-per-day", "", "attempts-per-day: "},
		{"attempts-per-day", "99999999999999999999", "is out of range"},
		{"bar", "1", NULL},
		{"bar", "100", NULL},
		{"bar", "0", "bar: '0' is out of range"},
		{"bar", "101", "is out of range"},
		{"bar", "60%", "bar: "},
		{"disk", "1M", NULL},
		{"disk", "1024G", NULL},
		{"disk", "1023K", "is out of range"},
		{"disk", "1025G", "is out of range"},
		{"disk", "200", "disk: '200' has no unit"},
		{"replace", "no", NULL},
		{"replace", "maybe", "replace: "},
		{"show-hidden", "never", NULL},
		{"show-hidden", "always", NULL},
		{"show-hidden", "after_pass", "after-pass"},
		{"due", "2026-11-30T18:00:00+05:30", NULL},
		{"due", "2026-11-30T18:00:00Z", NULL},
		{"due", "2024-02-29T00:00:00Z", NULL},
		{"due", "", NULL},
		{"due", "2026-11-30", "due: '2026-11-30' is no moment; write 2026-"},
		{"due", "2026-02-29T00:00:00Z", "is no moment"},
		{"due", "2026-13-01T00:00:00Z", "is no moment"},
		{"due", "2026-00-01T00:00:00Z", "is no moment"},
		{"due", "2026-04-31T00:00:00Z", "is no moment"},
		{"due", "2026-11-30T24:00:00Z", "is no moment"},
		{"due", "2026-11-30T18:60:00Z", "is no moment"},
		{"due", "2026-11-30T18:00:60Z", "is no moment"},
		{"due", "2026-11-30 18:00:00Z", "is no moment"},
		{"due", "2026-11-30T18:00:00", "is no moment"},
		{"due", "2026-11-30T18:00:00+5:30", "is no moment"},
		{"due", "2026-11-30T18:00:00+24:00", "is no moment"},
		{"due", "2026-11-30T18:00:00+05:60", "is no moment"},
		{"due", "2026-11-30T18:00:00Zulu", "is no moment"},
		{"due", "1969-12-31T23:59:59Z", "is no moment"},
		{"due", "tomorrow", "is no moment"},
		{"opens", "2026-11-30T18:00:00-08:00", NULL},
		{"opens", "soon", "opens: 'soon' is no moment"},
		{"barr", "60", "there is no policy 'barr'. Did you mean 'bar'?"},
		{"colour", "red", "There are: attempts-per-day, bar"},
	};
	struct site site;

	site_open(&site);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int ret = policy_set(site.ledger, "", rows[i].name, rows[i].value, &site.err);

		IS(ret, rows[i].say ? -EBADMSG : 0);
		if (rows[i].say) {
			HAS_TEXT(site.err.text, rows[i].say);
			IS(site.err.fault, MP_FAULT_USAGE);
		} else {
			IS_TEXT(get(&site, "", rows[i].name), rows[i].value);
		}
		ROW("%s = %s", rows[i].name, rows[i].value);
	}
	IS(policy_set(site.ledger, "../x", "bar", "60", &site.err), -EBADMSG);
	HAS_TEXT(site.err.text, "'../x' is not the id of an exercise");
	IS(policy_set(site.ledger, "no good", "bar", "60", &site.err), -EBADMSG);
	site_close(&site);
}

static void a_moment_is_counted_in_utc(void)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"1970-01-01T05:30:00+05:30", 0},
		{"2001-09-09T01:46:40Z", 1000000000000},
		{"2001-09-08T20:46:40-05:00", 1000000000000},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ms = -1;

		IS(policy_moment(rows[i].text, &ms), 0);
		IS(ms, rows[i].ms);
	}
}

static void an_exercise_goes_before_all(void)
{
	struct site site;

	site_open(&site);
	IS(policy_set(site.ledger, "", "bar", "70", &site.err), 0);
	IS(policy_set(site.ledger, "hello-api", "bar", "90", &site.err), 0);
	IS_TEXT(get(&site, "hello-api", "bar"), "90");
	IS_TEXT(get(&site, "other", "bar"), "70");
	site_again(&site);
	IS(policy_set(site.ledger, "hello-api", "bar", NULL, &site.err), 0);
	IS_TEXT(get(&site, "hello-api", "bar"), "70");
	IS(policy_set(site.ledger, "", "bar", NULL, &site.err), 0);
	IS_TEXT(get(&site, "hello-api", "bar"), "60");
	site_close(&site);
}

/* --- what they do to a push --------------------------------------------------------------------- */

static int try_push(struct site *site, const struct receipt *receipt)
{
	int64_t ticket;

	return ticket_receive(site->ledger, receipt, &ticket, &site->err);
}

static void attempts_are_counted_over_a_day(void)
{
	struct site site;
	struct receipt receipt;
	int64_t asha;
	int64_t given_back;

	site_open(&site);
	asha = add_learner(&site, "asha");
	IS(policy_set(site.ledger, "", "attempts-per-day", "2", &site.err), 0);
	receipt = receipt_of(&site, asha, 1);
	IS(try_push(&site, &receipt), 0);
	given_back = receive(&site, asha, 2);
	IS(try_push(&site, &receipt), -EDQUOT);
	IS_TEXT(site.err.text,
		"2 pushes in 24 hours are all that is allowed here. Run `milepost check` on "
		"your own machine, or push again later");
	IS(site.err.fault, MP_FAULT_INPUT);
	/* Somebody else has their own, and so has an operator. */
	IS(receive(&site, add_learner(&site, "ravi"), 3), given_back + 1);
	receipt.is_regrade = true;
	IS(try_push(&site, &receipt), 0);
	receipt.is_regrade = false;
	/* One that did not happen is given back. */
	IS(ticket_void(site.ledger, given_back, "gone", &site.err), 0);
	IS(try_push(&site, &receipt), 0);
	IS(try_push(&site, &receipt), -EDQUOT);
	/* A day later. */
	receipt.received_at += 24 * 60 * 60 * 1000 + 1;
	IS(try_push(&site, &receipt), 0);
	/* And a clock that was set back does not count what lies in its future. */
	receipt.received_at = 1000;
	IS(try_push(&site, &receipt), 0);
	site_close(&site);
}

static void a_failure_of_ours_gives_the_attempt_back(void)
{
	struct site site;
	struct receipt receipt;
	int64_t ticket;

	site_open(&site);
	IS(policy_set(site.ledger, "", "attempts-per-day", "1", &site.err), 0);
	ticket = push(&site, add_learner(&site, "asha"), 1);
	receipt = receipt_of(&site, 1, 2);
	for (int i = 0; i < 2; i++) {
		IS(try_push(&site, &receipt), -EDQUOT);
		IS(claim(&site, "w"), ticket);
		IS(ticket_fault(site.ledger, ticket, "w", "ours", &site.err), 0);
	}
	IS(try_push(&site, &receipt), 0);
	site_close(&site);
}

static void an_exercise_may_have_fewer_attempts(void)
{
	struct site site;
	struct receipt receipt;

	site_open(&site);
	IS(policy_set(site.ledger, "hello-api", "attempts-per-day", "1", &site.err), 0);
	receipt = receipt_of(&site, add_learner(&site, "asha"), 1);
	receipt.exercise = "hello-api";
	IS(try_push(&site, &receipt), 0);
	IS(try_push(&site, &receipt), -EDQUOT);
	HAS_TEXT(site.err.text, "1 pushes for hello-api in 24 hours");
	receipt.exercise = "other";
	IS(try_push(&site, &receipt), 0);
	receipt.exercise = NULL;
	IS(try_push(&site, &receipt), 0);
	site_close(&site);
}

static void before_it_opens_no_push_is_taken(void)
{
	struct site site;
	struct receipt receipt;

	site_open(&site);
	receipt = receipt_of(&site, add_learner(&site, "asha"), 1);
	receipt.received_at = 1000000000000;
	IS(policy_set(site.ledger, "hello-api", "opens", "2001-09-09T07:16:41+05:30", &site.err),
	   0);
	IS(try_push(&site, &receipt), 0);
	receipt.exercise = "hello-api";
	IS(try_push(&site, &receipt), -EPERM);
	IS_TEXT(site.err.text,
		"hello-api opens at 2001-09-09T07:16:41+05:30; your push came before. Push "
		"again then");
	receipt.received_at += 1000;
	IS(try_push(&site, &receipt), 0);
	receipt.exercise = NULL;
	IS(policy_set(site.ledger, "", "opens", "2002-01-01T00:00:00Z", &site.err), 0);
	IS(try_push(&site, &receipt), -EPERM);
	HAS_TEXT(site.err.text, "this course opens at 2002-01-01T00:00:00Z");
	/* What is late is taken: it is graded, and says so. */
	IS(policy_set(site.ledger, "", "opens", NULL, &site.err), 0);
	IS(policy_set(site.ledger, "", "due", "2000-01-01T00:00:00Z", &site.err), 0);
	IS(try_push(&site, &receipt), 0);
	site_close(&site);
}

static void a_list_shows_what_is_set_and_what_is_standard(void)
{
	struct policy_row *rows = NULL;
	size_t count = 0;
	struct site site;

	site_open(&site);
	IS(policy_list(site.ledger, site.arena, &rows, &count, &site.err), 0);
	IS(count, 7);
	for (size_t i = 0; i < count; i++) {
		IS_TEXT(rows[i].exercise, "");
		IS_TEXT(rows[i].value, rows[i].standard);
		OK(!rows[i].is_set && *rows[i].help);
	}
	IS(policy_set(site.ledger, "", "bar", "70", &site.err), 0);
	IS(policy_set(site.ledger, "hello-api", "bar", "80", &site.err), 0);
	IS(policy_set(site.ledger, "hello-api", "due", "2026-11-30T18:00:00Z", &site.err), 0);
	IS(policy_list(site.ledger, site.arena, &rows, &count, &site.err), 0);
	IS(count, 9);
	IS_TEXT(rows[1].value, "70");
	OK(rows[1].is_set && !*rows[1].exercise);
	IS_TEXT(rows[2].exercise, "hello-api");
	IS_TEXT(rows[2].value, "80");
	IS_TEXT(rows[2].standard, "60");
	/* What is set for one exercise alone leaves the standard for all. */
	IS_TEXT(rows[4].name, "due");
	OK(!rows[4].is_set);
	IS_TEXT(rows[5].value, "2026-11-30T18:00:00Z");
	site_close(&site);
}

/* clang-format off */
TAP_MAIN(
	T(each_policy_has_a_generous_standard)
	T(values_have_forms_and_bounds)
	T(a_moment_is_counted_in_utc)
	T(an_exercise_goes_before_all)
	T(attempts_are_counted_over_a_day)
	T(a_failure_of_ours_gives_the_attempt_back)
	T(an_exercise_may_have_fewer_attempts)
	T(before_it_opens_no_push_is_taken)
	T(a_list_shows_what_is_set_and_what_is_standard)
)
