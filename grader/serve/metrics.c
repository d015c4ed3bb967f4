/* SPDX-License-Identifier: MIT */
/*
 * Numbers for a program that watches, in the text form of Prometheus. They name nobody, but say how busy a class is:
 * only this machine itself is answered, and a proxy that stands before the server must not pass the address on.
 */
#include <errno.h>

#include "grader/serve/inside.h"
#include "sandbox/base/clock.h"

/* One number; NAME says its unit. */
static void add(struct text *into, const char *name, const char *help, int64_t value)
{
	text_addf(into, "# HELP milepost_%s %s\n# TYPE milepost_%s gauge\nmilepost_%s %lld\n", name,
		  help, name, name, (long long)value);
}

static void add_tickets(struct text *into, const int64_t *counts)
{
	text_add(into, "# HELP milepost_tickets Pushes in each state.\n"
		       "# TYPE milepost_tickets gauge\n");
	for (int state = 0; state < TICKET_STATES; state++)
		text_addf(into, "milepost_tickets{state=\"%s\"} %lld\n", ticket_state_words[state],
			  (long long)counts[state]);
}

static size_t count_connections(const struct server *server)
{
	size_t count = 0;

	for (const struct conn *conn = server->conns; conn; conn = conn->next)
		count++;
	return count;
}

int run_metrics(struct request *request)
{
	const struct server *server = request->conn->server;
	int64_t counts[TICKET_STATES];
	mp_autotext struct text text = {0};
	struct mp_error err = {0};
	int64_t oldest = 0;
	int64_t waited = 0;
	bool is_well;

	if (!address_is_loopback(conn_address(request->conn)))
		return answer_text(request, MHD_HTTP_FORBIDDEN,
				   "These numbers are for this machine itself.\n");
	is_well = ticket_count(server->ledger, counts, &oldest, &err) == 0;
	if (!is_well)
		log_add("ledger: %s", err.text);
	/* A clock that was set back makes nobody wait less than no time. */
	if (is_well && oldest > 0 && oldest < clock_wall_ms())
		waited = (clock_wall_ms() - oldest) / 1000;
	add(&text, "ledger_up", "1: the ledger can be read.", is_well);
	if (is_well) {
		add_tickets(&text, counts);
		add(&text, "oldest_waiting_seconds", "How long the oldest push waits.", waited);
	}
	add(&text, "worker_up", "1: the server's own worker runs.", server->worker != 0);
	add(&text, "draining", "1: the server is stopping.", server->is_draining);
	add(&text, "connections", "Open connections.", (int64_t)count_connections(server));
	add(&text, "git_boxes", "Fetches and pushes under way.", (int64_t)server->git_count);
	return answer_text(request, MHD_HTTP_OK, text_get(&text));
}
