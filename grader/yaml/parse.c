/* SPDX-License-Identifier: MIT */
/*
 * From bytes to nodes. libyaml's events come one after another; the open lists and maps lie on a stack of
 * at most YAML_DEPTH_MAX frames, so neither depth nor size of the input is our depth or size: bytes, levels
 * and nodes are counted before anything is kept.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grader/yaml/source.h"

/* An open list or map. */
struct frame {
	struct yaml_node *node;
	struct yaml_node *key; /* of a map: read, its value comes next; else NULL */
	bool is_flow;
};

struct builder {
	struct arena *arena; /* borrowed */
	struct yaml_complaints *list;
	struct source source;
	struct frame frames[YAML_DEPTH_MAX];
	size_t depth;
	size_t node_count;
	size_t tab_line; /* last line whose indentation was complained about, from 1 */
	struct yaml_node *root;
	struct yaml_node *last; /* scalar, may be cut in two by the mistake that ends the reading */
	bool is_over;		/* a limit: stop reading */
};

static void complain_at(struct builder *builder, const yaml_mark_t *mark, const char *sentence)
{
	yaml_complain(builder->list, (int)mark->line + 1, (int)mark->column + 1, "%s", sentence);
}

static bool is_in_flow(const struct builder *builder)
{
	return builder->depth > 0 && builder->frames[builder->depth - 1].is_flow;
}

/* --- maps ------------------------------------------------------------------------------------------ */

static int compare_keys(const void *a, const void *b)
{
	const struct yaml_node *first = (*(const struct yaml_pair *const *)a)->key;
	const struct yaml_node *second = (*(const struct yaml_pair *const *)b)->key;
	int order = strcmp(first->text, second->text);

	if (order != 0)
		return order;
	return first->line != second->line ? first->line - second->line
					   : first->column - second->column;
}

/* Complain about keys that come twice; the first stays. */
static void map_refuse_twins(struct builder *builder, const struct yaml_node *map)
{
	mp_autoarena struct arena *arena = arena_new();
	const struct yaml_pair **sorted = arena_alloc(arena, map->pair_count, sizeof(*sorted));

	for (size_t i = 0; i < map->pair_count; i++)
		sorted[i] = &map->pairs[i];
	qsort(sorted, map->pair_count, sizeof(*sorted), compare_keys);
	for (size_t i = 1; i < map->pair_count; i++) {
		struct yaml_node *key = sorted[i]->key;

		if (strcmp(sorted[i - 1]->key->text, key->text) != 0)
			continue;
		yaml_complain(builder->list, key->line, key->column, "key '%s' is there twice",
			      key->text);
		key->is_told = true;
		sorted[i]->value->is_told = true;
	}
}

/* KEY has an empty value: what was meant? */
static void complain_no_value(struct builder *builder, struct yaml_node *key,
			      const yaml_mark_t *mark, bool is_flow)
{
	size_t comment = source_glued_comment(&builder->source, mark);
	int line;
	int column;

	if (comment < builder->source.count) {
		source_place(&builder->source, comment, &line, &column);
		yaml_complain(builder->list, line, column,
			      "'#' after a value needs quotes, or a blank behind it");
	} else if (is_flow && !key->is_quoted && strchr(key->text, ':')) {
		yaml_complain(builder->list, key->line, key->column,
			      "key '%s' has no value; write a blank behind the colon", key->text);
	} else {
		yaml_complain(builder->list, key->line, key->column, "key '%s' has no value%s",
			      key->text, is_flow ? "; quote values that hold a comma" : "");
	}
	key->is_told = true;
}

static bool key_is_sound(struct builder *builder, const struct yaml_node *key)
{
	const char *sentence = NULL;

	if (key->kind != YAML_SCALAR)
		sentence = "a key is a text";
	else if (strlen(key->text) != key->length)
		sentence = "a key cannot hold a NUL character";
	else if (!key->is_quoted && key->length == 0)
		sentence = "a key is missing before the colon";
	else if (!key->is_quoted && strcmp(key->text, "<<") == 0)
		sentence = "'<<' is not used: write the keys out";
	if (sentence)
		yaml_complain(builder->list, key->line, key->column, "%s", sentence);
	return !sentence;
}

/* Hang NODE into the innermost open list or map. */
static void builder_hang(struct builder *builder, struct yaml_node *node)
{
	struct frame *frame = builder->depth ? &builder->frames[builder->depth - 1] : NULL;
	struct yaml_node *in = frame ? frame->node : NULL;

	if (!in) {
		builder->root = node;
	} else if (in->kind == YAML_LIST) {
		*(struct yaml_node **)arena_push(builder->arena, &in->items, &in->item_count,
						 sizeof(node)) = node;
	} else if (!frame->key) {
		frame->key = node;
		if (key_is_sound(builder, node))
			return;
		/* A stand-in keeps the map readable: the mistake is told. */
		node->is_told = true;
		if (node->kind != YAML_SCALAR) {
			frame->key = arena_new_of(builder->arena, struct yaml_node);
			*frame->key = (struct yaml_node){
				.line = node->line, .column = node->column, .is_told = true};
			frame->key->text =
				arena_format(builder->arena, "(key %zu)", builder->node_count);
		}
	} else {
		struct yaml_pair *pair =
			arena_push(builder->arena, &in->pairs, &in->pair_count, sizeof(*pair));

		*pair = (struct yaml_pair){frame->key, node};
		node->is_told = node->is_told || frame->key->is_told;
		frame->key = NULL;
	}
}

