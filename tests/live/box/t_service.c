/* SPDX-License-Identifier: MIT */
/* Services: listening sockets are told, reached through the box, and logs never stop anybody. */
#include "tests/helper/boxes.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static struct mp_box *open_service(const char *script)
{
	const char *argv[] = {"/usr/bin/python3", "-c", script, NULL};
	struct mp_box_spec spec;

	boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
	spec.wall_ms = 0;
	spec.cpu_ms = 0;
	spec.has_network = true;
	return boxes_open(&spec);
}

static const char answers_name[] = "import socket,sys\n"
				   "s=socket.create_server(('127.0.0.1',8080))\n"
				   "while 1:\n"
				   " c,_=s.accept()\n"
				   " c.sendall(b'%s')\n"
				   " c.close()\n";

/* Connect to 127.0.0.1:PORT in the box and read one answer. */
static ssize_t ask(struct mp_box *box, int port, char *text, size_t size)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct pollfd polled = {.events = POLLIN};
	ssize_t got = -1;
	int fd;

	memset(text, 0, size);
	if (!OK(mp_box_connect(box, AF_INET, &fd, &boxes_error) == 0))
		return -1;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 && errno != EINPROGRESS)
		printf("# connect: %s\n", strerrordesc_np(errno));
	polled.fd = fd;
	if (poll(&polled, 1, 5000) > 0)
		got = read(fd, text, size - 1);
	(void)close(fd);
	return got;
}

static void two_services_listen_on_the_same_port(void)
{
	char scripts[2][400];
	struct mp_box *boxes[2];
	struct mp_event event;
	char text[100];

	for (int i = 0; i < 2; i++) {
		(void)snprintf(scripts[i], sizeof(scripts[i]), answers_name,
			       i == 0 ? "first" : "second");
		boxes[i] = open_service(scripts[i]);
		if (!boxes[i])
			return;
	}
	for (int i = 0; i < 2; i++) {
		OK(boxes_event(boxes[i], MP_EVENT_LISTENING, &event));
		IS(event.listener.port, 8080);
		IS(event.listener.family, AF_INET);
		IS_TEXT(event.listener.address, "127.0.0.1");
		IS_TEXT(event.listener.command, "python3");
		OK(event.listener.after_ms >= 0 && event.listener.after_ms < 60000);
	}
	IS(ask(boxes[0], 8080, text, sizeof(text)), 5);
	IS_TEXT(text, "first");
	IS(ask(boxes[1], 8080, text, sizeof(text)), 6);
	IS_TEXT(text, "second");
	(void)mp_box_close(boxes[0]);
	(void)mp_box_close(boxes[1]);
}

static void a_listener_on_the_sixth_family_is_told(void)
{
	struct mp_box *box =
		open_service("import socket,time\n"
			     "s=socket.create_server(('::1',9090),family=socket.AF_INET6)\n"
			     "time.sleep(60)\n");
	struct mp_event event;

	if (!box)
		return;
	OK(boxes_event(box, MP_EVENT_LISTENING, &event));
	IS(event.listener.family, AF_INET6);
	IS_TEXT(event.listener.address, "::1");
	(void)mp_box_close(box);
}

static void ten_megabytes_of_log_wait_for_nobody(void)
{
	struct mp_box *box =
		open_service("import sys,time\n"
			     "sys.stdout.write('begin\\n')\n"
			     "for i in range(10240): sys.stdout.write('x'*1023+'\\n')\n"
			     "sys.stdout.write('end\\n');sys.stdout.flush()\n");
	struct mp_box_result result;
	struct mp_output output;

	if (!box)
		return;
	/* A busy client: it does not look before all is over. */
	(void)poll(NULL, 0, 500);
	IS(mp_box_wait(box, 10000, &result, &boxes_error), 0);
	ENDED(result, MP_END_EXITED, 0);
	OK(result.is_output_cut);
	IS(mp_box_output(box, 1, &output, &boxes_error), 0);
	IS(output.total_bytes, 10240 * 1024 + 10);
	IS(output.head_bytes + output.tail_bytes, 256 * 1024);
	OK(memcmp(output.head, "begin\nxxx", 9) == 0);
	OK(memcmp(output.tail + output.tail_bytes - 5, "\nend\n", 5) == 0);
	(void)mp_box_close(box);
}

static void a_signal_reaches_the_command(void)
{
	struct mp_box *box = open_service("import signal,socket,sys,time\n"
					  "signal.signal(signal.SIGTERM,lambda *a:sys.exit(9))\n"
					  "s=socket.create_server(('127.0.0.1',1234))\n"
					  "time.sleep(60)\n");
	struct mp_event event;
	struct mp_box_result result;

	if (!box)
		return;
	OK(boxes_event(box, MP_EVENT_LISTENING, &event));
	IS(mp_box_signal(box, SIGTERM, &boxes_error), 0);
	IS(mp_box_wait(box, 5000, &result, &boxes_error), 0);
	ENDED(result, MP_END_EXITED, 9);
	IS(mp_box_signal(box, SIGTERM, &boxes_error), -ESRCH);
	(void)mp_box_close(box);
}

static void a_box_reaches_a_listener_of_ours(void)
{
	const char *argv[] = {"/usr/bin/python3", "-c",
			      "import socket,sys,time\n"
			      "for i in range(100):\n"
			      " try: s=socket.create_connection(('127.0.0.1',5555)); break\n"
			      " except OSError: time.sleep(.02)\n"
			      "s.sendall(b'hello'); print(s.recv(10).decode())\n",
			      NULL};
	struct mp_box_spec spec;
	struct mp_box *box;
	struct mp_box_result result;
	struct pollfd polled = {.events = POLLIN};
	struct mp_output output;
	int fd, port, peer;

	boxes_spec(&spec, MP_PROFILE_SERVICE, argv);
	spec.has_network = true;
	box = boxes_open(&spec);
	if (!box || !OK(mp_box_listen(box, 5555, &fd, &port, &boxes_error) == 0))
		return;
	IS(port, 5555);
	polled.fd = fd;
	IS(poll(&polled, 1, 5000), 1);
	peer = accept(fd, NULL, NULL);
	IS(write(peer, "there", 5), 5);
	IS(mp_box_wait(box, 5000, &result, &boxes_error), 0);
	ENDED(result, MP_END_EXITED, 0);
	IS(mp_box_output(box, 1, &output, &boxes_error), 0);
	IS(output.head_bytes, 6);
	(void)close(peer);
	(void)close(fd);
	(void)mp_box_close(box);
}

static void without_a_network_nothing_is_reached(void)
{
	char text[1000];
	struct mp_box_result result = boxes_sh(
		MP_PROFILE_SERVICE,
		"python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 22), 2)'",
		text, sizeof(text));

	ENDED(result, MP_END_EXITED, 1);
	HAS_TEXT(text, "unreachable");
}

BOXES_MAIN(T(two_services_listen_on_the_same_port) T(a_listener_on_the_sixth_family_is_told)
		   T(ten_megabytes_of_log_wait_for_nobody) T(a_signal_reaches_the_command)
			   T(a_box_reaches_a_listener_of_ours)
				   T(without_a_network_nothing_is_reached))
