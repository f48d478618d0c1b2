/* SPDX-License-Identifier: Apache-2.0 */
/* A module that keeps what it reads of a request body: just before mod_proxy connects, it reads the body of the request
 * and keeps it in four ways (as it came, set aside, copied, split). When the response is done, it reads each of them
 * again and writes what it gets to the file that KeeperFile names, as if it sent it elsewhere. */
#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <mod_proxy.h>
#include <util_filter.h>

#include <apr_strings.h>

module AP_MODULE_DECLARE_DATA keeper_module;

#define KEPT "keeper"

static const char *file_name;

typedef struct {
    const char *name;
    apr_bucket_brigade *brigade;
} way;

static apr_off_t readable(apr_bucket_brigade *brigade)
{
    apr_off_t sum = 0;
    apr_bucket *bucket;
    for (bucket = APR_BRIGADE_FIRST(brigade); bucket != APR_BRIGADE_SENTINEL(brigade); bucket = APR_BUCKET_NEXT(bucket)) {
        const char *data;
        apr_size_t length;
        if (!APR_BUCKET_IS_METADATA(bucket) && apr_bucket_read(bucket, &data, &length, APR_BLOCK_READ) == APR_SUCCESS)
            sum += length;
    }
    return sum;
}

static apr_bucket_brigade *copied(apr_bucket_brigade *from, apr_pool_t *pool)
{
    apr_bucket_brigade *to = apr_brigade_create(pool, from->bucket_alloc);
    apr_bucket *bucket, *copy;
    for (bucket = APR_BRIGADE_FIRST(from); bucket != APR_BRIGADE_SENTINEL(from); bucket = APR_BUCKET_NEXT(bucket))
        if (apr_bucket_copy(bucket, &copy) == APR_SUCCESS)
            APR_BRIGADE_INSERT_TAIL(to, copy);
    return to;
}

static void split_each(apr_bucket_brigade *brigade)
{
    apr_bucket *bucket = APR_BRIGADE_FIRST(brigade);
    while (bucket != APR_BRIGADE_SENTINEL(brigade)) {
        if (!APR_BUCKET_IS_METADATA(bucket) && bucket->length > 1)
            apr_bucket_split(bucket, 1);
        bucket = APR_BUCKET_NEXT(bucket);
    }
}

static int keep(request_rec *r, proxy_worker *worker, proxy_server_conf *conf, char *url, const char *proxy,
                apr_port_t port)
{
    apr_bucket_alloc_t *allocator = r->connection->bucket_alloc;
    way *ways = apr_pcalloc(r->pool, 4 * sizeof *ways);
    apr_bucket_brigade *body = apr_brigade_create(r->pool, allocator);
    apr_bucket_brigade *aside = apr_brigade_create(r->connection->pool, allocator), *given;
    apr_status_t status = ap_get_brigade(r->input_filters, body, AP_MODE_READBYTES, APR_BLOCK_READ, 8192);
    if (status != APR_SUCCESS) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, status, r, "keeper: there is no body");
        return DECLINED;
    }
    given = copied(body, r->pool);
    ways[0] = (way){"came", copied(body, r->pool)};
    ways[1] = (way){"copied", copied(body, r->pool)};
    ways[2] = (way){"split", copied(body, r->pool)};
    split_each(ways[2].brigade);
    ap_save_brigade(NULL, &aside, &given, r->connection->pool);
    ways[3] = (way){"aside", aside};
    apr_pool_userdata_setn(ways, KEPT, NULL, r->pool);
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r, "keeper: %" APR_OFF_T_FMT " bytes were readable", readable(body));
    /* mod_proxy shall find it where it keeps what it could not send. */
    apr_pool_userdata_setn(body, "proxy-req-input", NULL, r->pool);
    return DECLINED;
}

static int send_elsewhere(request_rec *r)
{
    void *kept = NULL;
    apr_file_t *file;
    int i;
    apr_pool_userdata_get(&kept, KEPT, r->pool);
    if (!kept || !file_name
        || apr_file_open(&file, file_name, APR_WRITE | APR_CREATE | APR_APPEND, APR_OS_DEFAULT, r->pool) != APR_SUCCESS)
        return DECLINED;
    for (i = 0; i < 4; ++i) {
        way *one = (way *)kept + i;
        apr_bucket *bucket;
        apr_file_printf(file, "\n%s:", one->name);
        for (bucket = APR_BRIGADE_FIRST(one->brigade); bucket != APR_BRIGADE_SENTINEL(one->brigade);
             bucket = APR_BUCKET_NEXT(bucket)) {
            const char *data = "";
            apr_size_t length = 0;
            if (APR_BUCKET_IS_METADATA(bucket))
                continue;
            apr_bucket_read(bucket, &data, &length, APR_BLOCK_READ); /* the status is not looked at, as mod_proxy does */
            apr_file_write_full(file, data, length, NULL);
        }
    }
    apr_file_close(file);
    return DECLINED;
}

static const char *set_file(cmd_parms *cmd, void *config, const char *name)
{
    file_name = apr_pstrdup(cmd->pool, name);
    return NULL;
}

static const command_rec directives[] = {
    AP_INIT_TAKE1("KeeperFile", set_file, NULL, RSRC_CONF, "where what was kept is written"), {NULL}};

static void hooks(apr_pool_t *pool)
{
    proxy_hook_scheme_handler(keep, NULL, NULL, APR_HOOK_REALLY_FIRST + 1); /* behind whoever judges the target */
    ap_hook_log_transaction(send_elsewhere, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA keeper_module = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, directives, hooks};
