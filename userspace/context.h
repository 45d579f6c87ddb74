/* SPDX-License-Identifier: Apache-2.0 */
/* context - what a machine is for, as told on the command line. */
#ifndef CRD_CONTEXT_H
#define CRD_CONTEXT_H

#include "attest.h"
#include "options.h"

/* "site=ottawa", "destination=CN", "purpose=export". -EINVAL: err says why. */
int crd_context_parse(const struct crd_list *words,
		      struct crd_context *ret_context, struct crd_error *err);

#endif /* CRD_CONTEXT_H */
