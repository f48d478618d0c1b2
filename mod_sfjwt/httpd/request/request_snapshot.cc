// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/request/request_snapshot.h"

namespace sfjwt::httpd {
namespace {

constexpr const char* kNoKeepalive = "proxy-nokeepalive";

void put_back(apr_table_t* table, const char* name, const char* value) {
  if (value) {
    apr_table_setn(table, name, value);
  } else {
    apr_table_unset(table, name);
  }
}

}  // namespace

RequestSnapshot::RequestSnapshot(request_rec* r)
    : before_(*r),
      headers_out_(apr_table_copy(r->pool, r->headers_out)),
      err_headers_out_(apr_table_copy(r->pool, r->err_headers_out)),
      no_keepalive_(apr_table_get(r->subprocess_env, kNoKeepalive)) {
  for (std::size_t i = 0; i < kNotes.size(); ++i) notes_[i] = apr_table_get(r->notes, kNotes[i]);
}

void RequestSnapshot::restore(request_rec* r) const {
  // A balancer writes its member into the file name; the next run would bypass the balancer.
  r->filename = before_.filename;
  r->handler = before_.handler;
  r->args = before_.args;
  r->proxyreq = before_.proxyreq;

  r->status = before_.status;
  r->status_line = before_.status_line;
  r->headers_out = apr_table_copy(r->pool, headers_out_);
  r->err_headers_out = apr_table_copy(r->pool, err_headers_out_);
  apr_table_clear(r->trailers_out);
  r->content_type = before_.content_type;
  r->content_encoding = before_.content_encoding;
  r->content_languages = before_.content_languages;
  r->clength = before_.clength;
  r->chunked = before_.chunked;
  r->mtime = before_.mtime;
  r->no_cache = before_.no_cache;
  r->no_local_copy = before_.no_local_copy;

  r->eos_sent = before_.eos_sent;
  r->sent_bodyct = before_.sent_bodyct;
  r->bytes_sent = before_.bytes_sent;
  r->input_filters = before_.input_filters;
  r->output_filters = before_.output_filters;

  put_back(r->subprocess_env, kNoKeepalive, no_keepalive_);
  for (std::size_t i = 0; i < kNotes.size(); ++i) put_back(r->notes, kNotes[i], notes_[i]);
}

}  // namespace sfjwt::httpd
