// SPDX-License-Identifier: Apache-2.0
/*
 * A strict YAML 1.2 document as a tree. What makes YAML surprising is refused
 * here, so that the schema sees maps, lists and texts only: aliases, anchors,
 * tags, directives, several documents, keys that are not texts or stand twice,
 * tabs, invisible characters. No scalar has a type yet: NO is the text "NO".
 */
#include <errno.h>
#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

struct builder {
	struct crd_buf bytes;
	struct crd_yaml *yaml;
	struct fy_parser *parser;
	struct crd_error *err;
	size_t text_cap;
	unsigned int depth;
	uint32_t open[POL_MAX_DEPTH]; /* the containers we are in */
	uint32_t last[POL_MAX_DEPTH]; /* their last child so far */
	uint32_t key[POL_MAX_DEPTH];  /* map: key that waits for a value */
	unsigned int line, column;    /* of the event being looked at */
};

static int fail(const struct builder *b, int ret, const char *text)
{
	return crd_fail_at(b->err, b->line, b->column, ret, "%s", text);
}

/* libfyaml counts columns in characters; ours are bytes. */
static void set_place(struct builder *b, const struct fy_mark *mark)
{
	size_t pos, start;

	if (!mark) /* an empty value has no text: keep the last place */
		return;
	pos = mark->input_pos < b->bytes.len ? mark->input_pos : b->bytes.len;
	for (start = pos; start && b->bytes.ptr[start - 1] != '\n'; start--)
		;
	b->line = (unsigned int)mark->line + 1;
	b->column = (unsigned int)(pos - start) + 1;
}

static int check_bytes(struct builder *b)
{
	const uint8_t *p = b->bytes.ptr;
	size_t len, pos = 0, start = 0;

	b->line = 1;
	while (pos < b->bytes.len) {
		b->column = (unsigned int)(pos - start) + 1;
		len = crd_utf8_len(p + pos, b->bytes.len - pos);
		if (!len)
			return fail(b, -EBADMSG, "not UTF-8");
		if (p[pos] == '\n') {
			b->line++;
			start = pos + 1;
		} else if (p[pos] == '\t') {
			return fail(b, -EBADMSG, "a tab; use spaces");
		} else if (p[pos] == '\r' && pos + 1 < b->bytes.len &&
			   p[pos + 1] == '\n') {
			/* a line end of other systems */
		} else if (!crd_utf8_showable(p + pos, len)) {
			return fail(b, -EBADMSG,
				    "a control or invisible character");
		}
		pos += len;
	}
	b->line = 1;
	b->column = 1;
	return 0;
}

static struct crd_node *new_node(struct builder *b, enum crd_node_type type)
{
	struct crd_yaml *y = b->yaml;
	struct crd_node *node;
	size_t cap;

	if (y->n == y->cap) {
		cap = y->cap ? 2 * y->cap : 256;
		node = realloc(y->nodes, cap * sizeof(*node));
		if (!node)
			return NULL;
		y->nodes = node;
		y->cap = cap;
	}
	node = &y->nodes[y->n++];
	memset(node, 0, sizeof(*node));
	node->type = type;
	node->line = b->line;
	node->column = b->column;
	node->text = "";
	node->key = CRD_NO_NODE;
	node->next = CRD_NO_NODE;
	node->child = CRD_NO_NODE;
	return node;
}

/* A key that stands twice in one map: the later would hide the earlier. */
static int check_twice(struct builder *b, uint32_t key)
{
	const struct crd_yaml *y = b->yaml;
	const struct crd_node *k = &y->nodes[key];
	const struct crd_node *map = &y->nodes[b->open[b->depth - 1]];
	const struct crd_node *c = crd_node_first(y, map);

	for (; c; c = crd_node_next(y, c)) {
		if (!strcmp(y->nodes[c->key].text, k->text))
			return crd_fail_at(
				b->err, k->line, k->column, -EBADMSG,
				"'%s' stands twice; it is in line %u already",
				k->text, y->nodes[c->key].line);
	}
	return 0;
}

/* Gives the newest node its place in the container that is open. */
static int attach(struct builder *b)
{
	struct crd_yaml *y = b->yaml;
	uint32_t at = (uint32_t)y->n - 1;
	unsigned int d = b->depth - 1;
	struct crd_node *up;

	if (!b->depth)
		return 0;
	up = &y->nodes[b->open[d]];
	if (up->type == CRD_NODE_MAP && b->key[d] == CRD_NO_NODE) {
		if (y->nodes[at].type != CRD_NODE_TEXT)
			return fail(b, -EBADMSG, "a key must be a plain word");
		if (up->n_children == POL_MAX_KEYS)
			return fail(b, -E2BIG, "too many keys in one map");
		b->key[d] = at;
		return check_twice(b, at);
	}
	y->nodes[at].key = b->key[d];
	b->key[d] = CRD_NO_NODE;
	if (b->last[d] == CRD_NO_NODE)
		up->child = at;
	else
		y->nodes[b->last[d]].next = at;
	b->last[d] = at;
	up->n_children++;
	return 0;
}

