/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters with a range, checked at load and at run time.
 */
#ifndef PURSER_PARAM_H
#define PURSER_PARAM_H

#include <linux/moduleparam.h>

#define PURSER_PARAM_UINT(name, min, max, perm)                               \
	static int name##_set(const char *val, const struct kernel_param *kp) \
	{                                                                     \
		return param_set_uint_minmax(val, kp, min, max);              \
	}                                                                     \
	static const struct kernel_param_ops name##_ops = {                   \
		.set = name##_set,                                            \
		.get = param_get_uint,                                        \
	};                                                                    \
	module_param_cb(name, &name##_ops, &name, perm);                      \
	__MODULE_PARM_TYPE(name, "uint")

#endif /* PURSER_PARAM_H */
