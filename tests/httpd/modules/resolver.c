/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded, it gives the host RESOLVED_HOST the address RESOLVED_ADDRESS, as a resolver that somebody else controls
 * could. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
    const char *host = getenv("RESOLVED_HOST");
    if (node && host && strcmp(node, host) == 0)
        node = getenv("RESOLVED_ADDRESS");
    return real(node, service, hints, found);
}
