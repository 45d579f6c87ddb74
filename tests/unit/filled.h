/* SPDX-License-Identifier: Apache-2.0 */
/* J06: what firmware leaves where a maker, a model or a number belongs. */
#ifndef FILLED_H
#define FILLED_H

#define FILLED                                                                \
	"", "Not Specified", "Unknown", "To be filled by O.E.M.", "00000000", \
		"FFFFFFFF"

#endif /* FILLED_H */
