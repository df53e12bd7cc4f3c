// SPDX-License-Identifier: GPL-2.0
/* Words of docker that engine does not have, see hints.h. */
#include <string.h>

#include "base/array.h"
#include "hints.h"

#define NO_IMAGES \
	"engine has no images; podman and docker have, with purser-oci as their runtime"
#define NO_NETWORKS                                                                   \
	"a container has the host's network (--net host) or none; podman and docker " \
	"have others, with purser-oci as their runtime"
#define NO_MORE_MEMORY "--hard and --memory-max limit memory"
#define OWN_LAYER                                                                      \
	"the files of a container are in its ROOTFS, or in a folder of the host that " \
	"--volume gives it"

/* clang-format off */
static const struct {
	const char *words; /* each with a blank before and after */
	const char *text;
} hints[] = {
	{ " images image pull push build builder buildx tag load save import search history rmi login logout manifest ",
	  NO_IMAGES },
	{ " network port ", NO_NETWORKS },
	{ " volume ", "a volume is a folder or a file of the host: engine run --volume SRC:DST" },
	{ " create ", "engine start makes and starts a container at once" },
	{ " attach ", "engine logs --follow prints the output, engine exec -it ID sh runs a shell" },
	{ " top ", "engine stats counts processes, engine exec ID ps shows them" },
	{ " update ", "engine set changes limits" },
	{ " cp diff commit export ", OWN_LAYER },
	{ " rename ", "an ID stays; start a container with another one" },
	{ " list ls ", "engine ps prints the containers" },
	{ " container system ", "leave out this word: engine ps, engine rm, engine info" },
	{ " prune ", "engine rm --ended removes all containers that have ended" },
	{ " daemon serve ", "engine supervisor runs the supervisor" },
	{ " compose stack service swarm node ",
	  "engine runs single containers; docker has more, with purser-oci as its runtime" },

	{ " -p -P --publish --publish-all --expose ",
	  "with --net host a container listens on the host's own ports" },
	{ " --network --network-alias --link --ip --mac-address ", NO_NETWORKS },
	{ " --name ", "the ID is the first word that is no option: engine run ID" },
	{ " --memory ", "--hard SIZE (-m) kills at once if processes use more; --memory-max SIZE limits the cgroup" },
	{ " --memory-reservation ", "--soft SIZE makes an event when usage reaches it" },
	{ " --memory-swap --memory-swappiness --kernel-memory ", NO_MORE_MEMORY },
	{ " --cpuset-cpus ", "--cpus LIST has the CPUs that the container may use" },
	{ " --cpu-shares -c ", "--nice N gives the container less of the CPU time" },
	{ " --mount ", "--volume SRC:DST[:ro] and --tmpfs DST[:OPTIONS] mount" },
	{ " --volumes-from ", "give both containers the same --volume" },
	{ " --shm-size ", "mount over it: --tmpfs /dev/shm:size=SIZE" },
	{ " --entrypoint ", "the command is all that runs: engine run ID -- COMMAND" },
	{ " --add-host --dns --dns-search --dns-option ",
	  "bind a file of your own: --volume FILE:/etc/hosts or FILE:/etc/resolv.conf" },
	{ " --device --gpus --device-cgroup-rule ",
	  "a container has the devices null, zero, full, random, urandom and tty; --privileged can make others" },
	{ " --group-add ", "--user USER:GROUP sets the group; a USER alone gets all its groups" },
	{ " --log-opt ", "--log-max-size and --log-max-files limit the log; an open line is shown without an option" },
	{ " --storage-opt ", "--storage-max limits what the container writes to its overlay" },
	{ " --label -l --label-file ", "the ID is all that names a container" },
	{ " --pid --ipc --uts --cgroupns ",
	  "each container has these namespaces of its own" },
	{ " --cidfile --sig-proxy --detach-keys --pull --platform ",
	  "engine does without it: leave it out" },
};
/* clang-format on */

static int lists(const char *words, const char *word, size_t len)
{
	for (; *words; words += strcspn(words, " ")) {
		words += strspn(words, " ");
		if (strcspn(words, " ") == len && len &&
		    !memcmp(words, word, len))
			return 1;
	}
	return 0;
}

const char *hint_for(const char *word)
{
	/* An option may have its value with it. */
	size_t len = strcspn(word, "=");

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (lists(hints[i].words, word, len))
			return hints[i].text;
	return NULL;
}
