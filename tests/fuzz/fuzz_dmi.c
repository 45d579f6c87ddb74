// SPDX-License-Identifier: Apache-2.0
/* An SMBIOS table: every view inside it, every step forward. */
#include <stdlib.h>

#include "attest.h"

static void inside(struct crd_buf view, const uint8_t *data, size_t size)
{
	if (view.len && (view.ptr < data || view.ptr + view.len > data + size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf left = { data, size }, text;
	struct crd_dmi s;
	size_t before;

	for (;;) {
		before = left.len;
		if (crd_dmi_next(&left, &s) != CRD_DMI_ONE)
			break;
		if (left.len >= before || s.data.len < 4)
			abort();
		inside(s.data, data, size);
		inside(s.strings, data, size);
		while (crd_dmi_string(&s.strings, &text))
			inside(text, data, size);
	}
	if (left.len != before)
		abort(); /* a structure that is none was passed over */
	return 0;
}
