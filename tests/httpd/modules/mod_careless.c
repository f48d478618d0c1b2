/* SPDX-License-Identifier: Apache-2.0 */
/* A module that undoes what mod_ssl checks of a server before mod_proxy sends a request to it, as settings that nobody
 * sees could:
 *   CarelessVerify off  any certificate will do, whoever signed it
 *   CarelessName NAME   the certificate is compared with this name, not with that of the target */
#include <httpd.h>
#include <http_config.h>

#include <apr_optional_hooks.h>
#include <apr_strings.h>
#include <openssl/ssl.h>
#include <string.h>

module AP_MODULE_DECLARE_DATA careless_module;

static int verify = 1;
static const char *name;

/* The optional hook of mod_ssl (mod_ssl_openssl.h), which not every distribution installs. */
static int before_handshake(conn_rec *c, SSL *ssl, int is_proxy)
{
    if (!is_proxy)
        return 0;
    if (!verify)
        SSL_set_verify(ssl, SSL_VERIFY_NONE, NULL);
    if (name)
        apr_table_setn(c->notes, "proxy-request-hostname", name);
    return 0;
}

static const char *set_verify(cmd_parms *cmd, void *config, const char *word)
{
    verify = strcmp(word, "off") != 0;
    return NULL;
}

static const char *set_name(cmd_parms *cmd, void *config, const char *word)
{
    name = apr_pstrdup(cmd->pool, word);
    return NULL;
}

static const command_rec directives[] = {
    AP_INIT_TAKE1("CarelessVerify", set_verify, NULL, RSRC_CONF, "on or off"),
    AP_INIT_TAKE1("CarelessName", set_name, NULL, RSRC_CONF, "a host name"),
    {NULL}};

static void hooks(apr_pool_t *pool)
{
    apr_optional_hook_add("pre_handshake", (void (*)(void))before_handshake, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA careless_module = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, hooks};
