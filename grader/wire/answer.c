/* SPDX-License-Identifier: MIT */
/*
 * What came of a transfer, as an answer: headers, body, or why there is none in a sentence for a
 * learner.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "grader/wire/inside.h"
#include "sandbox/base/clock.h"

/* "5 s", "1.5 s", "200 ms" */
static const char *duration(int64_t ms, struct arena *arena)
{
	if (ms < 1000)
		return arena_format(arena, "%" PRId64 " ms", ms);
	if (ms % 1000 == 0)
		return arena_format(arena, "%" PRId64 " s", ms / 1000);
	return arena_format(arena, "%" PRId64 ".%" PRId64 " s", ms / 1000, ms % 1000 / 100);
}

/* libcurl says "cannot receive" of wrong chunks too; then no system call has failed. */
static bool has_wrong_chunks(const struct transfer *transfer)
{
	long number = 0;

	(void)curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	return transfer->code == CURLE_RECV_ERROR && transfer->has_whole_head && number == 0;
}

/*
 * What is wrong with the size that the headers announce; NULL: nothing. libcurl takes the last of
 * several, and passes over what is too large to be a number.
 */
static const char *length_slip(const struct transfer *transfer)
{
	struct curl_header *header;
	char first[20] = "";

	for (size_t i = 0; curl_easy_header(transfer->easy, "Content-Length", i, CURLH_HEADER, -1,
					    &header) == CURLHE_OK;
	     i++) {
		size_t length = strlen(header->value);

		if (length == 0 || length >= sizeof(first) ||
		    strspn(header->value, "0123456789") != length)
			return "Content-Length is no size of a body in bytes";
		if (i > 0 && strcmp(first, header->value) != 0)
			return "Content-Length is there twice, with two different sizes";
		memcpy(first, header->value, length + 1);
	}
	return NULL;
}

/* Is the body sent in an encoding that transfer_init() asks for? libcurl decodes others too. */
static bool is_encoding_known(const struct transfer *transfer)
{
	static const char *const known[] = {"gzip", "x-gzip", "deflate", "identity"};
	struct curl_header *header;

	if (curl_easy_header(transfer->easy, "Content-Encoding", 0, CURLH_HEADER, -1, &header) !=
	    CURLHE_OK)
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcasecmp(header->value, known[i]) == 0)
			return true;
	}
	return false;
}

/* What is wrong with the headers of an answer that came to its end, be it in a wrong place. */
static const char *head_slip(const struct transfer *transfer)
{
	bool is_over = transfer->code == CURLE_OK || transfer->code == CURLE_PARTIAL_FILE ||
		       transfer->code == CURLE_BAD_CONTENT_ENCODING;

	if (!transfer->has_whole_head || !is_over)
		return NULL;
	if (!is_encoding_known(transfer))
		return "Content-Encoding names an encoding that was not asked for: send gzip, or the body as it is";
	return length_slip(transfer);
}

static enum wire_problem problem_of(const struct transfer *transfer)
{
	static const struct {
		CURLcode code;
		enum wire_problem problem;
	} table[] = {
		{CURLE_COULDNT_CONNECT, WIRE_REFUSED},
		{CURLE_OPERATION_TIMEDOUT, WIRE_TIMEOUT},
		{CURLE_GOT_NOTHING, WIRE_CLOSED},
		{CURLE_PARTIAL_FILE, WIRE_CLOSED},
		{CURLE_RECV_ERROR, WIRE_CLOSED},
		{CURLE_SEND_ERROR, WIRE_CLOSED},
		/* How libcurl says that one line of the headers is above 100 KiB. */
		{CURLE_OUT_OF_MEMORY, WIRE_TOO_LARGE},
	};

	if (transfer->is_body_too_large || transfer->is_head_too_large)
		return WIRE_TOO_LARGE;
	if (transfer->is_cut_off)
		return WIRE_ENDED;
	if (head_slip(transfer))
		return WIRE_GARBAGE;
	if (transfer->code == CURLE_OK)
		return transfer->has_whole_head ? WIRE_OK : WIRE_CLOSED;
	if (has_wrong_chunks(transfer))
		return WIRE_GARBAGE;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].code == transfer->code)
			return table[i].problem;
	}
	return WIRE_GARBAGE;
}

static const char *timeout_text(const struct transfer *transfer, struct arena *arena)
{
	const char *time = duration(transfer->timeout_ms, arena);

	if (transfer->is_queue_full)
		return arena_format(arena, "the connection was not accepted within %s", time);
	if (transfer->has_whole_head)
		return arena_format(arena, "the answer began, but its body was not whole within %s",
				    time);
	if (transfer->header_bytes > 0)
		return arena_format(
			arena, "the answer began, but its headers were not whole within %s", time);
	return arena_format(arena, "no answer within %s", time);
}

