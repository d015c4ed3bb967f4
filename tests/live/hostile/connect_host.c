/* SPDX-License-Identifier: MIT */
/* The host's loopback (PORT is open there), its network, metadata, DNS; families nobody needs. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hostile.h"

static bool can_reach(const char *address, int port, int type)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	char byte = 0;
	bool reached;

	(void)inet_pton(AF_INET, address, &to.sin_addr);
	reached = fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0;
	if (reached && type == SOCK_DGRAM)
		reached = send(fd, &byte, 1, 0) == 1 && strcmp(address, "127.0.0.1") != 0;
	(void)close(fd);
	return reached;
}

int main(int argc, char **argv)
{
	static const int families[] = {AF_VSOCK, AF_PACKET, AF_ALG,   AF_BLUETOOTH,
				       AF_TIPC,	 AF_CAN,    AF_RXRPC, 44};

	must_fail(argc < 2, "no port given");
	must_fail(can_reach("127.0.0.1", number_of(argv[1]), SOCK_STREAM), "the host's loopback");
	must_fail(can_reach("169.254.169.254", 80, SOCK_STREAM), "metadata");
	must_fail(can_reach("10.0.0.1", 80, SOCK_STREAM), "the local network");
	must_fail(can_reach("8.8.8.8", 53, SOCK_DGRAM), "DNS");
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		must_fail_with(socket(families[i], SOCK_DGRAM, 0), EAFNOSUPPORT,
			       "a strange family");
	must_fail_with(socket(AF_NETLINK, SOCK_RAW, 12), EAFNOSUPPORT, "netfilter");
	must_fail(socket(AF_INET, SOCK_RAW, 1) >= 0, "a raw socket");
	return held();
}
