/* SPDX-License-Identifier: MIT */
/* Which lines of known_hosts speak of a host. The hashed names were made by ssh-keygen -H. */
#include "tests/helper/tap.h"

#include "grader/intake/known_hosts.h"

#define HASHED_PORT "|1|x09DzzI9uSnUo263zQvCBQwGtbE=|Azzl63MhogwzVQkELn07bf8JSAE="
#define HASHED	    "|1|+/NjJVJKI1i/hTFfRoCQpFz3cYs=|cuYkultaJUW1HfT+kdEWht37zqQ="

static const struct {
	const char *text;
	int port;
	const char *keys;
} rows[] = {
	{"", 22, ""},
	{"example.org ssh-ed25519 AAAA", 22, "+ssh-ed25519 AAAA\n"},
	{"example.org ssh-ed25519 AAAA a comment\r\n", 22, "+ssh-ed25519 AAAA\n"},
	{"a,EXAMPLE.org\tssh-rsa  AA+/=\n", 22, "+ssh-rsa AA+/=\n"},
	{"example.org ssh-rsa A\nx ssh-rsa B\nexample.org ssh-dss C\n", 22,
	 "+ssh-rsa A\n+ssh-dss C\n"},
	{"example.org ssh-rsa A", 2222, ""},
	{"[example.org]:2222 ssh-rsa A", 2222, "+ssh-rsa A\n"},
	{"[example.org]:2222 ssh-rsa A", 22, ""},
	{"*.org ssh-rsa A", 22, "+ssh-rsa A\n"},
	{"e?ample.* ssh-rsa A", 22, "+ssh-rsa A\n"},
	{"*,!example.org ssh-rsa A", 22, ""},
	{"!example.org,* ssh-rsa A", 22, ""},
	{"!other.org,* ssh-rsa A", 22, "+ssh-rsa A\n"},
	{"example.or ssh-rsa A\nexample.orgx ssh-rsa A\nxexample.org ssh-rsa A", 22, ""},
	{"# example.org ssh-rsa A\n#example.org ssh-rsa A", 22, ""},
	{"@revoked example.org ssh-rsa A\n", 22, "-ssh-rsa A\n"},
	{"@cert-authority *.org ssh-rsa A\n", 22, ""},
	{"@else example.org ssh-rsa A\n", 22, ""},
	{"example.org ssh-rsa", 22, ""},
	{"example.org", 22, ""},
	{"example.org ssh-rsa A$(id)", 22, ""},
	{"example.org ssh-\x1brsa A", 22, ""},
	{HASHED " ssh-ed25519 AAAA", 22, "+ssh-ed25519 AAAA\n"},
	{HASHED " ssh-ed25519 AAAA", 2222, ""},
	{HASHED_PORT " ssh-ed25519 AAAA", 2222, "+ssh-ed25519 AAAA\n"},
	{HASHED_PORT " ssh-ed25519 AAAA", 22, ""},
	{"@revoked " HASHED " sk-ssh-ed25519@openssh.com AA", 22,
	 "-sk-ssh-ed25519@openssh.com AA\n"},
	{"|1| ssh-rsa A\n|1|x ssh-rsa A\n|1|x|y ssh-rsa A\n|2|x|y ssh-rsa A\n| ssh-rsa A", 22, ""},
};

static void the_lines_of_a_host_are_found(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mp_autotext struct text keys = {0};

		known_hosts_find(rows[i].text, "example.org", rows[i].port, &keys);
		IS_TEXT(text_get(&keys), rows[i].keys);
		ROW("%s", rows[i].text);
	}
}

static void an_endless_line_is_passed_over_and_many_keys_are_said(void)
{
	mp_autotext struct text file = {0};
	mp_autotext struct text keys = {0};

	text_init(&keys, 1000);
	text_add(&file, "example.org ssh-rsa ");
	for (int i = 0; i < KNOWN_HOSTS_LINE_MAX; i++)
		text_add_char(&file, 'A');
	text_add(&file, "\nexample.org ssh-rsa B\n");
	known_hosts_find(text_get(&file), "example.org", 22, &keys);
	IS_TEXT(text_get(&keys), "+ssh-rsa B\n");
	OK(!keys.is_cut);
	for (int i = 0; i < 200; i++)
		text_add(&file, "example.org ssh-rsa C\n");
	known_hosts_find(text_get(&file), "example.org", 22, &keys);
	OK(keys.is_cut);
}

static void stars_and_marks_match_in_linear_time(void)
{
	const char pattern[] = "*a*a*a*a*a*a*a*a*a*a*b";
	const char *name =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	OK(!known_hosts_glob(pattern, strlen(pattern), name));
	OK(known_hosts_glob("*", 1, ""));
	OK(!known_hosts_glob("?", 1, ""));
	OK(known_hosts_glob("**x", 3, "yx"));
}

TAP_MAIN(T(the_lines_of_a_host_are_found) T(an_endless_line_is_passed_over_and_many_keys_are_said)
		 T(stars_and_marks_match_in_linear_time))
