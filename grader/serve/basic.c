/* SPDX-License-Identifier: MIT */
/* Basic authentication and addresses. */
#include "grader/serve/basic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sandbox/base/field.h"

bool basic_read(const char *header, struct basic *ret_basic)
{
	char text[BASIC_USER_MAX + BASIC_PASSWORD_MAX];
	size_t length = 0;
	char *colon;

	if (strncasecmp(header, "Basic ", 6) != 0)
		return false;
	header += 6;
	header += strspn(header, " ");
	if (sodium_base642bin((unsigned char *)text, sizeof(text) - 1, header, strlen(header), NULL,
			      &length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 127)
			return false;
	}
	text[length] = '\0';
	colon = strchr(text, ':');
	if (!colon || colon - text >= BASIC_USER_MAX || strlen(colon + 1) >= BASIC_PASSWORD_MAX)
		return false;
	*colon = '\0';
	memset(ret_basic, 0, sizeof(*ret_basic));
	memcpy(ret_basic->user, text, strlen(text));
	memcpy(ret_basic->password, colon + 1, strlen(colon + 1));
	return true;
}

static const unsigned char v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

/* The 16 bytes of an address; false: neither IPv4 nor IPv6. */
static bool address_bytes(const struct sockaddr *address, unsigned char ret_bytes[16])
{
	if (address->sa_family == AF_INET6) {
		memcpy(ret_bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
		       16);
		return true;
	}
	memcpy(ret_bytes, v4_prefix, sizeof(v4_prefix));
	memcpy(ret_bytes + sizeof(v4_prefix),
	       &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
	return address->sa_family == AF_INET;
}

static bool is_same_prefix(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;
	unsigned int mask = 0xff00U >> rest;

	if (memcmp(a, b, (size_t)(bits / 8)) != 0)
		return false;
	return rest == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask & 0xff) == 0;
}

int network_read(const char *text, struct network *ret_network, struct mp_error *err)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "/");
	struct network network = {.bits = 128};
	int64_t bits = 0;
	bool is_v4 = !strchr(text, ':');

	if (length < sizeof(address)) {
		memcpy(address, text, length);
		address[length] = '\0';
		memcpy(network.address, v4_prefix, sizeof(v4_prefix));
	}
	if (length >= sizeof(address) ||
	    inet_pton(is_v4 ? AF_INET : AF_INET6, address, network.address + (is_v4 ? 12 : 0)) !=
		    1 ||
	    (text[length] &&
	     (parse_count(text + length + 1, &bits) < 0 || bits < 0 || bits > (is_v4 ? 32 : 128))))
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "'%s' is no network: write it like 192.168.1.0/24", text);
	if (text[length])
		network.bits = (int)bits + (is_v4 ? 96 : 0);
	*ret_network = network;
	return 0;
}

bool network_has(const struct network *network, const struct sockaddr *address)
{
	unsigned char bytes[16];

	return address_bytes(address, bytes) &&
	       is_same_prefix(bytes, network->address, network->bits);
}

bool address_is_loopback(const struct sockaddr *address)
{
	static const struct network v4 = {{[10] = 0xff, [11] = 0xff, [12] = 127}, 104};
	static const struct network v6 = {{[15] = 1}, 128};

	return network_has(&v4, address) || network_has(&v6, address);
}

bool address_is_same(const struct sockaddr *a, const struct sockaddr *b)
{
	unsigned char left[16];
	unsigned char right[16];

	return address_bytes(a, left) && address_bytes(b, right) && memcmp(left, right, 16) == 0;
}

int address_read(const char *text, struct sockaddr_storage *ret_address, struct mp_error *err)
{
	struct sockaddr_storage storage = {0};
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&storage;
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&storage;
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2] = "";
	size_t length = colon ? (size_t)(colon - text) : sizeof(host);
	int64_t port = -1;
	bool is_read = length < sizeof(host) && parse_count(colon + 1, &port) == 0 && port >= 0 &&
		       port <= 65535;

	if (is_read) {
		memcpy(host, text, length);
		if (length > 1 && host[0] == '[' && host[length - 1] == ']') {
			host[length - 1] = '\0';
			storage.ss_family = AF_INET6;
			v6->sin6_port = htons((uint16_t)port);
			is_read = inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1;
		} else {
			storage.ss_family = AF_INET;
			v4->sin_port = htons((uint16_t)port);
			is_read = inet_pton(AF_INET, length ? host : "0.0.0.0", &v4->sin_addr) == 1;
		}
	}
	if (!is_read)
		return mp_fail(err, MP_FAULT_USAGE, -EBADMSG,
			       "--listen '%s': write an address of this machine and a port, like "
			       "127.0.0.1:8080 or [::1]:8080",
			       text);
	*ret_address = storage;
	return 0;
}
