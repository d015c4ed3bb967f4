/* SPDX-License-Identifier: MIT */
/* Names and passwords as git sends them; networks and addresses as operators write them. */
#include "tests/helper/tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "grader/serve/basic.h"

static void names_and_passwords_are_read(void)
{
	static const struct {
		const char *header;
		bool is_read;
		const char *user, *password;
	} rows[] = {
		{"Basic YXNoYTp0b2tlbg==", true, "asha", "token"},
		{"basic  YXNoYTp0b2tlbg==", true, "asha", "token"},
		{"Basic OnRva2Vu", true, "", "token"},
		{"Basic YXNoYTo=", true, "asha", ""},
		{"Basic YTpiOmM=", true, "a", "b:c"},
		{"Basic", false, "", ""},
		{"Basic ", false, "", ""},
		{"Bearer YXNoYTp0b2tlbg==", false, "", ""},
		{"Basic YXNoYTp0b2tlbg", false, "", ""},
		{"Basic YXNoYTp0b2tlbg==x", false, "", ""},
		{"Basic YXNoYQ==", false, "", ""},
		{"Basic YXNoYQB4OnRva2Vu", false, "", ""},
		{"Basic !!!!", false, "", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct basic basic = {0};

		IS(basic_read(rows[i].header, &basic), rows[i].is_read);
		IS_TEXT(basic.user, rows[i].user);
		IS_TEXT(basic.password, rows[i].password);
	}
}

static void what_is_too_long_is_refused(void)
{
	char header[1200] = "Basic ";
	struct basic basic;

	for (size_t i = 6; i + 4 < sizeof(header); i += 4)
		memcpy(header + i, "YTph", 5);
	OK(!basic_read(header, &basic));
}

static struct sockaddr_storage host(const char *text)
{
	struct sockaddr_storage address = {.ss_family = strchr(text, ':') ? AF_INET6 : AF_INET};
	void *bytes = address.ss_family == AF_INET6
			      ? (void *)&((struct sockaddr_in6 *)(void *)&address)->sin6_addr
			      : (void *)&((struct sockaddr_in *)(void *)&address)->sin_addr;

	IS(inet_pton(address.ss_family, text, bytes), 1);
	return address;
}

static void networks_hold_their_addresses(void)
{
	static const struct {
		const char *network, *address;
		bool is_in;
	} rows[] = {
		{"192.168.1.0/24", "192.168.1.77", true},
		{"192.168.1.0/24", "192.168.2.77", false},
		{"192.168.1.0/24", "::ffff:192.168.1.9", true},
		{"10.0.0.0/9", "10.127.0.1", true},
		{"10.0.0.0/9", "10.128.0.1", false},
		{"10.1.2.3", "10.1.2.3", true},
		{"10.1.2.3", "10.1.2.4", false},
		{"0.0.0.0/0", "8.8.8.8", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"::/0", "2001:db8::1", true},
		{"fd00::/8", "fdff::1", true},
		{"fd00::/8", "fe00::1", false},
	};
	struct mp_error err = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sockaddr_storage address = host(rows[i].address);
		struct network network;

		IS(network_read(rows[i].network, &network, &err), 0);
		IS(network_has(&network, (struct sockaddr *)&address), rows[i].is_in);
	}
}

static void slips_in_networks_are_named(void)
{
	static const char *const rows[] = {
		"",	    "/",	  "10.0.0.0/33", "10.0.0.0/",	"10.0.0.0/x",
		"10.0.0/8", "fd00::/129", "host/8",	 "10.0.0.0/-1", "10.0.0.0/8/9"};
	struct network network;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mp_error err = {0};

		IS(network_read(rows[i], &network, &err), -EBADMSG);
		IS(err.fault, MP_FAULT_USAGE);
	}
}

static void this_machine_is_known(void)
{
	static const struct {
		const char *address;
		bool is_loopback;
	} rows[] = {{"127.0.0.1", true},  {"127.9.9.9", true},	      {"::1", true},
		    {"128.0.0.1", false}, {"::ffff:127.0.0.1", true}, {"::2", false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sockaddr_storage address = host(rows[i].address);

		IS(address_is_loopback((struct sockaddr *)&address), rows[i].is_loopback);
	}
}

static void addresses_to_listen_at_are_read(void)
{
	static const struct {
		const char *text;
		int ret, family;
	} rows[] = {
		{"127.0.0.1:8080", 0, AF_INET},
		{":8080", 0, AF_INET},
		{"[::1]:0", 0, AF_INET6},
		{"[::]:65535", 0, AF_INET6},
		{"", -EBADMSG, 0},
		{"8080", -EBADMSG, 0},
		{"127.0.0.1", -EBADMSG, 0},
		{"127.0.0.1:", -EBADMSG, 0},
		{"127.0.0.1:65536", -EBADMSG, 0},
		{"::1:80", -EBADMSG, 0},
		{"[]:80", -EBADMSG, 0},
		{"localhost:80", -EBADMSG, 0},
		{"[11111111111111111111111111111111111111111111111111111111111111]:80", -EBADMSG,
		 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sockaddr_storage address = {0};
		struct mp_error err = {0};

		IS(address_read(rows[i].text, &address, &err), rows[i].ret);
		IS(address.ss_family, rows[i].family);
	}
}

TAP_MAIN(T(names_and_passwords_are_read) T(what_is_too_long_is_refused)
		 T(networks_hold_their_addresses) T(slips_in_networks_are_named)
			 T(this_machine_is_known) T(addresses_to_listen_at_are_read))
