// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/handle.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/keys/digest.h"
#include "mod_sfjwt/keys/random.h"

namespace sfjwt::login {
namespace {

constexpr std::string_view kPrefix = "sfjwt-";
// Before the realm, so that no id of another use of the same key can be one of a handle.
constexpr std::string_view kPurpose = "mod_sfjwt login handle 1: ";

// The content of a handle: kind (1 byte), issued at (milliseconds since the epoch, 8 bytes, big-endian), id,
// the digest of the caller if the kind says so, subject.
enum Kind : char { without_caller = 1, with_caller = 2 };
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kFixedBytes = 1 + kTimeBytes + sizeof(HandleId);
constexpr std::size_t kMaxContent = kFixedBytes + sizeof(CallerDigest) + kMaxHandleSubject;

constexpr std::size_t text_size(std::size_t content) {
  return kPrefix.size() + base64url_size(keys::Seal::kOverhead + content);
}
constexpr std::size_t kMinText = text_size(kFixedBytes + 1);
static_assert(text_size(kMaxContent) <= kMaxHandleText);

// The end of the year 9999: no valid time is later, and those up to it are safe to calculate with.
constexpr UnixTime kEndOfTime{std::chrono::seconds{253'402'300'799}};

std::string_view taken(std::string_view& from, std::size_t count) {
  const std::string_view first = from.substr(0, count);
  from.remove_prefix(first.size());
  return first;
}

template <class Bytes>
void append(std::string& text, const Bytes& bytes) {
  for (const std::uint8_t byte : bytes) text += static_cast<char>(byte);
}

template <class Bytes>
Bytes bytes_of(std::string_view text) {
  Bytes bytes{};
  std::copy_n(text.begin(), bytes.size(), bytes.begin());
  return bytes;
}

void append_time(std::string& text, UnixMilliseconds time) {
  const auto number = static_cast<std::uint64_t>(time.time_since_epoch().count());
  for (unsigned shift = 64; shift > 0;) {
    shift -= 8;
    text += static_cast<char>(number >> shift & 255);
  }
}

std::optional<UnixMilliseconds> time_of(std::string_view text) {
  std::uint64_t number = 0;
  for (const char byte : text) number = number << 8 | static_cast<unsigned char>(byte);
  constexpr auto kEnd = std::chrono::milliseconds(kEndOfTime.time_since_epoch()).count();
  if (number > static_cast<std::uint64_t>(kEnd)) return std::nullopt;
  return UnixMilliseconds{std::chrono::milliseconds{static_cast<std::int64_t>(number)}};
}

std::string content_of(const Handle& handle) {
  std::string content;
  content.reserve(kMaxContent);
  content += handle.caller ? with_caller : without_caller;
  append_time(content, handle.issued_at);
  append(content, handle.id);
  if (handle.caller) append(content, *handle.caller);
  return content += handle.subject;
}

std::optional<Handle> handle_in(std::string_view content, UnixTime expires_at) {
  if (content.size() <= kFixedBytes || expires_at < UnixTime{} || expires_at > kEndOfTime)
    return std::nullopt;
  const char kind = taken(content, 1)[0];
  const auto issued_at = time_of(taken(content, kTimeBytes));
  if ((kind != without_caller && kind != with_caller) || !issued_at || *issued_at > expires_at)
    return std::nullopt;
  Handle handle{{}, *issued_at, expires_at, bytes_of<HandleId>(taken(content, sizeof(HandleId))), {}};
  if (kind == with_caller) {
    if (content.size() <= sizeof(CallerDigest)) return std::nullopt;
    handle.caller = bytes_of<CallerDigest>(taken(content, sizeof(CallerDigest)));
  }
  if (content.size() > kMaxHandleSubject) return std::nullopt;
  handle.subject = content;
  return handle;
}

keys::SealedId id_of(const keys::Seal& seal, std::string_view realm) {
  const std::string name = std::string(kPurpose).append(realm);
  return seal.id_of({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
}

constexpr bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

CallerDigest caller_digest(std::string_view remote_user) {
  return keys::sha256(remote_user);
}

HandleId new_handle_id() {
  HandleId id{};
  keys::fill_with_random(id);
  return id;
}

bool looks_like_handle(std::string_view text) {
  return text.size() >= kMinText && text.starts_with(kPrefix) &&
         std::all_of(text.begin(), text.end(), is_base64url);
}

bool contains_handle(std::string_view text) {
  // memmem is fast in bodies of many megabytes, which std::string_view::find is not.
  while (const void* found = memmem(text.data(), text.size(), kPrefix.data(), kPrefix.size())) {
    const std::string_view from =
        text.substr(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()));
    text = from.substr(1);
    const auto end = std::find_if_not(from.begin(), from.end(), is_base64url);
    if (static_cast<std::size_t>(end - from.begin()) >= kMinText) return true;
  }
  return false;
}

HandleSeal::HandleSeal(const std::vector<Secret>& keys) {
  if (keys.empty()) throw std::invalid_argument("no key for handles");
  for (const Secret& key : keys) {
    if (key.size() != keys::Seal::kKeyBytes) throw std::invalid_argument("a key for handles of another size");
    seals_.emplace_back(key);
  }
}

Secret HandleSeal::seal(const Handle& handle, std::string_view realm) const {
  if (handle.subject.empty() || handle.subject.size() > kMaxHandleSubject)
    throw std::invalid_argument("a subject that fits into no handle");
  const keys::Seal& seal = seals_.front();
  const std::string value = seal.encrypt(id_of(seal, realm), handle.expires_at, content_of(handle));
  std::string text;
  text.reserve(kPrefix.size() + base64url_size(value.size()));
  text += kPrefix;
  append_base64url(text, value);
  return Secret(std::move(text));
}

Result<Handle, HandleDefect> HandleSeal::open(std::string_view text, std::string_view realm,
                                              UnixTime now) const {
  const Unexpected not_genuine{HandleDefect::not_genuine};
  if (text.size() > kMaxHandleText || !looks_like_handle(text)) return not_genuine;
  const auto value = base64url_decoded(text.substr(kPrefix.size()));
  if (!value) return not_genuine;
  for (const keys::Seal& seal : seals_) {
    const auto opened = seal.decrypt(id_of(seal, realm), *value);
    if (!opened) continue;
    auto handle = handle_in(opened->content.reveal(), opened->expires_at);
    if (!handle) return not_genuine;
    if (handle->expires_at <= now) return Unexpected{HandleDefect::expired};
    return *std::move(handle);
  }
  return not_genuine;
}

}  // namespace sfjwt::login
