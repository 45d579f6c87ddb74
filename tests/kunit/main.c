// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "suites.h"

kunit_test_suites(&crd_text_suite, &crd_event_suite, &crd_store_suite,
		  &crd_digest_suite, &crd_log_suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of the Credence measurer's rooms");
