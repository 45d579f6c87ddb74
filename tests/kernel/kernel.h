/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel's interfaces as the pure rooms of kmod/ use, so that
 * they are compiled into tests that run under the sanitizers. A harness
 * includes the rooms' .c files; what they include comes from here.
 */
#ifndef TESTS_KERNEL_H
#define TESTS_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define ARRAY_SIZE(a)	  (sizeof(a) / sizeof((a)[0]))
#define min(a, b)	  ((a) < (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))

#define GFP_KERNEL	 0
#define kvmalloc(n, gfp) malloc(n)
#define kvfree(p)	 free((void *)(p))

#define ktime_get_boottime_ns() ((u64)0)

#define hex_asc_hi(c) ("0123456789abcdef"[(c) >> 4])
#define hex_asc_lo(c) ("0123456789abcdef"[(c)&15])

/* A bit in each byte: nobody looks at them but by the names below. */
#define DECLARE_BITMAP(name, bits) u8 name[bits]
#define __set_bit(bit, map)	   ((map)[bit] = 1)

#define for_each_set_bit(bit, map, bits)         \
	for ((bit) = 0; (bit) < (bits); (bit)++) \
		if ((map)[bit])

static inline void bitmap_or(u8 *to, const u8 *a, const u8 *b, size_t bits)
{
	size_t i;

	for (i = 0; i < bits; i++)
		to[i] = a[i] | b[i];
}

static inline u64 kernel_get(const void *from, unsigned int n, bool big)
{
	const u8 *p = from;
	unsigned int i;
	u64 v = 0;

	for (i = 0; i < n; i++)
		v |= (u64)p[i] << 8 * (big ? n - 1 - i : i);
	return v;
}

static inline void kernel_put_big(u64 v, void *to, unsigned int n)
{
	u8 *p = to;

	while (n--) {
		p[n] = v;
		v >>= 8;
	}
}

#define get_unaligned_le16(p)	 ((u16)kernel_get(p, 2, false))
#define get_unaligned_le32(p)	 ((u32)kernel_get(p, 4, false))
#define get_unaligned_le64(p)	 kernel_get(p, 8, false)
#define put_unaligned_be16(v, p) kernel_put_big(v, p, 2)
#define put_unaligned_be32(v, p) kernel_put_big(v, p, 4)
#define put_unaligned_be64(v, p) kernel_put_big(v, p, 8)

#endif /* TESTS_KERNEL_H */
