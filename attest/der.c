// SPDX-License-Identifier: Apache-2.0
#include "der.h"

static struct crd_buf fail(struct crd_der *d, struct crd_buf *ret_value)
{
	d->failed = true;
	*ret_value = (struct crd_buf){ NULL, 0 };
	return *ret_value;
}

/* *ret_head: bytes of tag and length. False: cut short, or not the shortest. */
static bool read_length(struct crd_buf in, size_t *ret_head, size_t *ret_len)
{
	size_t i, n, len = 0;

	if (in.len < 2)
		return false;
	if (in.ptr[1] < 0x80) {
		*ret_head = 2;
		*ret_len = in.ptr[1];
		return true;
	}
	n = in.ptr[1] & 0x7f; /* 0 would be the indefinite form */
	if (!n || n > 4 || in.len - 2 < n || !in.ptr[2])
		return false;
	for (i = 0; i < n; i++)
		len = len << 8 | in.ptr[2 + i];
	*ret_head = 2 + n;
	*ret_len = len;
	return len >= 0x80;
}

struct crd_buf crd_der_element(struct crd_der *d, uint8_t tag,
			       struct crd_buf *ret_value)
{
	struct crd_buf whole = d->left;
	size_t head = 0, len = 0;

	if (der_peek(d) != tag || !read_length(d->left, &head, &len) ||
	    len > d->left.len - head)
		return fail(d, ret_value);
	whole.len = head + len;
	*ret_value = (struct crd_buf){ whole.ptr + head, len };
	d->left.ptr += whole.len;
	d->left.len -= whole.len;
	return whole;
}

int crd_der_small(struct crd_der *d)
{
	struct crd_buf n = der_take(d, DER_INTEGER);

	if (n.len != 1 || n.ptr[0] > 0x7f) {
		d->failed = true;
		return -1;
	}
	return n.ptr[0];
}

struct crd_buf crd_der_unsigned(struct crd_der *d)
{
	struct crd_buf n = der_take(d, DER_INTEGER);

	/* negative, or a zero in front that is not needed */
	if (!n.len || n.ptr[0] > 0x7f ||
	    (n.len > 1 && !n.ptr[0] && n.ptr[1] < 0x80))
		return fail(d, &n);
	if (!n.ptr[0]) {
		n.ptr++;
		n.len--;
	}
	return n;
}
