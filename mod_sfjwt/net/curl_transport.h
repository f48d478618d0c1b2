// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/core/secret.h"
#include "mod_sfjwt/net/authorities.h"
#include "mod_sfjwt/oauth/transport.h"

namespace sfjwt::net {

/// How to reach the token endpoint. Empty means not set.
struct CurlOptions {
  std::chrono::milliseconds total_timeout{8'000};    // from name resolution to the last byte
  std::chrono::milliseconds connect_timeout{3'000};  // name resolution, TCP and TLS
  std::optional<Authorities> authorities;            // the only ones trusted; unset: those of the system
  std::string proxy;          // http://host:port or https://host:port; the environment is ignored
  Secret client_certificate;  // PEM of certificate and key (net/client_certificate.h)
};

/// Why this libcurl cannot be used, from the description of its TLS library
/// (curl_version_info_data::ssl_version): it must use OpenSSL, since it is given OpenSSL objects. nullopt if
/// it can be used.
std::optional<std::string> libcurl_problem(std::string_view ssl_version);

/// The same for the libcurl that is loaded.
std::optional<std::string> libcurl_problem();

/// A transport that uses libcurl: https only, certificate and host name always verified (TLS 1.2 or later),
/// no redirects, no cookies, no credentials from files, no proxy except the configured one; body and headers
/// at most 64 KB each. Connections are kept alive in at most 16 idle handles. Handles are created by
/// requests, so the object can be created before a fork, but must not be used before it. The process must
/// ignore SIGPIPE, as httpd does.
class CurlTransport final : public oauth::Transport {
 public:
  /// Does not read files. Throws std::runtime_error if libcurl cannot be initialised.
  explicit CurlTransport(CurlOptions options);
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;
  ~CurlTransport() override;

  Result<oauth::HttpReply, oauth::TransportError> post_form(const std::string& url, const Secret& form,
                                                            std::chrono::milliseconds limit) override;

 private:
  struct CloseHandle {
    void operator()(void* handle) const noexcept;
  };
  using Handle = std::unique_ptr<void, CloseHandle>;  // a CURL, which curl.h declares as void

  Handle borrow();
  void give_back(Handle handle);
  bool configure(void* handle, const std::string& url, const Secret& form,
                 std::chrono::milliseconds limit) const;

  CurlOptions options_;
  std::mutex mutex_;
  std::vector<Handle> idle_;
};

}  // namespace sfjwt::net
