/* SPDX-License-Identifier: MIT */
/* The network of a box: its loopback, and sockets that the shim makes for others. Source: netdevice(7). */
#include "sandbox/base/cleanup.h"
#include "sandbox/jail/jail.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* 127.0.0.1 and ::1 come with the interface. */
int step_loopback(struct jail *jail, const struct step *step, struct mp_error *err)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int fd mp_autofd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)jail;
	(void)step;
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return mp_fail(err, MP_FAULT_HOST, -errno, "bring lo up");
	return 0;
}

int net_socket(int family)
{
	int fd;

	if (family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	return fd < 0 ? -errno : fd;
}

int net_listen(int port, int *ret_port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int fd mp_autofd = net_socket(AF_INET);
	int yes = 1;

	if (fd < 0)
		return fd;
	if (port < 0 || port > 65535)
		return -EINVAL;
	address.sin_port = htons((uint16_t)port);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 128) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return -errno;
	*ret_port = ntohs(address.sin_port);
	return mp_take_fd(&fd);
}

int net_diagnosis(void)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);

	return fd < 0 ? -errno : fd;
}
