// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/tokens/token_record.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace sfjwt::tokens {
namespace {

std::int64_t little_end_first(std::int64_t value) {
  if constexpr (std::endian::native == std::endian::big)
    return static_cast<std::int64_t>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  return value;
}

// Each function appends a field; after the first one that does not fit, nothing more is written.
class Writer {
 public:
  explicit Writer(std::span<std::byte> into) : into_(into) {}

  void number(std::int64_t value) {
    value = little_end_first(value);
    bytes(&value, sizeof(value));
  }
  void time(UnixTime value) { number(value.time_since_epoch().count()); }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes(value.data(), value.size());
  }
  std::size_t room() const { return into_.size() - size_; }
  std::optional<std::size_t> size() const { return fits_ ? std::optional(size_) : std::nullopt; }

 private:
  void bytes(const void* from, std::size_t count) {
    fits_ = fits_ && count <= room();
    if (!fits_ || count == 0) return;
    std::memcpy(into_.data() + size_, from, count);
    size_ += count;
  }

  std::span<std::byte> into_;
  std::size_t size_ = 0;
  bool fits_ = true;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> from) : from_(from) {}

  std::int64_t number() {
    std::int64_t value = 0;
    if (const auto bytes = taken(sizeof(value)); !bytes.empty())
      std::memcpy(&value, bytes.data(), sizeof(value));
    return little_end_first(value);
  }
  UnixTime time() { return UnixTime{std::chrono::seconds{number()}}; }
  std::string text() {
    const auto bytes = taken(static_cast<std::uint64_t>(number()));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  bool whole() const { return whole_ && from_.empty(); }

 private:
  std::span<const std::byte> taken(std::uint64_t count) {
    whole_ = whole_ && count <= from_.size();
    if (!whole_) return {};
    const auto bytes = from_.first(count);
    from_ = from_.subspan(count);
    return bytes;
  }

  std::span<const std::byte> from_;
  bool whole_ = true;
};

std::string cut(std::string_view message, std::size_t room) {
  constexpr std::string_view kMore = "...";
  if (message.size() <= room) return std::string(message);
  return std::string(message.substr(0, room - std::min(room, kMore.size()))) + std::string(kMore);
}

void write_error(Writer& writer, const oauth::TokenError& error) {
  constexpr std::size_t kRest = 2 * sizeof(std::int64_t) + 3;  // what precedes and follows the message
  writer.number(static_cast<std::int64_t>(error.error_class));
  writer.number(static_cast<std::int64_t>(error.cause));
  writer.text(error.code);
  writer.number(error.retry_after_seconds.value_or(-1));
  writer.text(cut(error.message, writer.room() - std::min(writer.room(), kRest)));
}

std::optional<oauth::TokenError> read_error(Reader& reader) {
  using Class = oauth::TokenError::Class;
  oauth::TokenError error;
  const auto of = reader.number();
  if (of < 0 || of > static_cast<std::int64_t>(Class::transient)) return std::nullopt;
  error.error_class = static_cast<Class>(of);
  const auto cause = reader.number();
  if (cause < 0 || cause >= static_cast<std::int64_t>(oauth::kFetchFailures)) return std::nullopt;
  error.cause = static_cast<oauth::FetchFailure>(cause);
  error.code = reader.text();
  if (const auto seconds = reader.number(); seconds >= 0) error.retry_after_seconds = seconds;
  error.message = reader.text();
  return error;
}

}  // namespace

std::optional<std::size_t> write_record(const AccessToken& token, std::span<std::byte> into) {
  Writer writer(into);
  writer.time(token.issued_at);
  writer.time(token.expires_at);
  writer.time(token.not_after);
  writer.time(token.renew_at);
  writer.number(token.unproven);
  writer.time(token.renewals.paused_until);
  writer.number(token.renewals.pause.count());
  writer.time(token.renewals.paid_until);
  writer.text(token.instance_url);
  writer.text(token.value.reveal());
  return writer.size();
}

std::optional<AccessToken> read_token(std::span<const std::byte> record) {
  Reader reader(record);
  AccessToken token;
  token.issued_at = reader.time();
  token.expires_at = reader.time();
  token.not_after = reader.time();
  token.renew_at = reader.time();
  token.unproven = reader.number() != 0;
  token.renewals.paused_until = reader.time();
  token.renewals.pause = RenewalHistory::seconds{reader.number()};
  token.renewals.paid_until = reader.time();
  token.instance_url = reader.text();
  token.value = Secret(reader.text());
  if (!reader.whole()) return std::nullopt;
  return token;
}

std::optional<std::size_t> write_record(const SharedToken& shared, std::span<std::byte> into) {
  Writer writer(into);
  writer.time(shared.token.issued_at);
  writer.time(shared.token.not_after);
  writer.time(shared.used_at);
  writer.number(shared.token.unproven);
  writer.text(shared.token.instance_url);
  writer.text(shared.token.value.reveal());
  return writer.size();
}

std::optional<SharedToken> read_shared_token(std::span<const std::byte> record) {
  Reader reader(record);
  SharedToken shared;
  shared.token.issued_at = reader.time();
  shared.token.not_after = reader.time();
  shared.used_at = reader.time();
  shared.token.unproven = reader.number() != 0;
  shared.token.instance_url = reader.text();
  shared.token.value = Secret(reader.text());
  if (!reader.whole()) return std::nullopt;
  return shared;
}

std::optional<std::size_t> write_record(const ClaimRecord& claim, std::span<std::byte> into) {
  Writer writer(into);
  writer.number(static_cast<std::int64_t>(claim.generation));
  writer.number(claim.started);
  writer.number(claim.lease_end);
  writer.number(claim.owner);
  writer.number(claim.after_failure);
  writer.number(claim.failed_at);
  writer.number(claim.failed_until);
  writer.number(claim.configuration);
  writer.number(claim.error.has_value());
  if (claim.error) write_error(writer, *claim.error);
  return writer.size();
}

std::optional<ClaimRecord> read_claim(std::span<const std::byte> record) {
  Reader reader(record);
  ClaimRecord claim;
  claim.generation = static_cast<std::uint64_t>(reader.number());
  claim.started = reader.number();
  claim.lease_end = reader.number();
  claim.owner = reader.number();
  claim.after_failure = reader.number() != 0;
  claim.failed_at = reader.number();
  claim.failed_until = reader.number();
  claim.configuration = reader.number();
  if (reader.number() != 0) {
    claim.error = read_error(reader);
    if (!claim.error) return std::nullopt;
  }
  if (!reader.whole()) return std::nullopt;
  return claim;
}

}  // namespace sfjwt::tokens
