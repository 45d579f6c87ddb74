/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_set - values into JSON objects. What fails sets *ok to false, so that
 * callers set freely and ask once.
 */
#ifndef CRD_JSON_SET_H
#define CRD_JSON_SET_H

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "attest.h"
#include "text_private.h"

/* json_object_set_new() refuses NULL values, so failures add up in ok. */
static inline void set(json_t *object, const char *key, json_t *value, bool *ok)
{
	if (json_object_set_new(object, key, value))
		*ok = false;
}

static inline void set_text(json_t *object, const char *key, const char *text,
			    bool *ok)
{
	if (text)
		set(object, key, json_string(text), ok);
}

/* Numbers past what JSON readers hold exactly become texts. */
static inline void set_number(json_t *object, const char *key, uint64_t n,
			      bool *ok)
{
	char text[32];

	if (n <= (1ull << 53)) {
		set(object, key, json_integer((json_int_t)n), ok);
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, n);
	set(object, key, json_string(text), ok);
}

static inline void set_str(json_t *object, const char *key, struct crd_str *str,
			   bool *ok)
{
	if (str->failed)
		*ok = false;
	else if (str->len)
		set(object, key, json_stringn(str->ptr, str->len), ok);
	crd_str_done(str);
}

static inline void set_safe(json_t *object, const char *key,
			    struct crd_buf bytes, bool *ok)
{
	struct crd_str str = { 0 };

	if (!bytes.ptr)
		return;
	crd_str_safe(&str, bytes);
	if (!str.len)
		set(object, key, json_string(""), ok);
	set_str(object, key, &str, ok);
}

static inline void set_digest(json_t *object, const char *key,
			      const struct crd_digest *d, bool *ok)
{
	struct crd_str str = { 0 };

	if (!d->alg)
		return;
	crd_str_fmt(&str, "%s:",
		    crd_alg_name(d->alg) ? crd_alg_name(d->alg) : "unknown");
	crd_str_hex(&str, d->bytes, d->len);
	set_str(object, key, &str, ok);
}

static inline void set_time(json_t *object, const char *key, int64_t when,
			    bool *ok)
{
	set(object, key, json_integer(when), ok);
}

/* "2026-01-31" */
static inline void set_day(json_t *object, const char *key, int32_t day,
			   bool *ok)
{
	struct crd_str str = { 0 };

	crd_str_date(&str, day);
	set_text(object, key, str.failed ? NULL : str.ptr, ok);
	*ok = *ok && !str.failed;
	crd_str_done(&str);
}

static inline void append(json_t *array, json_t *value, bool *ok)
{
	if (json_array_append_new(array, value))
		*ok = false;
}

/* report_component.c */
json_t *crd_component_json(const struct crd_component *c,
			   const struct crd_inventory *inv,
			   const struct crd_registry *registry,
			   const struct crd_policy *policy, bool *ok);

/*
 * report_json.c: the object with the components shown; takes it over. report
 * NULL: an inventory only; explain NULL: without how the rules went.
 */
struct crd_explainer;
int crd_json_finish(json_t *o, bool ok, const struct crd_show *show,
		    const struct crd_report *report,
		    struct crd_explainer *explain, crd_put_fn put, void *ctx);

/* inventory_json.c: what an inventory adds to a component. */
void crd_show_component(const struct crd_show *show,
			const struct crd_component *c, json_t *o, bool *ok);

#endif /* CRD_JSON_SET_H */