/* --- events ---------------------------------------------------------------------------------------- */

static struct yaml_node *builder_node(struct builder *builder, enum yaml_kind kind,
				      const yaml_event_t *event)
{
	struct yaml_node *node = arena_new_of(builder->arena, struct yaml_node);
	const yaml_mark_t *mark = &event->start_mark;

	node->kind = kind;
	node->line = (int)mark->line + 1;
	node->column = (int)mark->column + 1;
	if (++builder->node_count > YAML_NODES_MAX) {
		complain_at(builder, mark, "more than 20,000 values: the rest was not read");
		builder->is_over = true;
	}
	if (builder->tab_line != mark->line + 1 && source_has_tab_before(&builder->source, mark)) {
		complain_at(builder, mark, "a tab in the indentation; use blanks");
		builder->tab_line = mark->line + 1;
	}
	return node;
}

static void refuse_anchor(struct builder *builder, const yaml_event_t *event,
			  const yaml_char_t *anchor)
{
	if (anchor)
		complain_at(
			builder, &event->start_mark,
			"anchors are not used; quote what begins with one of * & ! % @ > | or a backtick");
}

static void refuse_tag(struct builder *builder, const yaml_event_t *event, const yaml_char_t *tag)
{
	const char *word = tag ? strrchr((const char *)tag, '!') : NULL;

	if (!tag)
		return;
	if (word && word[1] >= 'a' && word[1] <= 'z')
		yaml_complain(builder->list, (int)event->start_mark.line + 1,
			      (int)event->start_mark.column + 1,
			      "tags are not used; did you mean '$%s'?", word + 1);
	else
		complain_at(
			builder, &event->start_mark,
			"tags are not used; quote what begins with one of * & ! % @ > | or a backtick");
}

static void take_scalar(struct builder *builder, const yaml_event_t *event)
{
	struct yaml_node *node = builder_node(builder, YAML_SCALAR, event);
	struct frame *frame = builder->depth ? &builder->frames[builder->depth - 1] : NULL;
	size_t comment = source_glued_comment(&builder->source, &event->end_mark);
	bool is_empty;
	int line;
	int column;

	node->length = event->data.scalar.length;
	node->text = arena_bytes(builder->arena, event->data.scalar.value, node->length);
	node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node->is_told = event->data.scalar.tag || event->data.scalar.anchor;
	refuse_anchor(builder, event, event->data.scalar.anchor);
	refuse_tag(builder, event, event->data.scalar.tag);
	is_empty = !node->is_quoted && node->length == 0 && !node->is_told;
	if (is_empty && frame && frame->key) {
		if (!frame->key->is_told)
			complain_no_value(builder, frame->key, &event->end_mark, frame->is_flow);
		node->is_told = true;
	} else if (is_empty && frame && frame->node->kind == YAML_LIST) {
		complain_at(builder, &event->start_mark, "an item without a value");
		node->is_told = true;
	} else if (comment < builder->source.count &&
		   event->data.scalar.style < YAML_LITERAL_SCALAR_STYLE) {
		source_place(&builder->source, comment, &line, &column);
		yaml_complain(builder->list, line, column,
			      "'#' after a value needs quotes, or a blank behind it");
	}
	if (!node->is_quoted && is_in_flow(builder) && *node->text == '/' &&
	    strchr(node->text, '?'))
		yaml_warn(builder->list, node->line, node->column,
			  "not every reader of YAML takes a '?' here: use query, or quotes");
	builder->last = node;
	builder_hang(builder, node);
}

static void take_alias(struct builder *builder, const yaml_event_t *event)
{
	struct yaml_node *node = builder_node(builder, YAML_SCALAR, event);

	complain_at(
		builder, &event->start_mark,
		"aliases are not used; quote what begins with one of * & ! % @ > | or a backtick");
	node->text = arena_format(builder->arena, "*%s", (const char *)event->data.alias.anchor);
	node->length = strlen(node->text);
	node->is_quoted = true;
	node->is_told = true;
	builder_hang(builder, node);
}

