// SPDX-License-Identifier: Apache-2.0
#pragma once

// The only place that includes headers of httpd and APR. Their order matters, so they are not sorted.
// clang-format off

// Enables typed members in the directive table; httpd disables this for g++, which has designated
// initializers since C++20.
#define AP_HAVE_DESIGNATED_INITIALIZER 1

#include <httpd.h>
#include <ap_mmn.h>
#if !AP_MODULE_MAGIC_AT_LEAST(20120211, 116)
#error "mod_sfjwt needs the headers of Apache httpd 2.4.49 or later: older versions do not tell which connections go out"
#endif
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <http_ssl.h>
#include <mpm_common.h>
#include <ap_expr.h>
#include <ap_listen.h>
#include <ap_mpm.h>
#include <ap_provider.h>
#include <ap_socache.h>
#include <mod_auth.h>
#include <mod_core.h>
#include <util_cfgtree.h>
#include <util_filter.h>
#include <util_mutex.h>
#include <apr_global_mutex.h>
#include <apr_optional_hooks.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <apr_uri.h>

// This header has no extern "C" of its own: its functions would get mangled names.
extern "C" {
#include <mod_proxy.h>
}

// The build hides every symbol; this one is what LoadModule looks for. httpd calls its type `module`, also in
// APLOG_USE_MODULE: clang would parse that as a C++20 module declaration, and treat all later headers as part
// of that module.
extern "C" {
extern __attribute__((visibility("default"))) module_struct AP_MODULE_DECLARE_DATA sfjwt_module;
}
[[maybe_unused]] static int* const aplog_module_index = &sfjwt_module.module_index;
// clang-format on
