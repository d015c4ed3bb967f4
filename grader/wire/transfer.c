/* SPDX-License-Identifier: MIT */
/*
 * One transfer: a request given to libcurl, its callbacks with their bounds, and the answer made
 * of it.
 *
 * libcurl 7.88 does not bound chunked or compressed bodies, so the write callback does; its own
 * bound of headers (300 kB) is above ours. Nothing is looked up, followed, stored or proxied:
 * every address is led to the loopback port of the box by CONNECT_TO, over a socket made inside
 * the box.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "grader/wire/inside.h"
#include "sandbox/base/clock.h"

int transfer_socket(struct transfer *transfer, int family)
{
	struct wire *wire = transfer->wire;
	int fd = -1;

	transfer->open_code = -EPIPE;
	if (wire->box && !wire->has_ended)
		transfer->open_code = mp_box_connect(wire->box, family, &fd, NULL);
	return transfer->open_code < 0 ? -1 : fd;
}

/* --- callbacks of libcurl ------------------------------------------------------------------ */

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = context;
	int fd = transfer->socket;

	(void)purpose;
	if (fd >= 0) {
		transfer->socket = -1;
		return fd;
	}
	if (!transfer->is_ahead)
		fd = transfer_socket(transfer, address->family);
	return fd >= 0 ? fd : CURL_SOCKET_BAD;
}

static int socket_state(void *context, curl_socket_t fd, curlsocktype purpose)
{
	const struct transfer *transfer = context;

	(void)fd;
	(void)purpose;
	return transfer->is_ahead ? CURL_SOCKOPT_ALREADY_CONNECTED : CURL_SOCKOPT_OK;
}

static int before_request(void *context, char *address, char *local, int port, int local_port)
{
	struct transfer *transfer = context;

	(void)address;
	(void)local;
	(void)port;
	(void)local_port;
	transfer->is_on_its_way = true;
	return CURL_PREREQFUNC_OK;
}

/* The words behind the number: "HTTP/1.1 404 Not Found". */
static void keep_reason(struct transfer *transfer, const char *line, size_t count)
{
	size_t at = 0, length = 0;

	for (int blanks = 0; at < count && blanks < 2; at++)
		blanks += line[at] == ' ';
	while (at + length < count && line[at + length] != '\r' && line[at + length] != '\n' &&
	       length < sizeof(transfer->reason) - 1)
		length++;
	memcpy(transfer->reason, line + at, length);
	transfer->reason[length] = '\0';
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	long status = 0;

	count *= size;
	transfer->header_bytes += count;
	if (transfer->header_bytes > WIRE_HEADERS_MAX) {
		transfer->is_head_too_large = true;
		return 0;
	}
	if (!transfer->has_whole_head && count > 5 && memcmp(line, "HTTP/", 5) == 0)
		keep_reason(transfer, line, count);
	if (count <= 2 && (line[0] == '\r' || line[0] == '\n')) {
		(void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
		transfer->has_whole_head = status >= 200 || status == 101;
	}
	return count;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;

	count *= size;
	if (count > transfer->body_limit - transfer->body.length) {
		transfer->is_body_too_large = true;
		return 0;
	}
	text_add_bytes(&transfer->body, bytes, count);
	return count;
}

/* --- the request --------------------------------------------------------------------------- */

static int no_memory(struct mp_error *err)
{
	return mp_fail(err, MP_FAULT_HOST, -ENOMEM, "making a request");
}

static bool list_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer)
		*list = longer;
	return longer != NULL;
}

/* Is NAME the name of one of the lines? */
static bool has_header(const char *const *lines, const char *name)
{
	size_t length = strlen(name);

	for (; lines && *lines; lines++) {
		if (strncasecmp(*lines, name, length) == 0 && (*lines)[length] == ':')
			return true;
	}
	return false;
}

/* libcurl writes a header without a value as "Name;", and drops "Name:". */
static bool add_header(struct curl_slist **list, const char *line)
{
	size_t length = strlen(line);
	char *empty;
	bool is_added;

	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	if (length == 0 || line[length - 1] != ':')
		return list_add(list, line);
	empty = strndup(line, length);
	if (!empty)
		return false;
	empty[length - 1] = ';';
	is_added = list_add(list, empty);
	free(empty);
	return is_added;
}

