/* SPDX-License-Identifier: MIT */
/*
 * Addresses: one table says which there are, and who may. A token goes over an open line only on this machine
 * itself (where a proxy may end TLS) and in the networks that the operator names: elsewhere the answer says so
 * before git has asked anybody for a password.
 */
#include <errno.h>
#include <string.h>

#include "grader/model/handle.h"
#include "grader/serve/inside.h"

static int run_health(struct request *request)
{
	bool is_well = !request->conn->server->is_draining;

	return answer_text(request, is_well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
			   is_well ? "ok\n" : "stopping\n");
}

static int run_dumb(struct request *request)
{
	return answer_text(
		request, MHD_HTTP_FORBIDDEN,
		"This server speaks git's smart protocol only. Use git 1.6.6 or newer.\n");
}

static const struct route routes[] = {
	{"GET", "/healthz", NULL, MAY_ALL, run_health},
	{"GET", "/metrics", NULL, MAY_ALL, run_metrics},
	{"GET", "/HANDLE.git/info/refs", "git-upload-pack", MAY_FETCH, git_begin},
	{"GET", "/HANDLE.git/info/refs", "git-receive-pack", MAY_PUSH, git_begin},
	{"POST", "/HANDLE.git/git-upload-pack", NULL, MAY_FETCH, git_begin},
	{"POST", "/HANDLE.git/git-receive-pack", NULL, MAY_PUSH, git_begin},
	{"GET", "/HANDLE.git/...", NULL, MAY_ALL, run_dumb},
};

/* How many characters at TEXT are a handle. */
static size_t handle_length(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length >= HANDLE_LOW && length <= HANDLE_HIGH && *text >= 'a' ? length : 0;
}

/* Does PATH match? *RET_HANDLE is the length of the handle at PATH + 1, 0 when the route has none. */
static bool is_path(const struct route *route, const char *path, size_t *ret_handle)
{
	static const char place[] = "HANDLE";
	const char *want = route->path;
	size_t length;

	*ret_handle = 0;
	if (strncmp(want + 1, place, sizeof(place) - 1) == 0) {
		length = *path == '/' ? handle_length(path + 1) : 0;
		if (length == 0)
			return false;
		*ret_handle = length;
		want += sizeof(place);
		path += 1 + length;
	}
	length = strlen(want);
	if (length >= 3 && strcmp(want + length - 3, "...") == 0)
		return strncmp(want, path, length - 3) == 0;
	return strcmp(want, path) == 0;
}

bool is_plain_allowed(const struct conn *conn)
{
	const struct sockaddr *address = conn_address(conn);

	if (address_is_loopback(address))
		return true;
	for (size_t i = 0; i < conn->server->network_count; i++) {
		if (network_has(&conn->server->networks[i], address))
			return true;
	}
	return false;
}

static int refuse_token(struct request *request, const char *why)
{
	return answer_text(request, MHD_HTTP_UNAUTHORIZED, why);
}

static int fail_ledger(struct request *request, const struct mp_error *err)
{
	log_add("ledger: %s", err->text);
	return answer_text(request, MHD_HTTP_SERVICE_UNAVAILABLE,
			   "The server cannot read its ledger now. This is not your fault, and the "
			   "operator can read why.\nTry again in a minute.\n");
}

/* May the one whose token it is? 1: yes; else what the answer returned. */
static int let_in(struct request *request, int64_t whose, const struct basic *basic)
{
	struct server *server = request->conn->server;
	struct mp_error err = {0};
	int ret =
		learner_find(server->ledger, basic->user, request->arena, &request->learner, &err);

	if (ret < 0 && ret != -ENOENT)
		return fail_ledger(request, &err);
	if (whose == 0 && request->route->may == MAY_FETCH) {
		ret = learner_find(server->ledger, request->handle, request->arena,
				   &request->learner, &err);
		if (ret == 0)
			return 1;
		return answer_text(request, MHD_HTTP_NOT_FOUND,
				   "There is no learner of this name.\n");
	}
	if (ret < 0 || request->learner.id != whose)
		return refuse_token(
			request, "This token is not good for this name. Your user name is your "
				 "handle, your password\nis the newest token that you were given: "
				 "older ones end with it.\n");
	if (strcmp(basic->user, request->handle) != 0)
		return answer_text(
			request, MHD_HTTP_FORBIDDEN,
			arena_format(
				request->arena,
				"This is not your repository. Yours is /%s.git; to push there, "
				"type:\n  git remote -v\nand look at the address.\n",
				basic->user));
	if (request->learner.is_closed && request->route->may == MAY_PUSH)
		return answer_text(request, MHD_HTTP_FORBIDDEN,
				   "Your course is closed: nothing more is taken. What you pushed "
				   "is kept, and can be fetched.\n");
	return 1;
}

/* 1: go on; else what the answer returned. */
static int check_token(struct request *request)
{
	struct server *server = request->conn->server;
	const char *header = MHD_lookup_connection_value(request->conn->mhd, MHD_HEADER_KIND,
							 MHD_HTTP_HEADER_AUTHORIZATION);
	struct mp_error err = {0};
	struct basic basic;
	int64_t whose = 0;
	int ret;

	if (!is_plain_allowed(request->conn))
		return answer_text(
			request, MHD_HTTP_FORBIDDEN,
			"A token must not travel over plain HTTP: everybody on the way could read "
			"it. Use the https address\nof this server. (For its operator: put a proxy "
			"with TLS before it, or name the network of the\nclass with "
			"--plain-network.)\n");
	if (!header || !basic_read(header, &basic))
		return refuse_token(request, "Your user name is your handle, your password is the "
					     "token that you were given.\n");
	ret = token_find(server->ledger, basic.password, &whose, &err);
	if (ret == -ENOENT)
		return refuse_token(
			request, "This token is not good for this name. Your user name is your "
				 "handle, your password\nis the newest token that you were given: "
				 "older ones end with it.\n");
	if (ret < 0)
		return fail_ledger(request, &err);
	return let_in(request, whose, &basic);
}

static int run_route(struct request *request, const struct route *route, const char *path,
		     size_t handle)
{
	int ret = 1;

	request->route = route;
	request->handle = arena_bytes(request->arena, path + (handle ? 1 : 0), handle);
	if (route->may != MAY_ALL)
		ret = check_token(request);
	return ret == 1 ? route->run(request) : ret;
}

int route_request(struct request *request, const char *path)
{
	const char *service =
		MHD_lookup_connection_value(request->conn->mhd, MHD_GET_ARGUMENT_KIND, "service");
	bool is_known = false;
	size_t handle;

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		const struct route *route = &routes[i];

		if (!is_path(route, path, &handle))
			continue;
		is_known = true;
		if (strcmp(route->method, request->method) == 0 &&
		    (!route->service || (service && strcmp(route->service, service) == 0)))
			return run_route(request, route, path, handle);
	}
	if (is_known)
		return answer_text(request, MHD_HTTP_METHOD_NOT_ALLOWED,
				   "This address is asked in another way.\n");
	return web_begin(request, path);
}
