/* SPDX-License-Identifier: MIT */
/* The first page, signing in with a token, signing out. */
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "grader/pages/inner.h"

enum { SESSION_TEXT = 64 };

static const char *cookie_of(struct page *page, const char *text, int seconds)
{
	return arena_format(page->arena,
			    "milepost=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s", text,
			    seconds, page->request->is_tls ? "; Secure" : "");
}

static void add_form(struct page *page)
{
	if (!page->request->may_take_tokens) {
		put_say_in(page, "p",
			   "Signing in needs a connection that nobody can read: open this page by "
			   "https. The link that each push prints works here too.");
		return;
	}
	/* Browsers that keep passwords want a name to keep them under. */
	put(page, "<form method=\"post\" action=\"/sign-in\">\n"
		  "<input name=\"user\" value=\"milepost\" autocomplete=\"username\" hidden>\n"
		  "<p><label for=\"token\">");
	put_say(page, "Your token, as it was given to you");
	put(page, "</label>\n<input id=\"token\" name=\"token\" type=\"password\" required "
		  "autocomplete=\"current-password\" spellcheck=\"false\" maxlength=\"100\"></p>\n"
		  "<p><button>");
	put_say(page, "Sign in");
	put(page, "</button></p>\n</form>\n");
}

/* COMPLAINT: what was wrong with the last try, or NULL. */
static int sign_in_page(struct page *page, unsigned int status, const char *complaint)
{
	const struct frame frame = {.title = say(page, "Sign in")};

	page->answer->status = status;
	page_open(page, &frame);
	put(page, "<main id=\"main\">\n<h1>milepost</h1>\n");
	put_say_in(page, "p", "Push your road with git, and read here how far you are.");
	put(page, "\n");
	if (complaint)
		put_say_in(page, "p class=\"say\" role=\"alert\"", "%s", complaint);
	add_form(page);
	put_say_in(page, "p class=\"soft\"",
		   "No token at hand? Each push prints a link to your page, good for seven days.");
	put(page, "\n");
	page_close(page);
	return 0;
}

int page_front(struct page *page)
{
	if (page->has_session && page->asker == ASKER_LEARNER)
		return page_send_to(page, "/me");
	if (page->has_session && page->asker == ASKER_INSTRUCTOR)
		return page_send_to(page, "/class");
	return sign_in_page(page, 200, NULL);
}

/* What was copied comes with blanks and line ends around it. */
static const char *trimmed(struct page *page, const char *text)
{
	size_t from = strspn(text, " \t");
	size_t count = strlen(text + from);

	while (count > 0 && strchr(" \t", text[from + count - 1]))
		count--;
	return arena_bytes(page->arena, text + from, count);
}

int page_sign_in(struct page *page)
{
	const char *token = form_value(page->request->body, "token", page->arena);
	char text[SESSION_TEXT];
	int64_t learner = 0;
	int ret;

	if (!page->request->may_take_tokens)
		return sign_in_page(page, 403, NULL);
	if (!token)
		return sign_in_page(page, 400, "Write your token into the field.");
	ret = token_find(page->pages->ledger, trimmed(page, token), &learner, page->err);
	page->answer->is_guess = ret == -ENOENT;
	if (ret == -ENOENT)
		return sign_in_page(page, 403,
				    "This token is not known here, or no longer. Copy it whole, or "
				    "ask whoever runs your course for a new one.");
	if (ret == 0)
		ret = session_make(page->pages->ledger, learner, text, page->err);
	if (ret < 0)
		return ret;
	page_header(page, "Set-Cookie", cookie_of(page, text, 12 * 60 * 60));
	sodium_memzero(text, sizeof(text));
	return page_send_to(page, learner == 0 ? "/class" : "/me");
}

int page_sign_out(struct page *page)
{
	const char *form = form_value(page->request->body, "form", page->arena);
	size_t length = strlen(page->session.form);
	int ret;

	if (!form || strlen(form) != length || sodium_memcmp(form, page->session.form, length) != 0)
		return page_tell(page, 403, "This form is too old",
				 "Load the page again and use the button there.");
	ret = session_end(page->pages->ledger, page->session_text, page->err);
	if (ret < 0 && ret != -ENOENT)
		return ret;
	page_header(page, "Set-Cookie", cookie_of(page, "", 0));
	return page_send_to(page, "/");
}