static void take_start(struct builder *builder, const yaml_event_t *event, enum yaml_kind kind)
{
	bool is_map = kind == YAML_MAP;
	struct yaml_node *node = builder_node(builder, kind, event);

	refuse_anchor(builder, event,
		      is_map ? event->data.mapping_start.anchor
			     : event->data.sequence_start.anchor);
	refuse_tag(builder, event,
		   is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag);
	if (builder->depth == YAML_DEPTH_MAX) {
		complain_at(builder, &event->start_mark,
			    "more than 32 levels: the rest was not read");
		builder->is_over = true;
		return;
	}
	builder_hang(builder, node);
	builder->frames[builder->depth++] = (struct frame){
		.node = node,
		.is_flow = is_map ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
				  : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
	};
}

static void take_end(struct builder *builder)
{
	struct yaml_node *node = builder->frames[--builder->depth].node;

	if (node->kind == YAML_MAP && node->pair_count > 1)
		map_refuse_twins(builder, node);
}

static void take_document(struct builder *builder, const yaml_event_t *event)
{
	if (builder->root) {
		complain_at(builder, &event->start_mark,
			    "a second document: the file is one map of keys");
		builder->is_over = true;
	}
	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
		    event->data.document_start.tag_directives.end)
		complain_at(builder, &event->start_mark,
			    "directives are not used; leave the line with % out");
}

static void take_event(struct builder *builder, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		take_document(builder, event);
		break;
	case YAML_SCALAR_EVENT:
		take_scalar(builder, event);
		break;
	case YAML_ALIAS_EVENT:
		take_alias(builder, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		take_start(builder, event, YAML_LIST);
		break;
	case YAML_MAPPING_START_EVENT:
		take_start(builder, event, YAML_MAP);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		take_end(builder);
		break;
	default:
		break;
	}
}

/* --- the whole ------------------------------------------------------------------------------------- */

static bool is_utf16(const char *bytes, size_t count)
{
	return count >= 2 &&
	       (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0 ||
		bytes[0] == '\0' || bytes[1] == '\0');
}

/* What must hold before libyaml sees a byte: the size, and UTF-8. */
static bool source_is_sound(const struct source *source, struct yaml_complaints *list)
{
	int line;
	int column;

	if (is_utf16(source->bytes, source->count)) {
		yaml_complain(list, 1, 1, "the file is UTF-16; save it as UTF-8");
		return false;
	}
	for (size_t i = 0; i < source->count;) {
		size_t length = text_utf8_length(source->bytes + i, source->count - i);

		if (length == 0) {
			source_place(source, i, &line, &column);
			yaml_complain(list, line, column,
				      "this byte is not UTF-8; save the file as UTF-8");
			return false;
		}
		i += length;
	}
	return true;
}

/* Returns false when libyaml stopped before the end. */
static bool builder_run(struct builder *builder)
{
	yaml_parser_t parser;
	bool is_ended = false;
	bool is_readable;

	if (!yaml_parser_initialize(&parser)) {
		yaml_complain(builder->list, 1, 1, "out of memory");
		return false;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)builder->source.bytes,
				     builder->source.count);
	do {
		yaml_event_t event;

		is_readable = yaml_parser_parse(&parser, &event) != 0;
		if (!is_readable) {
			slip_complain(&parser, &builder->source, builder->list);
			break;
		}
		take_event(builder, &event);
		is_ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	} while (!is_ended && !builder->is_over);
	yaml_parser_delete(&parser);
	return is_readable && !builder->is_over;
}

/*
 * The file broke off: keep of the root, and of a list right below it, what was whole. So the mistakes
 * before the break are told in the same pass, and nothing is said of what only seems to be missing.
 */
static void builder_cut(struct builder *builder)
{
	struct yaml_node *root = builder->root;
	const struct frame *frames = builder->frames;
	const struct yaml_node *open = builder->depth >= 2 ? frames[1].node : NULL;

	if (!root || builder->depth == 0)
		return;
	root->is_cut = true;
	if (builder->last)
		builder->last->is_told = true;
	if (open && open->kind == YAML_LIST)
		frames[1].node->item_count -= builder->depth >= 3;
	else if (open && root->kind == YAML_LIST)
		root->item_count--;
	else if (root->pair_count > 0 && root->pairs[root->pair_count - 1].value == open)
		root->pair_count--;
}

int yaml_parse(const char *bytes, size_t count, struct arena *arena, struct yaml_node **ret_root,
	       struct yaml_complaints *list)
{
	struct builder builder = {.arena = arena, .list = list};
	size_t errors_before = list->error_count;

	*ret_root = NULL;
	if (count >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		count -= 3;
	}
	if (count > YAML_BYTES_MAX) {
		yaml_complain(list, 1, 1, "the file has %zu bytes; at most 256 kB are read", count);
		return -EBADMSG;
	}
	source_init(&builder.source, bytes, count, arena);
	if (!source_is_sound(&builder.source, list))
		return -EBADMSG;
	if (!builder_run(&builder))
		builder_cut(&builder);
	else if (!builder.root)
		yaml_complain(list, 1, 1, "the file is empty");
	*ret_root = builder.root;
	return list->error_count > errors_before ? -EBADMSG : 0;
}
