// SPDX-License-Identifier: GPL-2.0
/* Files in /etc of a container, see etc_files.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "etc_files.h"
#include "run_folder.h"

#define SAFE                                                        \
	(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | \
	 MOUNT_ATTR_RDONLY)

/* A file of the host that is larger is not taken. */
#define HOST_FILE_MAX (64 << 10)

/* The host's file, for free(); NULL: there is none, or it is strange. */
static char *read_host(const char *path)
{
	char *text = malloc(HOST_FILE_MAX);

	if (text && file_read(AT_FDCWD, path, text, HOST_FILE_MAX) >= 0)
		return text;
	free(text);
	return NULL;
}

/* Its loopback names are the container's own. */
static bool is_loopback(const char *line)
{
	line += strspn(line, " \t");
	return !strncmp(line, "127.", 4) || !strncmp(line, "::1", 3);
}

static void copy_hosts(FILE *to, const char *host)
{
	while (*host) {
		size_t len = strcspn(host, "\n");

		if (!is_loopback(host))
			fprintf(to, "%.*s\n", (int)len, host);
		host += len + (host[len] == '\n');
	}
}

char *etc_hosts(const char *hostname, const char *host)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	fprintf(f,
		"127.0.0.1\tlocalhost\n"
		"::1\tlocalhost ip6-localhost ip6-loopback\n"
		"127.0.1.1\t%s\n",
		hostname);
	if (host)
		copy_hosts(f, host);
	if (!fclose(f))
		return text;
	free(text);
	return NULL;
}

static char *make_hosts(const struct start_request *request,
			const char *hostname)
{
	__cleanup_free char *host = request->own_network ?
					    NULL :
					    read_host("/etc/hosts");

	return etc_hosts(hostname, host);
}

static char *make_hostname(const struct start_request *request,
			   const char *hostname)
{
	char *text;

	(void)request;
	return asprintf(&text, "%s\n", hostname) < 0 ? NULL : text;
}

static char *make_resolv_conf(const struct start_request *request,
			      const char *hostname)
{
	char *host = request->own_network ? NULL :
					    read_host("/etc/resolv.conf");
	char *text;
	int len;

	(void)hostname;
	len = asprintf(&text, "%s\n",
		       host ? host : "# this container reaches no name server");
	free(host);
	return len < 0 ? NULL : text;
}

static const struct {
	const char *path;
	/* Its name in the run folder is run_folder_etc[]. */
	char *(*make)(const struct start_request *request,
		      const char *hostname);
} files[N_ETC_FILES] = {
	{ "/etc/hosts", make_hosts },
	{ "/etc/hostname", make_hostname },
	{ "/etc/resolv.conf", make_resolv_conf },
};

/* Whether a volume or a tmpfs is at the path, or above it. */
static bool is_covered(const struct container_mounts *mounts, const char *path)
{
	for (size_t i = 0; i < mounts->n; i++) {
		const char *target = mounts->specs[i].target;
		size_t len = strlen(target);

		if (!strncmp(path, target, len) &&
		    (!path[len] || path[len] == '/'))
			return true;
	}
	return false;
}

static int make_file(const char *folder, const char *name, const char *text,
		     uid_t owner)
{
	__cleanup_free char *path = path_join(folder, name, "");
	int fd __cleanup_close = -1;
	int err;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = file_write_all(fd, text, strlen(text));
	if (err)
		return err;
	if (fchmod(fd, 0644) < 0 || (owner && fchown(fd, owner, owner) < 0))
		return -errno;
	return take_fd(&fd);
}

int etc_files_add(struct container_mounts *mounts, const char *folder,
		  const struct start_request *request, const char *hostname,
		  uid_t owner, struct failure *failure)
{
	for (size_t i = 0; i < N_ETC_FILES; i++) {
		const char *path = files[i].path;
		__cleanup_free char *text = NULL;
		int fd;

		if (is_covered(mounts, path))
			continue;
		text = files[i].make(request, hostname);
		fd = text ? make_file(folder, run_folder_etc[i], text, owner) :
			    -ENOMEM;
		if (fd < 0)
			return failed_errno(failure, fd, "making its %s", path);
		mounts->specs[mounts->n++] = (struct mount_spec){
			.source = path,
			.target = path,
			.is_open = true,
			.fd = fd,
			.set = SAFE,
			.optional = true,
			.no_crossing = true,
		};
	}
	return 0;
}