static bool set_headers(struct transfer *transfer, const struct wire_request *request)
{
	bool holds = list_add(&transfer->headers, "Expect:");

	if (holds && !has_header(request->headers, "Content-Type"))
		holds = list_add(&transfer->headers, "Content-Type:");
	for (const char *const *line = request->headers; holds && line && *line; line++)
		holds = add_header(&transfer->headers, *line);
	return holds &&
	       curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

/* Is this a name of the service itself, as it was told to it? */
static bool is_own_host(const char *host)
{
	static const char *const own[] = {"127.0.0.1", "localhost", "[::1]", NULL};

	for (const char *const *name = own; *name; name++) {
		if (strcasecmp(host, *name) == 0)
			return true;
	}
	return false;
}

/*
 * A whole URL that the service returned: keep its path and query, and say whether it named another
 * place than the service was told. Returns false when it is no URL.
 */
static bool lead_url(struct transfer *transfer, CURLU *url, const char *given)
{
	char *scheme = NULL, *host = NULL, *port = NULL;
	char own_port[16];
	bool is_url = curl_url_set(url, CURLUPART_URL, given,
				   CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;

	if (is_url) {
		(void)curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
		(void)curl_url_get(url, CURLUPART_HOST, &host, 0);
		(void)curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
		(void)snprintf(own_port, sizeof(own_port), "%d", transfer->wire->port);
		transfer->was_led = !scheme || !host || !port || strcmp(scheme, "http") != 0 ||
				    !is_own_host(host) || strcmp(port, own_port) != 0;
		(void)curl_url_set(url, CURLUPART_SCHEME, "http", 0);
		(void)curl_url_set(url, CURLUPART_HOST, "127.0.0.1", 0);
		(void)curl_url_set(url, CURLUPART_PORT, own_port, 0);
		(void)curl_url_set(url, CURLUPART_USER, NULL, 0);
		(void)curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(port);
	return is_url;
}

static bool set_url(struct transfer *transfer, const char *given)
{
	CURLU *url;
	char *whole = NULL;
	bool holds;

	if (given[0] == '/') {
		holds = asprintf(&whole, "http://127.0.0.1:%d%s", transfer->wire->port, given) >=
				0 &&
			curl_easy_setopt(transfer->easy, CURLOPT_URL, whole) == CURLE_OK;
		free(whole);
		return holds;
	}
	url = curl_url();
	if (!url)
		return false;
	transfer->is_url_bad = !lead_url(transfer, url, given);
	holds = transfer->is_url_bad ||
		(curl_url_get(url, CURLUPART_URL, &whole, 0) == CURLUE_OK &&
		 curl_easy_setopt(transfer->easy, CURLOPT_URL, whole) == CURLE_OK);
	curl_free(whole);
	curl_url_cleanup(url);
	return holds;
}

/* Method and body. A POST, PUT or PATCH without a body says Content-Length: 0. */
static bool set_method(struct transfer *transfer, const struct wire_request *request)
{
	static const char *const with_body[] = {"POST", "PUT", "PATCH", NULL};
	bool has_body = request->body != NULL;
	CURL *easy = transfer->easy;

	if (strcmp(request->method, "HEAD") == 0)
		return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
	for (const char *const *method = with_body; *method; method++)
		has_body = has_body || strcmp(request->method, *method) == 0;
	if (has_body &&
	    (curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			      (curl_off_t)(request->body ? request->body_bytes : 0)) != CURLE_OK ||
	     curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body ? request->body : "") !=
		     CURLE_OK))
		return false;
	return curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
}

/* What holds for every transfer. */
static bool set_fences(struct transfer *transfer)
{
	CURL *easy = transfer->easy;
	char lead[64];
	struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{CURLOPT_NOSIGNAL, 1},
		{CURLOPT_PATH_AS_IS, 1},
		{CURLOPT_FOLLOWLOCATION, 0},
		{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
		{CURLOPT_HTTP09_ALLOWED, 0},
		{CURLOPT_NETRC, CURL_NETRC_IGNORED},
		{CURLOPT_TIMEOUT_MS, (long)transfer->timeout_ms},
		{CURLOPT_CONNECTTIMEOUT_MS, (long)transfer->timeout_ms},
	};
	bool holds = true;

	(void)snprintf(lead, sizeof(lead),
		       transfer->wire->family == AF_INET6 ? "::[::1]:%d" : "::127.0.0.1:%d",
		       transfer->wire->port);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		holds = holds &&
			curl_easy_setopt(easy, numbers[i].option, numbers[i].value) == CURLE_OK;
	return holds && list_add(&transfer->lead, lead) &&
	       curl_easy_setopt(easy, CURLOPT_CONNECT_TO, transfer->lead) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->wire->agent) == CURLE_OK;
}

static bool set_callbacks(struct transfer *transfer)
{
	CURL *easy = transfer->easy;

	return curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, socket_state) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
}

static CURL *take_handle(struct wire *wire)
{
	return wire->spare_count > 0 ? wire->spares[--wire->spare_count] : curl_easy_init();
}

int transfer_init(struct transfer *transfer, struct wire *wire, const struct wire_request *request,
		  struct mp_error *err)
{
	*transfer = (struct transfer){
		.wire = wire,
		.easy = take_handle(wire),
		.timeout_ms = request->timeout_ms,
		.body_limit = WIRE_BODY_MAX,
		.socket = -1,
	};
	text_init(&transfer->body, WIRE_BODY_MAX);
	if (!transfer->easy || !set_callbacks(transfer) || !set_fences(transfer) ||
	    !set_headers(transfer, request) || !set_method(transfer, request) ||
	    !set_url(transfer, request->url)) {
		transfer_done(transfer);
		return no_memory(err);
	}
	if (transfer->is_url_bad)
		transfer_end(transfer, CURLE_URL_MALFORMAT);
	return 0;
}

void transfer_done(struct transfer *transfer)
{
	struct wire *wire = transfer->wire;

	if (transfer->is_added)
		(void)curl_multi_remove_handle(wire->multi, transfer->easy);
	if (transfer->easy && wire->spare_count < WIRE_SPARE_MAX) {
		curl_easy_reset(transfer->easy);
		wire->spares[wire->spare_count++] = transfer->easy;
	} else {
		curl_easy_cleanup(transfer->easy);
	}
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->lead);
	text_done(&transfer->body);
	if (transfer->socket >= 0)
		(void)close(transfer->socket);
	*transfer = (struct transfer){.wire = wire, .socket = -1, .is_done = true};
}

int transfer_add(struct transfer *transfer, struct mp_error *err)
{
	if (!transfer->sent_us)
		transfer->sent_us = clock_now_us();
	if (curl_multi_add_handle(transfer->wire->multi, transfer->easy) != CURLM_OK)
		return no_memory(err);
	transfer->is_added = true;
	return 0;
}

void transfer_end(struct transfer *transfer, CURLcode code)
{
	transfer->code = code;
	transfer->ended_us = clock_now_us();
	transfer->is_done = true;
}
