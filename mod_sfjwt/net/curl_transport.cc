// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/net/curl_transport.h"

#include <curl/curl.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "mod_sfjwt/core/owned.h"
#include "mod_sfjwt/core/selinux.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/core/url.h"
#include "mod_sfjwt/core/version.h"

namespace sfjwt::net {
namespace {

using oauth::HttpReply;
using oauth::TransportError;
using Cause = TransportError::Cause;
using HeaderList = Owned<curl_slist, curl_slist_free_all>;

constexpr std::size_t kMaxBody = 65'536;
constexpr std::size_t kMaxHeaders = 65'536;
constexpr std::size_t kMaxIdleHandles = 16;

// Filled by the callbacks during one request.
struct Incoming {
  std::string body;
  std::size_t header_bytes = 0;
  bool too_large = false;
  std::string date;
  std::string retry_after;
};

// The name and value of a header line, trimmed; the name is empty if it is not a header line.
std::pair<std::string_view, std::string_view> header_in(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {line.substr(0, colon), trimmed(line.substr(colon + 1))};
}

void read_header(Incoming& incoming, std::string_view line) {
  if (line.starts_with("HTTP/")) {  // the head of another response begins; discard the headers of a 1xx
    incoming.date.clear();
    incoming.retry_after.clear();
    return;
  }
  const auto [name, value] = header_in(line);
  if (value.size() > 64) return;
  if (equals_ignoring_case(name, "Date")) incoming.date = value;
  if (equals_ignoring_case(name, "Retry-After")) incoming.retry_after = value;
}

// Called by curl through its C frames: no exception may leave them. A return value other than the size ends
// the transfer.
extern "C" std::size_t take_header(char* data, std::size_t size, std::size_t count, void* to) noexcept {
  auto& incoming = *static_cast<Incoming*>(to);
  const std::size_t length = size * count;
  incoming.header_bytes += length;
  if (incoming.header_bytes > kMaxHeaders) {
    incoming.too_large = true;
    return 0;
  }
  if (!incoming.body.empty()) return length;  // a trailer
  try {
    read_header(incoming, std::string_view(data, length));
  } catch (...) {
    return 0;
  }
  return length;
}

extern "C" std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) noexcept {
  auto& incoming = *static_cast<Incoming*>(to);
  const std::size_t length = size * count;
  // The space is reserved, so nothing is allocated here and no copy of a token is left behind.
  if (length > incoming.body.capacity() - incoming.body.size() || incoming.body.size() + length > kMaxBody) {
    incoming.too_large = true;
    return 0;
  }
  incoming.body.append(data, length);
  // The buffer belongs to curl, which keeps it with the connection and does not read it again.
  std::memset(data, 0, length);
  return length;
}

// An https proxy is verified with the CA certificates of the system, and libcurl calls the same function for
// its context. The two contexts are distinguished by their maximum TLS version, which is set only for the
// proxy. (The second part is CURL_SSLVERSION_MAX_TLSv1_3, which g++ does not convert.)
constexpr long kTlsOfProxy = long{CURL_SSLVERSION_TLSv1_2} | (long{CURL_SSLVERSION_TLSv1_3} << 16);

bool is_of_proxy(SSL_CTX* tls) {
  return SSL_CTX_get_max_proto_version(tls) == TLS1_3_VERSION;
}

extern "C" CURLcode prepare_tls(CURL*, void* context, void* authorities) noexcept {
  auto* const tls = static_cast<SSL_CTX*>(context);
  // Otherwise OpenSSL keeps decrypted data until the next record overwrites it.
  SSL_CTX_set_options(tls, SSL_OP_CLEANSE_PLAINTEXT);
  if (authorities && !is_of_proxy(tls)) SSL_CTX_set1_cert_store(tls, static_cast<X509_STORE*>(authorities));
  return CURLE_OK;
}

std::optional<UnixTime> http_date(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return UnixTime{std::chrono::seconds{seconds}};
}

// RFC 9110 section 10.2.3: seconds, or a date.
void read_retry_after(const std::string& text, HttpReply& reply) {
  long seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || end != text.data() + text.size() || problem == std::errc::invalid_argument) {
    reply.retry_at = http_date(text);
    return;
  }
  if (problem == std::errc::result_out_of_range) seconds = std::numeric_limits<long>::max();
  reply.retry_after_seconds = std::max(seconds, 0L);
}