static const char *closed_text(struct transfer *transfer, struct arena *arena)
{
	curl_off_t announced = -1;

	if (!transfer->has_whole_head)
		return transfer->header_bytes > 0
			       ? "the connection was closed in the middle of the headers"
			       : "the connection was closed without an answer";
	(void)curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
	if (announced >= 0)
		return arena_format(
			arena,
			"the connection was closed after %zu of the %lld bytes that Content-Length said",
			transfer->body.length, (long long)announced);
	return "the connection was closed in the middle of the body";
}

static const char *garbage_text(const struct transfer *transfer)
{
	static const struct {
		CURLcode code;
		const char *text;
	} table[] = {
		{CURLE_URL_MALFORMAT, "this address cannot be asked: it is no http URL"},
		{CURLE_BAD_CONTENT_ENCODING,
		 "the body is not what its Content-Encoding header says"},
	};

	if (head_slip(transfer))
		return head_slip(transfer);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].code == transfer->code)
			return table[i].text;
	}
	if (transfer->has_whole_head)
		return "the body is not sent as its headers say (length or chunks are wrong)";
	if (transfer->header_bytes > 0)
		return "the headers are not HTTP: each is one line like Content-Type: application/json";
	return "what came back is not HTTP: an answer begins with a line like HTTP/1.1 200 OK";
}

/* What a limit calls the service to account for. */
static const char *limit_words(enum mp_end end)
{
	static const struct {
		enum mp_end end;
		const char *words;
	} table[] = {
		{MP_END_CPU, "used more processor time than it may"},
		{MP_END_WALL, "ran longer than it may"},
		{MP_END_MEMORY, "needed more memory than it may"},
		{MP_END_PROCESSES, "made more processes and threads than it may"},
		{MP_END_OUTPUT, "wrote more output than it may"},
		{MP_END_FILE_SIZE, "wrote more to disk than it may"},
		{MP_END_INODES, "made more files than it may"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].end == end)
			return table[i].words;
	}
	return "did what it may not";
}

static const char *ended_text(const struct wire *wire, struct arena *arena)
{
	const struct mp_box_result *result = &wire->result;
	const char *name;

	switch (result->end) {
	case MP_END_EXITED:
		return arena_format(arena, "the service ended with status %d while it was asked",
				    result->exit_code);
	case MP_END_SIGNALED:
		name = sigabbrev_np(result->signal);
		return arena_format(arena, "the service was ended by SIG%s while it was asked",
				    name ? name : "?");
	default:
		return arena_format(arena, "the service %s and was ended while it was asked",
				    limit_words(result->end));
	}
}

static const char *problem_text(struct transfer *transfer, enum wire_problem problem,
				struct arena *arena)
{
	switch (problem) {
	case WIRE_OK:
		return NULL;
	case WIRE_REFUSED:
		return arena_format(arena, "nobody listens on port %d any more",
				    transfer->wire->port);
	case WIRE_TIMEOUT:
		return timeout_text(transfer, arena);
	case WIRE_CLOSED:
		return closed_text(transfer, arena);
	case WIRE_GARBAGE:
		return garbage_text(transfer);
	case WIRE_TOO_LARGE:
		if (transfer->is_body_too_large)
			return arena_format(arena, "the body is larger than %zu KiB (decompressed)",
					    transfer->body_limit / 1024);
		if (transfer->is_head_too_large)
			return arena_format(arena, "the headers are larger than %d KiB",
					    WIRE_HEADERS_MAX / 1024);
		return "a line of the headers is longer than 100 KiB";
	case WIRE_ENDED:
		return ended_text(transfer->wire, arena);
	}
	return "no answer";
}

/* Headers of the final answer; those of 1xx and trailers stay out. Repeated ones stay apart. */
static void take_headers(struct transfer *transfer, struct arena *arena, struct wire_answer *answer)
{
	struct curl_header *header = NULL;

	while ((header = curl_easy_nextheader(transfer->easy, CURLH_HEADER, -1, header))) {
		struct wire_header *kept;

		kept = arena_push(arena, &answer->headers, &answer->header_count, sizeof(*kept));
		kept->name = arena_text(arena, header->name);
		kept->value = arena_text(arena, header->value);
	}
}

void transfer_answer(struct transfer *transfer, struct arena *arena, struct wire_answer *ret_answer)
{
	enum wire_problem problem = problem_of(transfer);
	long status = 0;

	if (transfer->wire->has_ended && (problem == WIRE_REFUSED || problem == WIRE_CLOSED))
		problem = WIRE_ENDED;
	*ret_answer = (struct wire_answer){
		.problem = problem,
		.problem_text = problem_text(transfer, problem, arena),
		.within_ms =
			transfer->sent_us ? (transfer->ended_us - transfer->sent_us) / 1000 : 0,
		.was_led = transfer->was_led,
	};
	if (transfer->has_whole_head) {
		(void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
		ret_answer->status = (int)status;
		ret_answer->reason = arena_text(arena, transfer->reason);
		take_headers(transfer, arena, ret_answer);
	}
	ret_answer->body = arena_bytes(arena, text_get(&transfer->body), transfer->body.length);
	ret_answer->body_bytes = transfer->body.length;
}
