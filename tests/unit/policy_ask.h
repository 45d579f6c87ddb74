/* SPDX-License-Identifier: Apache-2.0 */
/* policy_ask - one condition, one component: does it hold? */
#ifndef POLICY_ASK_H
#define POLICY_ASK_H

#include <cmocka.h>

#include "attest/appraise_private.h"
#include "policy_text.h"

/* To refuse or refer, and to admit or waive. */
struct asked {
	const char *when;
	bool refuse, admit;
};

/* The scene that is asked about; zeros are nothing. */
struct ask {
	const struct crd_component *c;
	const struct crd_registry *reg;
	struct crd_context context;
	struct crd_buf anchor;
	const char *sections; /* of the policy, before its rules */
	crd_fetch_fn fetch;
};

static inline void ask_one(const struct ask *a, const struct asked *row)
{
	struct crd_error err = { .text = "" };
	struct crd_policy *p = NULL;
	bool refuse, admit;
	struct crd_matcher m;
	char yaml[4096];

	snprintf(yaml, sizeof(yaml), HEAD "%s" RULE("%s", "refuse") OTHERWISE,
		 a->sections ? a->sections : "", row->when);
	if (crd_policy_load(small_buf(yaml), a->fetch, NULL, &p, &err))
		fail_msg("%u:%u %s\n%s", err.line, err.column, err.text, yaml);
	assert_int_equal(crd_matcher_init(&m, p, a->reg, 20800), 0);
	crd_matcher_about(&m, &a->context, a->anchor);
	assert_int_equal(crd_matcher_set(&m, a->c), 0);
	refuse = crd_matcher_holds(&m, p->rules[0].when, false);
	admit = crd_matcher_holds(&m, p->rules[0].when, true);
	if (refuse != row->refuse || admit != row->admit)
		fail_msg("%s: refuse %d admit %d", row->when, refuse, admit);
	crd_matcher_done(&m);
	crd_policy_free(&p);
}

#define ASK(a, ...)                                                            \
	do {                                                                   \
		static const struct asked rows[] = { __VA_ARGS__ };            \
		for (size_t ask_i = 0; ask_i < sizeof(rows) / sizeof(rows[0]); \
		     ask_i++)                                                  \
			ask_one((a), &rows[ask_i]);                            \
	} while (0)

#endif /* POLICY_ASK_H */
