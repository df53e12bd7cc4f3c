/* SPDX-License-Identifier: GPL-2.0 */
/* What this runtime can do, as the features command prints it (features.md of the spec). */
#ifndef OCI_FEATURES_H
#define OCI_FEATURES_H

#include <json-c/json.h>

/* The versions of the runtime-spec that a configuration may have. */
#define OCI_VERSION_MIN "1.0.0"
#define OCI_VERSION_MAX "1.3.0"

/** features_build() - build the object, for json_object_put(); NULL: out of memory */
struct json_object *features_build(void);

#endif /* OCI_FEATURES_H */
