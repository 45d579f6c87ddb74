// SPDX-License-Identifier: Apache-2.0
#include "bidfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"

static int find_format(const char *word, enum crd_bid_format *ret_format,
		       struct crd_error *err)
{
	enum crd_bid_format f;

	*ret_format = CRD_BID_BY_CONTENT;
	if (!word)
		return 0;
	for (f = CRD_BID_CYCLONEDX; f < CRD_BID_FORMATS; f++) {
		if (strcmp(word, crd_bid_format_name(f)) == 0) {
			*ret_format = f;
			return 0;
		}
	}
	return crd_io_err(
		err, -EINVAL,
		"--bid-format %s: give cyclonedx, spdx, paccor or csv", word);
}

int crd_bidfile_read(const char *path, const char *format,
		     struct crd_bid **ret_bid, struct crd_error *err)
{
	enum crd_bid_format f;
	struct crd_error why = { 0 };
	uint8_t *bytes = NULL;
	size_t len = 0;
	int r = find_format(format, &f, err);

	if (r == 0)
		r = crd_io_read(path, CRD_MAX_BID, &bytes, &len, err);
	if (r < 0)
		return r;
	r = crd_bid_read((struct crd_buf){ bytes, len }, f, ret_bid, &why);
	free(bytes);
	if (r == 0)
		return 0;
	if (why.line)
		return crd_io_err(err, r, "%s:%u:%u: %s", path, why.line,
				  why.column, why.text);
	return crd_io_err(err, r, "%s: %s", path, why.text);
}
