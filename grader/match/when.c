/* SPDX-License-Identifier: MIT */
/* Times and dates as texts, and the calendar behind them. */
#include "grader/match/when.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sandbox/base/field.h"

static const int64_t DAY_MS = 86400000;

/* Days since 1970 of a day of the Gregorian calendar. Source: Hinnant, "chrono-compatible date algorithms". */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static void date_of(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;

	*ret_day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*ret_month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	*ret_year = year_of_era + era * 400 + (*ret_month <= 2);
}

/* COUNT digits at *TEXT as a number, -1 when they are not all digits. Moves *TEXT behind them. */
static int take_digits(const char **text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		char c = (*text)[i];

		if (c < '0' || c > '9')
			return -1;
		value = value * 10 + (c - '0');
	}
	*text += count;
	return value;
}

static bool take_char(const char **text, const char *any_of)
{
	if (**text == '\0' || !strchr(any_of, **text))
		return false;
	(*text)++;
	return true;
}

static bool take_date(const char **text, int64_t *ret_days)
{
	int64_t back_year;
	int year, month, day, back_month, back_day;

	if ((year = take_digits(text, 4)) < 0 || !take_char(text, "-") ||
	    (month = take_digits(text, 2)) < 0 || !take_char(text, "-") ||
	    (day = take_digits(text, 2)) < 0 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*ret_days = days_of(year, month, day);
	date_of(*ret_days, &back_year, &back_month, &back_day);
	return back_month == month && back_day == day;
}

bool when_date(const char *text, int64_t *ret_days)
{
	int64_t days;

	if (!take_date(&text, &days) || *text)
		return false;
	*ret_days = days;
	return true;
}

/* "Z" or "+05:30" as minutes east. */
static bool take_zone(const char **text, int *ret_minutes)
{
	bool is_west = **text == '-';
	int hours, minutes;

	*ret_minutes = 0;
	if (take_char(text, "Zz"))
		return true;
	if (!take_char(text, "+-") || (hours = take_digits(text, 2)) < 0 || !take_char(text, ":") ||
	    (minutes = take_digits(text, 2)) < 0 || hours > 23 || minutes > 59)
		return false;
	*ret_minutes = (hours * 60 + minutes) * (is_west ? -1 : 1);
	return true;
}

/* ".123456" as ms, what is finer is dropped; nothing there is 0. */
static bool take_fraction(const char **text, int *ret_ms)
{
	int digit, scale = 100;

	*ret_ms = 0;
	if (!take_char(text, "."))
		return true;
	if (**text < '0' || **text > '9')
		return false;
	while ((digit = take_digits(text, 1)) >= 0) {
		*ret_ms += digit * scale;
		scale /= 10;
	}
	return true;
}

bool when_time(const char *text, int64_t *ret_ms)
{
	int64_t days;
	int hours, minutes, seconds, ms, zone;

	if (!take_date(&text, &days) || !take_char(&text, "Tt") ||
	    (hours = take_digits(&text, 2)) < 0 || !take_char(&text, ":") ||
	    (minutes = take_digits(&text, 2)) < 0 || !take_char(&text, ":") ||
	    (seconds = take_digits(&text, 2)) < 0 || !take_fraction(&text, &ms) ||
	    !take_zone(&text, &zone) || *text)
		return false;
	if (hours > 23 || minutes > 59 || seconds > 60)
		return false;
	*ret_ms =
		days * DAY_MS + ((hours * 60 + minutes - zone) * 60 + seconds) * (int64_t)1000 + ms;
	return true;
}

bool when_format(const char *text, const char *format, int64_t *ret_ms)
{
	struct tm tm = {.tm_mday = 1, .tm_year = 70};
	const char *end = strptime(text, format, &tm);

	if (!end || *end)
		return false;
	*ret_ms = days_of((int64_t)tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * DAY_MS +
		  ((tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec - tm.tm_gmtoff) * (int64_t)1000;
	return true;
}

bool when_is_format(const char *format)
{
	/* Source: strptime(3), with the extensions of glibc. */
	static const char conversions[] = "%aAbBhcCdDeFgGHIjklmMnpPrRsStTuUVwWxXyYzZ";
	bool has_any = false;

	for (const char *c = strchr(format, '%'); c; c = strchr(c + 1, '%')) {
		c += c[1] == 'E' || c[1] == 'O' ? 2 : 1;
		if (*c == '\0' || !strchr(conversions, *c))
			return false;
		has_any = has_any || *c != '%';
	}
	return has_any;
}

bool when_duration(const char *text, int64_t *ret_ms)
{
	char hours[8];
	size_t length = strlen(text);
	int64_t count;

	if (parse_msec(text, ret_ms) == 0)
		return true;
	if (length < 2 || length > sizeof(hours) || text[length - 1] != 'h')
		return false;
	(void)snprintf(hours, sizeof(hours), "%.*s", (int)(length - 1), text);
	if (parse_count(hours, &count) < 0 || count < 0)
		return false;
	*ret_ms = count * 3600000;
	return true;
}

void when_print_date(int64_t days, char ret_text[WHEN_DATE_SIZE])
{
	int64_t year;
	int month, day;

	date_of(days, &year, &month, &day);
	(void)snprintf(ret_text, WHEN_DATE_SIZE, "%04d-%02d-%02d", (int)(year % 10000), month % 100,
		       day % 100);
}

void when_print_time(int64_t ms, char ret_text[WHEN_TIME_SIZE])
{
	int64_t days = ms >= 0 ? ms / DAY_MS : -((DAY_MS - 1 - ms) / DAY_MS);
	int seconds = (int)((ms - days * DAY_MS) / 1000);
	char date[WHEN_DATE_SIZE];

	when_print_date(days, date);
	(void)snprintf(ret_text, WHEN_TIME_SIZE, "%.10sT%02d:%02d:%02dZ", date, seconds / 3600 % 24,
		       seconds / 60 % 60, seconds % 60);
}