// Host and port; the rest of the URL does not belong in a message.
std::string host_of(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return {};
  return printable(
      url->user_information ? url->authority.substr(url->user_information->size() + 1) : url->authority, 120);
}

Cause cause_of(CURLcode code, const Incoming& incoming) {
  if (incoming.too_large || code == CURLE_FILESIZE_EXCEEDED) return Cause::too_large;
  // A truncated response; curl's code for it depends on the version.
  if (code == CURLE_RECV_ERROR && incoming.header_bytes > 0) return Cause::protocol;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return Cause::timed_out;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
      return Cause::tls;
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:  // also a connection that breaks during the handshake, which is transient
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return Cause::unreachable;
    default:
      return Cause::protocol;
  }
}

// libcurl rarely reports why the system refused to connect.
std::string with_errno(std::string reason, int error) {
  if (error != 0) {
    const std::string text = std::generic_category().message(error);
    if (reason.find(text) == std::string::npos) reason += " (" + text + ")";
  }
  const std::string remedy = selinux_remedy(error);
  return reason + ". " + (remedy.empty() ? "Check DNS, firewall and SFJwtTokenProxy" : remedy);
}

std::string what_happened(Cause cause, CURLcode code, std::string_view detail, int error) {
  if (cause == Cause::too_large) return "its answer is larger than 64 KB";
  const std::string reason = printable(detail.empty() ? as_view(curl_easy_strerror(code)) : detail, 200);
  switch (cause) {
    case Cause::unreachable:
      return "it cannot be reached: " + with_errno(reason, error);
    case Cause::timed_out:
      return "it did not answer in time: " + reason + ". Check the network and SFJwtTokenTimeout";
    case Cause::tls:
      return "its TLS certificate, or ours, is not accepted: " + reason +
             ". Check SFJwtTokenCAFile and SFJwtTokenClientCertificate";
    case Cause::too_large:
    case Cause::protocol:
      break;
  }
  return "the exchange failed: " + reason;
}

TransportError error_of(const std::string& url, Cause cause, const std::string& what) {
  return TransportError{cause, "Token endpoint " + host_of(url) + ": " + what + "."};
}

bool allow_https_only(CURL* handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK;
#else
  return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, long{CURLPROTO_HTTPS}) == CURLE_OK;
#endif
}

// Certificate and key in one PEM text.
bool identify_by(CURL* handle, const Secret& certificate_and_key) {
  // The text is not modified, although a blob has a pointer to non-const.
  curl_blob blob{const_cast<char*>(certificate_and_key.reveal().data()), certificate_and_key.size(),
                 CURL_BLOB_NOCOPY};
  return curl_easy_setopt(handle, CURLOPT_SSLCERT_BLOB, &blob) == CURLE_OK &&
         curl_easy_setopt(handle, CURLOPT_SSLKEY_BLOB, &blob) == CURLE_OK;
}

// Sets the CA certificates as an OpenSSL object, since libcurl takes them from memory only since 7.77.
// libcurl itself must load none.
bool trust_only(CURL* handle, const Authorities& authorities) {
  return curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, authorities.store()) == CURLE_OK &&
         curl_easy_setopt(handle, CURLOPT_CAINFO, static_cast<const char*>(nullptr)) == CURLE_OK &&
         curl_easy_setopt(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr)) == CURLE_OK;
}

HeaderList request_headers() {
  HeaderList headers{curl_slist_append(nullptr, "Accept: application/json")};
  // Appending to a non-empty list does not change its head, so the owner stays valid.
  if (!headers || !curl_slist_append(headers.get(), "Expect:")) throw std::bad_alloc();
  return headers;
}

}  // namespace

void CurlTransport::CloseHandle::operator()(void* handle) const noexcept {
  curl_easy_cleanup(handle);
}

std::optional<std::string> libcurl_problem(std::string_view ssl_version) {
  // A libcurl with several TLS libraries lists the inactive ones in parentheses.
  if (ssl_version.starts_with("OpenSSL/")) return std::nullopt;
  return "libcurl uses " + printable(ssl_version, 60) +
         " for TLS; the gateway needs a libcurl that uses OpenSSL";
}

std::optional<std::string> libcurl_problem() {
  return libcurl_problem(as_view(curl_version_info(CURLVERSION_NOW)->ssl_version));
}

