// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one door to httpd and APR. The order matters, hence no sorting here.
// clang-format off

// Gives the directive table typed members; httpd turns this off for g++, which has designated initializers since C++20.
#define AP_HAVE_DESIGNATED_INITIALIZER 1

#include <httpd.h>
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
#include <ap_socache.h>
#include <mod_core.h>
#include <util_cfgtree.h>
#include <util_filter.h>
#include <util_mutex.h>
#include <apr_global_mutex.h>
#include <apr_optional_hooks.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <apr_uri.h>

// Has no linkage specification of its own: its functions would be looked for under mangled names.
extern "C" {
#include <mod_proxy.h>
}

// The build hides every symbol; this one is what LoadModule looks for. httpd's own name for its type is `module`, and
// APLOG_USE_MODULE has it too: clang takes that for a C++20 module, to which all headers after it would belong.
extern "C" {
extern __attribute__((visibility("default"))) module_struct AP_MODULE_DECLARE_DATA sfjwt_module;
}
[[maybe_unused]] static int* const aplog_module_index = &sfjwt_module.module_index;
// clang-format on
