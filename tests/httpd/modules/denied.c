/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded, it lets nobody connect to the port DENIED_PORT, as SELinux does, and shows the file SELINUX_ENFORCE as the one
 * by which the kernel says whether SELinux is enforcing. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
    int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
    const char *port = getenv("DENIED_PORT");
    /* The port stands at the same place in both families. */
    if (port && (address->sa_family == AF_INET || address->sa_family == AF_INET6) &&
        ntohs(((const struct sockaddr_in *)address)->sin_port) == atoi(port)) {
        errno = EACCES;
        return -1;
    }
    return real(socket, address, length);
}

static const char *shown(const char *path)
{
    const char *file = getenv("SELINUX_ENFORCE");
    return file && strcmp(path, "/sys/fs/selinux/enforce") == 0 ? file : path;
}

FILE *fopen(const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen");
    return real(shown(path), mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen64");
    return real(shown(path), mode);
}