CurlTransport::CurlTransport(CurlOptions options) : options_(std::move(options)) {
  idle_.reserve(kMaxIdleHandles);
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw std::runtime_error("libcurl cannot be initialised");
}

CurlTransport::~CurlTransport() {
  idle_.clear();
  curl_global_cleanup();  // curl counts the initialisations in the process
}

CurlTransport::Handle CurlTransport::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Handle handle = std::move(idle_.back());  // the last one used most likely has a live connection
      idle_.pop_back();
      return handle;
    }
  }
  return Handle(curl_easy_init());
}

void CurlTransport::give_back(Handle handle) {
  // Keeps connections and TLS sessions, but drops every pointer into this request.
  curl_easy_reset(handle.get());
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdleHandles) idle_.push_back(std::move(handle));
}

bool CurlTransport::configure(void* handle, const std::string& url, const Secret& form,
                              std::chrono::milliseconds limit) const {
  const auto set = [handle](CURLoption option, auto value) {
    return curl_easy_setopt(handle, option, value) == CURLE_OK;
  };
  bool ok = allow_https_only(handle) && set(CURLOPT_URL, url.c_str()) && set(CURLOPT_NOSIGNAL, 1L) &&
            set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1}) &&
            set(CURLOPT_USERAGENT, kProduct) &&
            set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::min(options_.total_timeout, limit).count())) &&
            set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count())) &&
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(form.size())) &&
            set(CURLOPT_POSTFIELDS, form.reveal().data()) &&
            set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(kMaxBody)) &&
            set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
            set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2}) &&
            set(CURLOPT_PROXY_SSLVERSION, kTlsOfProxy) && set(CURLOPT_SSL_CTX_FUNCTION, prepare_tls) &&
            // Empty strings: null would select the environment.
            set(CURLOPT_PROXY, options_.proxy.c_str()) && set(CURLOPT_NOPROXY, "") &&
            set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
            // Connections are kept, so sessions are rarely resumed; and libcurl 7.88 has a double free if
            // memory runs out while it stores one.
            set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
  if (options_.authorities) ok = ok && trust_only(handle, *options_.authorities);
  if (!options_.client_certificate.empty()) ok = ok && identify_by(handle, options_.client_certificate);
#if LIBCURL_VERSION_NUM >= 0x075700
  // Makes the timeout apply to name resolution too: libcurl does not wait for its resolver thread.
  ok = ok && set(CURLOPT_QUICK_EXIT, 1L);
#endif
  return ok;
}

Result<HttpReply, TransportError> CurlTransport::post_form(const std::string& url, const Secret& form,
                                                           std::chrono::milliseconds limit) {
  // curl would take the first segment of the path for a missing host.
  if (const auto parts = parse_url(url); !parts || !parts->has_scheme("https") || parts->host.empty()) {
    return Unexpected{
        error_of(url, Cause::protocol, "token requests are sent to https URLs with a host only")};
  }
  Incoming incoming;
  incoming.body.reserve(kMaxBody);
  std::array<char, CURL_ERROR_SIZE> detail{};
  const HeaderList headers = request_headers();
  Handle handle = borrow();  // must be destroyed before what it points to
  if (!handle) return Unexpected{error_of(url, Cause::protocol, "libcurl has no handle left")};
  CURL* const curl = handle.get();
  const bool configured = configure(curl, url, form, limit) &&
                          curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get()) == CURLE_OK &&
                          curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data()) == CURLE_OK &&
                          curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
                          curl_easy_setopt(curl, CURLOPT_HEADERDATA, &incoming) == CURLE_OK &&
                          curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
                          curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming) == CURLE_OK;
  if (!configured) return Unexpected{error_of(url, Cause::protocol, "libcurl does not accept its options")};

  const CURLcode code = curl_easy_perform(curl);
  HttpReply reply;
  reply.body = Secret(std::move(incoming.body));
  if (code != CURLE_OK) {  // the handle is dropped with its connection
    const Cause cause = cause_of(code, incoming);
    long error = 0;
    curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
    return Unexpected{
        error_of(url, cause, what_happened(cause, code, detail.data(), static_cast<int>(error)))};
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
  reply.date = http_date(incoming.date);
  read_retry_after(incoming.retry_after, reply);
  give_back(std::move(handle));
  return reply;
}

}  // namespace sfjwt::net
