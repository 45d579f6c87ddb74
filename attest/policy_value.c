// SPDX-License-Identifier: Apache-2.0
/*
 * Values by what the schema wants. A text is whatever was written, so NO, on,
 * 0x10 and 1.10 stay as they are; a word or number is wanted in one spelling
 * and anything else is an error that says which.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_private.h"

int crd_node_fail(const struct crd_load *l, const struct crd_node *node,
		  const char *fmt, ...)
{
	char text[2 * CRD_ERROR_TEXT]; /* crd_fail_at() is who cuts it */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return crd_fail_at(l->err, node->line, node->column, -EBADMSG, "%s",
			   text);
}

/* Words by which YAML says "nothing". As a text they are hardly meant. */
static bool is_nothing(const struct crd_node *node)
{
	return node->plain &&
	       (!node->len || !strcmp(node->text, "~") ||
		!strcmp(node->text, "null") || !strcmp(node->text, "Null") ||
		!strcmp(node->text, "NULL"));
}

static const char *type_name(const struct crd_node *node)
{
	static const char *const names[] = { "a text", "a list", "a map" };

	return node->type == CRD_NODE_TEXT && is_nothing(node) ?
		       "nothing" :
		       names[node->type];
}

static int unknown_key(const struct crd_load *l, const struct crd_node *key,
		       const char *what, const struct crd_key *keys,
		       size_t n_keys)
{
	struct crd_str all = { 0 };
	size_t i;
	int ret;

	for (i = 0; i < n_keys; i++)
		crd_str_fmt(&all, "%s%s", i ? ", " : "", keys[i].name);
	ret = crd_node_fail(l, key, "unknown key '%.40s' in %s; known are: %s",
			    key->text, what, all.ptr ? all.ptr : "");
	crd_str_done(&all);
	return ret;
}

int crd_want_map(const struct crd_load *l, const struct crd_node *node,
		 const char *what, const struct crd_key *keys, size_t n_keys,
		 const struct crd_node **values)
{
	const struct crd_node *c, *key;
	size_t i;

	memset(values, 0, n_keys * sizeof(*values));
	if (node->type != CRD_NODE_MAP)
		return crd_node_fail(l, node,
				     "%s must be a map (key: value), not %s",
				     what, type_name(node));
	for (c = crd_node_first(l->yaml, node); c;
	     c = crd_node_next(l->yaml, c)) {
		key = &l->yaml->nodes[c->key];
		for (i = 0; i < n_keys && strcmp(keys[i].name, key->text); i++)
			;
		if (i == n_keys)
			return unknown_key(l, key, what, keys, n_keys);
		values[i] = c;
	}
	for (i = 0; i < n_keys; i++) {
		if (keys[i].required && !values[i])
			return crd_node_fail(l, node, "%s lacks '%s'", what,
					     keys[i].name);
	}
	return 0;
}

int crd_want_list(const struct crd_load *l, const struct crd_node *node,
		  const char *what, size_t limit)
{
	if (node->type != CRD_NODE_LIST)
		return crd_node_fail(l, node, "%s must be a list, not %s", what,
				     type_name(node));
	if (!node->n_children)
		return crd_node_fail(l, node,
				     "%s is empty; leave it out instead", what);
	if (node->n_children > limit)
		return crd_fail_at(l->err, node->line, node->column, -E2BIG,
				   "%s has more than %zu entries", what, limit);
	return 0;
}

int crd_want_text(const struct crd_load *l, const struct crd_node *node,
		  const char *what, const char **ret_text)
{
	if (node->type != CRD_NODE_TEXT)
		return crd_node_fail(l, node, "%s must be a text, not %s", what,
				     type_name(node));
	if (is_nothing(node))
		return crd_node_fail(
			l, node,
			"%s is '%s', which is YAML for nothing; quote it if that is the text",
			what, node->text);
	if (!node->len)
		return crd_node_fail(l, node, "%s is empty", what);
	*ret_text = node->text;
	return 0;
}

