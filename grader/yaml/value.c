/* SPDX-License-Identifier: MIT */
/*
 * Free values: nodes into JSON. An unquoted true, false, null or JSON number is that value, all other
 * unquoted text is text. What readers of YAML disagree about is a mistake.
 */
#include <string.h>

#include "grader/yaml/yaml.h"

/* Text that YAML 1.1 takes for a value of another type. */
struct doubtful {
	const char *text;
	const char *meant; /* the JSON word */
};

static const struct doubtful doubtful_words[] = {
	{"yes", "true"},  {"Yes", "true"},  {"YES", "true"},	{"on", "true"},
	{"On", "true"},	  {"ON", "true"},   {"y", "true"},	{"Y", "true"},
	{"True", "true"}, {"TRUE", "true"}, {"no", "false"},	{"No", "false"},
	{"NO", "false"},  {"off", "false"}, {"Off", "false"},	{"OFF", "false"},
	{"n", "false"},	  {"N", "false"},   {"False", "false"}, {"FALSE", "false"},
	{"~", "null"},	  {"Null", "null"}, {"NULL", "null"},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Is all of TEXT made of these characters? */
static bool is_made_of(const char *text, const char *characters)
{
	return *text && strspn(text, characters) == strlen(text);
}

/* Looks like a number to some reader of YAML; a JSON number looks so too. */
static bool is_number_like(const char *text)
{
	static const char *const others[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL};
	const char *body = text + (*text == '-' || *text == '+');
	const char *rest = body;

	for (size_t i = 0; others[i]; i++) {
		if (strcmp(body, others[i]) == 0)
			return true;
	}
	if (body[0] == '0' && (body[1] == 'x' || body[1] == 'X'))
		return is_made_of(body + 2, "0123456789abcdefABCDEF_");
	if (body[0] == '0' && (body[1] == 'o' || body[1] == 'b'))
		return is_made_of(body + 2, "01234567_");
	if (!is_digit(*body) && !(*body == '.' && is_digit(body[1])))
		return false;
	while (is_digit(*rest) || *rest == '_')
		rest++;
	if (*rest == '.')
		rest++;
	while (is_digit(*rest) || *rest == '_')
		rest++;
	if ((*rest == 'e' || *rest == 'E') && rest > body) {
		rest++;
		rest += *rest == '-' || *rest == '+';
		while (is_digit(*rest))
			rest++;
	}
	return *rest == '\0';
}

/* A JSON number; NULL when it is none, or does not fit into 64 bits. */
static json_t *number_value(const struct yaml_node *node, bool *ret_is_too_large)
{
	json_error_t slip;
	json_t *value;

	*ret_is_too_large = false;
	if (!is_digit(node->text[node->text[0] == '-']))
		return NULL;
	value = json_loadb(node->text, node->length, JSON_DECODE_ANY, &slip);
	*ret_is_too_large = !value && json_error_code(&slip) == json_error_numeric_overflow;
	if (value && !json_is_number(value)) {
		json_decref(value);
		return NULL;
	}
	return value;
}

static json_t *plain_value(const struct yaml_node *node, struct yaml_complaints *list)
{
	const char *text = node->text;
	bool is_too_large;
	json_t *number;

	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return json_boolean(*text == 't');
	if (strcmp(text, "null") == 0)
		return json_null();
	for (size_t i = 0; i < sizeof(doubtful_words) / sizeof(doubtful_words[0]); i++) {
		if (strcmp(text, doubtful_words[i].text) != 0)
			continue;
		yaml_complain(
			list, node->line, node->column,
			"'%s' means different things to different readers; write %s or \"%s\"",
			text, doubtful_words[i].meant, text);
		return NULL;
	}
	number = number_value(node, &is_too_large);
	if (number)
		return number;
	if (is_too_large) {
		yaml_complain(
			list, node->line, node->column,
			"'%s' is a number that does not fit into 64 bits; quote it for a text",
			text);
		return NULL;
	}
	if (is_number_like(text)) {
		yaml_complain(
			list, node->line, node->column,
			"'%s' means different things to different readers; quote it, or write a plain number",
			text);
		return NULL;
	}
	if (strstr(text, "${")) {
		yaml_complain(list, node->line, node->column,
			      "a name is written $(id), which needs no quotes anywhere");
		return NULL;
	}
	return json_stringn(text, node->length);
}

static json_t *scalar_value(const struct yaml_node *node, struct yaml_complaints *list)
{
	if (node->is_told)
		return NULL;
	return node->is_quoted ? json_stringn(node->text, node->length) : plain_value(node, list);
}

/* The value of one node without its children. */
static json_t *shallow_value(const struct yaml_node *node, struct yaml_complaints *list)
{
	switch (node->kind) {
	case YAML_LIST:
		return json_array();
	case YAML_MAP:
		return json_object();
	default:
		return scalar_value(node, list);
	}
}

/* An open list or map and the value that it becomes. */
struct open_value {
	const struct yaml_node *node;
	json_t *value; /* borrowed from its parent, the first is owned */
	size_t next;
};

/* Put CHILD (its reference is taken) where item or pair I of the open value says. */
static void open_value_put(const struct open_value *open, size_t i, json_t *child)
{
	if (open->node->kind == YAML_LIST)
		(void)json_array_append_new(open->value, child);
	else
		(void)json_object_set_new(open->value, open->node->pairs[i].key->text, child);
}

json_t *yaml_free_value(const struct yaml_node *node, struct yaml_complaints *list)
{
	struct open_value open[YAML_DEPTH_MAX + 1];
	json_t *root = shallow_value(node, list);
	bool is_sound = root != NULL;
	size_t depth = 0;

	if (node->kind == YAML_SCALAR || !root)
		return root;
	open[depth++] = (struct open_value){node, root, 0};
	while (depth > 0) {
		struct open_value *top = &open[depth - 1];
		size_t count = top->node->kind == YAML_LIST ? top->node->item_count
							    : top->node->pair_count;
		const struct yaml_node *child;
		json_t *value;

		if (top->next == count) {
			depth--;
			continue;
		}
		child = top->node->kind == YAML_LIST ? top->node->items[top->next]
						     : top->node->pairs[top->next].value;
		value = depth <= YAML_DEPTH_MAX ? shallow_value(child, list) : NULL;
		is_sound = is_sound && value;
		open_value_put(top, top->next++, value ? value : json_null());
		if (value && child->kind != YAML_SCALAR)
			open[depth++] = (struct open_value){child, value, 0};
	}
	if (is_sound)
		return root;
	json_decref(root);
	return NULL;
}
