// SPDX-License-Identifier: Apache-2.0
/*
 * JSON of a stranger. Depth and number of values are counted before anything
 * is built of them; the library that builds refuses keys that stand twice, NUL
 * and what is not UTF-8.
 */
#include <errno.h>
#include <string.h>

#include "bid_private.h"

struct shape {
	unsigned int line;
	unsigned int depth, values;
	bool in_text;
};

/* Where the text ends is all that is of interest in it. */
static void pass_text(struct shape *s, struct crd_buf bytes, size_t *i)
{
	if (bytes.ptr[*i] == '\\')
		(*i)++;
	else if (bytes.ptr[*i] == '"')
		s->in_text = false;
}

static void pass_other(struct shape *s, uint8_t c)
{
	switch (c) {
	case '"':
		s->in_text = true;
		break;
	case '\n':
		s->line++;
		break;
	case '{':
	case '[':
		s->depth++;
		s->values++;
		break;
	case '}':
	case ']':
		s->depth -= s->depth > 0;
		break;
	case ',':
		s->values++;
		break;
	default:
		break;
	}
}

static int check_shape(struct crd_buf bytes, struct crd_error *err)
{
	struct shape s = { .line = 1 };
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		if (s.in_text)
			pass_text(&s, bytes, &i);
		else
			pass_other(&s, bytes.ptr[i]);
		if (s.depth > CRD_MAX_BID_DEPTH)
			return crd_fail_at(err, s.line, 1, -E2BIG,
					   "nested over %d deep",
					   CRD_MAX_BID_DEPTH);
		if (s.values > CRD_MAX_BID_VALUES)
			return crd_fail_at(err, s.line, 1, -E2BIG,
					   "more than %d values",
					   CRD_MAX_BID_VALUES);
	}
	return 0;
}

int crd_bid_json_load(struct crd_buf bytes, json_t **ret_root,
		      struct crd_error *err)
{
	json_error_t why;
	json_t *root;
	int ret = check_shape(bytes, err);

	if (ret)
		return ret;
	root = json_loadb((const char *)bytes.ptr, bytes.len,
			  JSON_REJECT_DUPLICATES, &why);
	if (!root) {
		if (json_error_code(&why) == json_error_out_of_memory)
			return crd_fail_at(err, 0, 0, -ENOMEM, "out of memory");
		return crd_fail_at(
			err, why.line > 0 ? (unsigned int)why.line : 1,
			why.column > 0 ? (unsigned int)why.column : 1, -EBADMSG,
			"not JSON as it should be: %s", why.text);
	}
	if (!json_is_object(root)) {
		json_decref(root);
		return crd_fail_at(err, 1, 1, -EBADMSG,
				   "JSON, but not an object");
	}
	*ret_root = root;
	return 0;
}

size_t crd_bid_enter(struct crd_bid_reader *r, const char *key, long n)
{
	size_t mark = strlen(r->place), room = sizeof(r->place) - mark;

	if (n < 0)
		snprintf(r->place + mark, room, "%s%s", mark ? "." : "", key);
	else
		snprintf(r->place + mark, room, "%s%s[%ld]", mark ? "." : "",
			 key, n);
	return mark;
}

void crd_bid_leave(struct crd_bid_reader *r, size_t mark)
{
	r->place[mark] = '\0';
}

static int not_a(struct crd_bid_reader *r, const char *key, const char *what)
{
	size_t mark = crd_bid_enter(r, key, -1);
	int ret = crd_bid_fail(r, -EBADMSG, "not %s", what);

	crd_bid_leave(r, mark);
	return ret;
}

int crd_bid_json_text(struct crd_bid_reader *r, const json_t *object,
		      const char *key, struct crd_buf *ret_text)
{
	const json_t *value = json_object_get(object, key);
	size_t mark;
	int ret;

	*ret_text = (struct crd_buf){ NULL, 0 };
	if (!value || json_is_null(value))
		return 0;
	if (!json_is_string(value))
		return not_a(r, key, "a text");
	ret_text->ptr = (const uint8_t *)json_string_value(value);
	ret_text->len = json_string_length(value);
	*ret_text = crd_bid_trim(*ret_text);
	if (ret_text->len <= CRD_MAX_BID_TEXT)
		return 0;
	mark = crd_bid_enter(r, key, -1);
	ret = crd_bid_fail(r, -E2BIG, "longer than %d bytes", CRD_MAX_BID_TEXT);
	crd_bid_leave(r, mark);
	return ret;
}

int crd_bid_json_object(struct crd_bid_reader *r, const json_t *object,
			const char *key, json_t **ret_value)
{
	*ret_value = json_object_get(object, key);
	if (!*ret_value || json_is_object(*ret_value))
		return 0;
	if (!json_is_null(*ret_value))
		return not_a(r, key, "an object");
	*ret_value = NULL;
	return 0;
}

int crd_bid_json_array(struct crd_bid_reader *r, const json_t *object,
		       const char *key, json_t **ret_value)
{
	*ret_value = json_object_get(object, key);
	if (!*ret_value || json_is_array(*ret_value))
		return 0;
	if (!json_is_null(*ret_value))
		return not_a(r, key, "an array");
	*ret_value = NULL;
	return 0;
}

int crd_bid_json_each(struct crd_bid_reader *r, const json_t *object,
		      const char *key, crd_bid_json_fn fn, void *ctx)
{
	json_t *array, *one;
	size_t i, mark;
	int ret = crd_bid_json_array(r, object, key, &array);

	for (i = 0; !ret && array && i < json_array_size(array); i++) {
		one = json_array_get(array, i);
		mark = crd_bid_enter(r, key, (long)i);
		ret = json_is_object(one) ?
			      fn(r, one, ctx) :
			      crd_bid_fail(r, -EBADMSG, "not an object");
		crd_bid_leave(r, mark);
	}
	return ret;
}
