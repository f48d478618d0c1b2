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

/// How the token endpoint is reached. Empty means: not set.
struct CurlOptions {
  std::chrono::milliseconds total_timeout{8'000};    // name resolution to the last byte
  std::chrono::milliseconds connect_timeout{3'000};  // name resolution, TCP and TLS
  std::optional<Authorities> authorities;            // these alone are trusted. Unset: those of the system
  std::string proxy;          // http://host:port or https://host:port; the environment is never asked
  Secret client_certificate;  // PEM of certificate and key (net/client_certificate.h)
};

/// Why this libcurl cannot be used, from what it says of its TLS (curl_version_info_data::ssl_version): it
/// must do it by OpenSSL, whose objects it is given. Nothing: it can be used.
std::optional<std::string> libcurl_problem(std::string_view ssl_version);

/// The same of the libcurl that is loaded.
std::optional<std::string> libcurl_problem();

/// The transport over libcurl: https only, certificate and host name always verified (TLS 1.2 or newer), no
/// redirects, no cookies, no credentials from files, no proxy but the one configured; body and headers at
/// most 64 KB each. Connections are kept alive in at most 16 idle handles. No handle exists before the first
/// request, so the object may be made before fork; nothing may be asked of it before. The caller's process
/// ignores SIGPIPE, as httpd does.
class CurlTransport final : public oauth::Transport {
 public:
  /// Reads no file. Throws std::runtime_error when libcurl cannot be initialised.
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