static int on_open(struct builder *b, enum crd_node_type type)
{
	int ret;

	if (b->depth == POL_MAX_DEPTH)
		return fail(b, -E2BIG, "nested too deeply");
	if (!new_node(b, type))
		return -ENOMEM;
	ret = attach(b);
	if (ret)
		return ret;
	b->open[b->depth] = (uint32_t)b->yaml->n - 1;
	b->last[b->depth] = CRD_NO_NODE;
	b->key[b->depth] = CRD_NO_NODE;
	b->depth++;
	return 0;
}

/*
 * Reads a scalar's text to `to`, up to `room` bytes. Not by
 * fy_token_get_text(): libfyaml 0.7.12 leaks in it on a run of doubled quotes.
 */
static int read_text(struct fy_token *token, char *to, size_t room,
		     size_t *ret_len)
{
	struct fy_token_iter *it = fy_token_iter_create(token);
	const struct fy_iter_chunk *chunk = NULL;
	int failed = 0;

	*ret_len = 0;
	if (!it)
		return -ENOMEM;
	while ((chunk = fy_token_iter_chunk_next(it, chunk, &failed))) {
		if (chunk->len >= room - *ret_len) {
			*ret_len = room; /* too long: the caller sees */
			break;
		}
		if (chunk->len)
			memcpy(to + *ret_len, chunk->str, chunk->len);
		*ret_len += chunk->len;
	}
	fy_token_iter_finish(it);
	fy_token_iter_destroy(it);
	return failed ? -EBADMSG : 0; /* also for an empty block */
}

/* Line ends inside a text become spaces, those at its end go. */
static int clean_text(struct builder *b, char *text, size_t *len)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n, pos;

	while (*len && text[*len - 1] == '\n')
		--*len;
	for (pos = 0; pos < *len; pos += n) {
		n = crd_utf8_len(p + pos, *len - pos);
		if (!n || (p[pos] != '\n' && !crd_utf8_showable(p + pos, n)))
			return fail(
				b, -EBADMSG,
				"a text with a control or invisible character");
		if (p[pos] == '\n')
			text[pos] = ' ';
	}
	text[*len] = '\0';
	return 0;
}

static int on_scalar(struct builder *b, struct fy_token *token)
{
	enum fy_scalar_style style = FYSS_PLAIN;
	struct crd_node *node;
	char *to = b->yaml->text + b->yaml->text_len;
	size_t room = b->text_cap - b->yaml->text_len;
	size_t len = 0;
	int ret = 0;

	if (token)
		style = fy_scalar_token_get_style(token);
	/* libfyaml's place is behind the quote. */
	if ((style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) &&
	    b->column > 1)
		b->column--;
	node = new_node(b, CRD_NODE_TEXT);
	if (!node)
		return -ENOMEM;
	if (room > POL_MAX_TEXT + 1)
		room = POL_MAX_TEXT + 1;
	node->plain = style == FYSS_PLAIN;
	if (token)
		ret = read_text(token, to, room, &len);
	if (ret == -EBADMSG)
		ret = fail(b, ret, "a text that cannot be read");
	if (!ret && len == room)
		ret = fail(b, -E2BIG, "a text is too long");
	if (!ret)
		ret = clean_text(b, to, &len);
	if (ret)
		return ret;
	b->yaml->text_len += len + 1;
	node->text = to;
	node->len = (uint32_t)len;
	return attach(b);
}

static int on_document(struct builder *b, struct fy_event *ev)
{
	struct fy_document_state *state = ev->document_start.document_state;

	if (b->yaml->n)
		return fail(b, -EBADMSG, "more than one document");
	if (fy_document_state_version_explicit(state) ||
	    fy_document_state_tags_explicit(state))
		return fail(b, -EBADMSG, "directives (%) are not allowed");
	return 0;
}

static int check_decoration(struct builder *b, struct fy_token *anchor,
			    struct fy_token *tag)
{
	if (anchor)
		return fail(
			b, -EBADMSG,
			"anchors (&) are not allowed; quote the text if it begins with &");
	if (tag)
		return fail(
			b, -EBADMSG,
			"tags (!) are not allowed; quote the text if it begins with !");
	return 0;
}