int crd_want_id(const struct crd_load *l, const struct crd_node *node,
		const char *what, const char **ret_text)
{
	const char *text = "";
	int ret = crd_want_text(l, node, what, &text);

	if (ret)
		return ret;
	if (node->len > 64 ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789-_.") != node->len)
		return crd_node_fail(
			l, node,
			"%s may have 64 letters, digits, '-', '_' and '.'",
			what);
	*ret_text = text;
	return 0;
}

int crd_want_word(const struct crd_load *l, const struct crd_node *node,
		  const char *what, const char *const *words,
		  unsigned int *ret_index)
{
	struct crd_str all = { 0 };
	unsigned int i;
	int ret;

	if (node->type == CRD_NODE_TEXT) {
		for (i = 0; words[i]; i++) {
			if (!strcmp(words[i], node->text)) {
				*ret_index = i;
				return 0;
			}
		}
	}
	for (i = 0; words[i]; i++)
		crd_str_fmt(&all, "%s%s", i ? ", " : "", words[i]);
	ret = crd_node_fail(
		l, node, "%s must be one of: %s; not %s%.40s%s", what,
		all.ptr ? all.ptr : "", node->type == CRD_NODE_TEXT ? "'" : "",
		node->type == CRD_NODE_TEXT ? node->text : type_name(node),
		node->type == CRD_NODE_TEXT ? "'" : "");
	crd_str_done(&all);
	return ret;
}

/* Plain decimal without sign, blanks or leading zero, that fits. */
static bool read_decimal(const char *text, size_t len, uint64_t *ret_number)
{
	uint64_t n = 0;
	size_t i;

	if (!len || len > 15 || (text[0] == '0' && len > 1))
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(text[i] - '0');
	}
	*ret_number = n;
	return true;
}

int crd_want_number(const struct crd_load *l, const struct crd_node *node,
		    const char *what, uint64_t *ret_number)
{
	if (node->type == CRD_NODE_TEXT && node->plain &&
	    read_decimal(node->text, node->len, ret_number) && *ret_number)
		return 0;
	return crd_node_fail(
		l, node, "%s must be a number from 1, in plain decimal digits",
		what);
}

int crd_want_date(const struct crd_load *l, const struct crd_node *node,
		  const char *what, int32_t *ret_day)
{
	if (node->type == CRD_NODE_TEXT &&
	    crd_date_parse(node->text, node->len, ret_day))
		return 0;
	return crd_node_fail(l, node, "%s must be a date like 2026-01-31",
			     what);
}

int crd_want_duration(const struct crd_load *l, const struct crd_node *node,
		      const char *what, int64_t *ret_seconds)
{
	static const char units[] = "smhd";
	static const int64_t seconds[] = { 1, 60, 3600, 86400 };
	const char *unit;
	uint64_t n;

	if (node->type == CRD_NODE_TEXT && node->len > 1) {
		unit = strchr(units, node->text[node->len - 1]);
		if (unit && read_decimal(node->text, node->len - 1, &n) && n &&
		    n <= 366 * 86400) {
			*ret_seconds = (int64_t)n * seconds[unit - units];
			if (*ret_seconds <= 366 * seconds[3])
				return 0;
		}
	}
	return crd_node_fail(
		l, node,
		"%s must be a number and a unit, like 90s, 10m, 12h or 7d, up to 366d",
		what);
}

/* Relative, below the policy's own folder, no tricks. */
static bool path_is_tame(const char *path)
{
	const char *p = path;
	size_t len;

	if (*p == '/' || strchr(p, '\\'))
		return false;
	for (;;) {
		len = strcspn(p, "/");
		if (!len || (len == 1 && p[0] == '.') ||
		    (len == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		if (!p[len])
			return true;
		p += len + 1;
	}
}

char *crd_load_path(const struct crd_load *l, const char *name)
{
	struct crd_str path = { 0 };

	crd_str_fmt(&path, "%s%s", l->folder ? l->folder : "", name);
	return crd_str_take(&path);
}

int crd_want_file(const struct crd_load *l, const struct crd_node *node,
		  const char *what, struct crd_buf *ret_bytes)
{
	const char *name = "";
	char *path;
	int ret = crd_want_text(l, node, what, &name);

	if (ret)
		return ret;
	if (!path_is_tame(name))
		return crd_node_fail(
			l, node,
			"%s must be a path below the policy's folder, without . or ..",
			what);
	if (!l->fetch)
		return crd_node_fail(l, node, "files cannot be read here");
	path = crd_load_path(l, name);
	if (!path)
		return -ENOMEM;
	ret = l->fetch(path, l->fetch_ctx, ret_bytes);
	if (ret && ret != -ENOMEM)
		ret = crd_node_fail(l, node, "cannot read %.160s: %s", path,
				    strerrordesc_np(-ret) ?
					    strerrordesc_np(-ret) :
					    "unknown error");
	free(path);
	return ret;
}
