/* SPDX-License-Identifier: MIT */
/* Addresses: which user, machine and port; what is refused; a password is found and never told. */
#include "tests/helper/tap.h"

#include <milepost/error.h>

#include "grader/intake/address.h"

static const struct {
	const char *text, *user, *host;
	int port; /* 0: refused, HOST is a part of why */
} ssh[] = {
	{"ssh://git@example.org/a/b.git", "git", "example.org", 22},
	{"ssh://git@example.org:2222/a", "git", "example.org", 2222},
	{"ssh://example.org/a", "", "example.org", 22},
	{"ssh://git@[::1]:2222/a", "git", "::1", 2222},
	{"git@example.org:a/b.git", "git", "example.org", 22},
	{"example.org:a", "", "example.org", 22},
	{"ssh://git@example.org", "", "names no repository", 0},
	{"ssh://git@example.org/", "", "names no repository", 0},
	{"git@example.org:", "", "names no repository", 0},
	{"ssh://git@/a", "", "names no machine", 0},
	{"ssh://git@-oProxyCommand=id/a", "", "no machine's name has", 0},
	{"-oProxyCommand=id:a", "", "no machine's name has", 0},
	{"ssh://-l@example.org/a", "", "no user's name has", 0},
	{"ssh://a@b@example.org/a", "", "no machine's name has", 0},
	{"ssh://git@exa%6dple.org/a", "", "no machine's name has", 0},
	{"ssh://git@[::1/a", "", "without its ]", 0},
	{"ssh://git@[::1]x:22/a", "", "without its ]", 0},
	{"ssh://git@example.org:0/a", "", "no number from 1 to 65535", 0},
	{"ssh://git@example.org:65536/a", "", "no number from 1 to 65535", 0},
	{"ssh://git@example.org:/a", "", "no number from 1 to 65535", 0},
	{"git@example.org:-u", "", "a quote, a backslash or a -", 0},
	{"ssh://git@example.org/a'b", "", "a quote, a backslash or a -", 0},
};

static void an_ssh_address_is_taken_apart(void)
{
	for (size_t i = 0; i < sizeof(ssh) / sizeof(ssh[0]); i++) {
		struct address address = {0};
		struct mp_error err = {0};
		int ret = address_parse_ssh(ssh[i].text, &address, &err);

		IS(ret < 0, ssh[i].port == 0);
		if (ssh[i].port == 0) {
			IS(err.fault, MP_FAULT_USAGE);
			HAS_TEXT(err.text, ssh[i].host);
		} else {
			OK(address.is_ssh);
			IS_TEXT(address.user, ssh[i].user);
			IS_TEXT(address.host, ssh[i].host);
			IS(address.port, ssh[i].port);
		}
		ROW("%s", ssh[i].text);
	}
}

static void an_http_address_loses_its_user(void)
{
	static const struct {
		const char *text, *user, *url;
		int port;
		bool is_open;
	} http[] = {
		{"https://example.org/a", "", "https://example.org/a", 443, false},
		{"HTTPS://asha@example.org/a", "asha", "HTTPS://example.org/a", 443, false},
		{"http://asha@example.org:8080/@b", "asha", "http://example.org:8080/@b", 8080,
		 true},
	};
	char url[ADDRESS_URL_MAX + 1];

	for (size_t i = 0; i < sizeof(http) / sizeof(http[0]); i++) {
		struct address address = {0};
		struct mp_error err = {0};

		IS(address_parse_http(http[i].text, &address, url, &err), 0);
		IS_TEXT(address.user, http[i].user);
		IS_TEXT(url, http[i].url);
		IS(address.port, http[i].port);
		IS(address.is_open, http[i].is_open);
		ROW("%s", http[i].text);
	}
}

static void a_password_is_found_and_not_told(void)
{
	static const struct {
		const char *text;
		bool has;
	} words[] = {
		{"https://asha:hunter2@example.org/a", true},
		{"ssh://asha:hunter2@example.org:22/a", true},
		{"ftp://asha:hunter2@example.org", true},
		{"asha:hunter2@example.org:a", true},
		{"https://asha:hunter2@example.org", true},
		{"https://:hunter2@example.org", true},
		{"https:/asha:hunter2@example.org/a", true},
		{"SSH:/asha:hunter2@example.org/a", true},
		{"https://ghp_hunter2hunter2hunter2hunter2hunter24@example.org/a", true},
		{"https://example.org/a?token=glpat-hunter2-hunter2-hunt", true},
		{"https:/example.org/a@main", false},
		{"git@example.org:a@main", false},
		{"https://example.org:80/a@b", false},
		{"ssh://asha@example.org:22/a@b:c", false},
		{"road@main", false},
		{"exercises/a:b@c", false},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct mp_error err = {0};

		IS(address_refuse_password(words[i].text, &err) < 0, words[i].has);
		OK(!strstr(err.text, "hunter2"));
		if (words[i].has)
			HAS_TEXT(err.text, "--password-fd");
		ROW("%s", words[i].text);
	}
}

TAP_MAIN(T(an_ssh_address_is_taken_apart) T(an_http_address_loses_its_user)
		 T(a_password_is_found_and_not_told))