static int on_event(struct builder *b, struct fy_event *ev)
{
	int ret = 0;

	set_place(b, fy_event_start_mark(ev));
	if (b->yaml->n == POL_MAX_NODES)
		return fail(b, -E2BIG, "too many values");
	switch (ev->type) {
	case FYET_DOCUMENT_START:
		return on_document(b, ev);
	case FYET_ALIAS:
		return fail(
			b, -EBADMSG,
			"aliases (*) are not allowed; quote the text if it begins with *");
	case FYET_SCALAR:
		ret = check_decoration(b, ev->scalar.anchor, ev->scalar.tag);
		return ret ? ret : on_scalar(b, ev->scalar.value);
	case FYET_SEQUENCE_START:
		ret = check_decoration(b, ev->sequence_start.anchor,
				       ev->sequence_start.tag);
		return ret ? ret : on_open(b, CRD_NODE_LIST);
	case FYET_MAPPING_START:
		ret = check_decoration(b, ev->mapping_start.anchor,
				       ev->mapping_start.tag);
		return ret ? ret : on_open(b, CRD_NODE_MAP);
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		b->depth--;
		return 0;
	default: /* stream and document ends */
		return 0;
	}
}

/* What libfyaml has to say; its own words, its place. */
static int syntax_error(struct builder *b, struct fy_diag *diag)
{
	struct fy_diag_error *e;
	void *prev = NULL;

	e = fy_diag_errors_iterate(diag, &prev);
	if (!e || !e->msg)
		return fail(b, -EBADMSG, "not YAML from here on");
	if (e->line >= 0)
		b->line = (unsigned int)e->line + 1;
	if (e->column >= 0)
		b->column = (unsigned int)e->column + 1;
	return crd_fail_at(b->err, b->line, b->column, -EBADMSG, "not YAML: %s",
			   e->msg);
}

static int run(struct builder *b, struct fy_diag *diag)
{
	struct fy_event *ev;
	int ret = 0;

	while (!ret) {
		ev = fy_parser_parse(b->parser);
		if (!ev)
			break;
		ret = on_event(b, ev);
		fy_parser_event_free(b->parser, ev);
	}
	if (!ret && fy_parser_get_stream_error(b->parser))
		ret = syntax_error(b, diag);
	if (!ret && !b->yaml->n)
		ret = fail(b, -EBADMSG, "empty: there is no policy in it");
	return ret;
}

static struct fy_diag *new_diag(void)
{
	struct fy_diag_cfg cfg;
	struct fy_diag *diag;

	fy_diag_cfg_default(&cfg);
	cfg.fp = NULL;
	cfg.colorize = false;
	diag = fy_diag_create(&cfg);
	if (diag)
		fy_diag_set_collect_errors(diag, true);
	return diag;
}

static int parse(struct builder *b)
{
	struct fy_parse_cfg cfg = {
		.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 |
			 FYPCF_JSON_NONE,
	};
	struct fy_diag *diag = new_diag();
	int ret = -ENOMEM;

	cfg.diag = diag;
	if (diag)
		b->parser = fy_parser_create(&cfg);
	if (b->parser &&
	    !fy_parser_set_string(b->parser, (const char *)b->bytes.ptr,
				  b->bytes.len))
		ret = run(b, diag);
	fy_parser_destroy(b->parser);
	fy_diag_destroy(diag);
	return ret;
}

int crd_yaml_load(struct crd_buf bytes, struct crd_yaml *ret_yaml,
		  struct crd_error *err)
{
	struct crd_yaml yaml = { 0 };
	struct builder b = { .bytes = bytes, .yaml = &yaml, .err = err };
	int ret;

	b.line = 1;
	b.column = 1;
	if (bytes.len > POL_MAX_BYTES)
		return fail(&b, -E2BIG, "larger than 1 MiB");
	if (!bytes.len)
		return fail(&b, -EBADMSG, "empty: there is no policy in it");
	ret = check_bytes(&b);
	if (ret)
		return ret;
	b.text_cap = 2 * bytes.len + POL_MAX_NODES;
	yaml.text = malloc(b.text_cap);
	ret = yaml.text ? parse(&b) : -ENOMEM;
	if (ret)
		crd_yaml_done(&yaml);
	else
		*ret_yaml = yaml;
	return ret;
}

void crd_yaml_done(struct crd_yaml *yaml)
{
	free(yaml->nodes);
	free(yaml->text);
	memset(yaml, 0, sizeof(*yaml));
}
