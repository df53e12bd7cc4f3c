// SPDX-License-Identifier: GPL-2.0
/* Names for people, see names.h. */
#include "names.h"

/* Each caller has a key of its own; podman and docker write no name in an annotation. */
static const char *const keys[] = {
	"io.purser.name",
	"io.kubernetes.cri.container-name", /* containerd, for Kubernetes */
	"io.kubernetes.container.name",	    /* CRI-O */
	"io.kubernetes.cri-o.ContainerName",
	"nerdctl/name",
};

const char *names_of_container(const struct oci_config *config)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *name = oci_config_annotation(config, keys[i]);

		if (name && *name)
			return name;
	}
	return config->spec.hostname;
}
