/* SPDX-License-Identifier: GPL-2.0-only */
/* struct usb_driver had its core driver in a wrapper before 6.8. */
#ifndef _CRD_COMPAT_LINUX_USB_H
#define _CRD_COMPAT_LINUX_USB_H

#include_next <linux/usb.h>

#ifdef CRD_HAVE_USB_DRVWRAP
#define crd_usb_core_driver(udrv)	(&(udrv)->drvwrap.driver)
#else
#define crd_usb_core_driver(udrv)	(&(udrv)->driver)
#endif

#endif /* _CRD_COMPAT_LINUX_USB_H */
