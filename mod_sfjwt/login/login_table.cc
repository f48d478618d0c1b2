// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/login/login_table.h"

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "mod_sfjwt/keys/random.h"
#include "mod_sfjwt/login/login_table_layout.h"

namespace sfjwt::login {
namespace {

std::uint64_t* words(std::byte* memory) {
  return reinterpret_cast<std::uint64_t*>(memory);
}

std::string text_at(const std::byte* memory, std::size_t word, std::size_t size) {
  return {reinterpret_cast<const char*>(memory) + word * layout::kWord, size};
}

void create(std::byte* memory) {
  std::uint64_t* const header = words(memory);
  keys::fill_with_random({reinterpret_cast<std::uint8_t*>(header + layout::salt), layout::kSaltBytes});
  keys::fill_with_random({reinterpret_cast<std::uint8_t*>(header + layout::key), layout::kKeyBytes});
  Revocations::create(memory + layout::kRevocationsOffset);
  header[layout::version] = layout::kVersion;
  header[layout::size] = layout::kTableBytes;
  header[layout::magic] = layout::kMagic;
}

// Returns the memory, so that it is checked before anything reads it.
std::byte* table_in(std::byte* memory, std::size_t size) {
  if (size != LoginTable::bytes()) throw std::invalid_argument("memory of another size than a login table");
  if (words(memory)[layout::magic] == 0) create(memory);
  if (!LoginTable::is_in(memory, size)) throw std::invalid_argument("another login table is in this memory");
  return memory;
}

}  // namespace

std::size_t LoginTable::bytes() {
  return layout::kTableBytes;
}

bool LoginTable::is_in(const std::byte* memory, std::size_t size) {
  const auto* const header = reinterpret_cast<const std::uint64_t*>(memory);
  return size == bytes() && header[layout::magic] == layout::kMagic &&
         header[layout::version] == layout::kVersion && header[layout::size] == size;
}

LoginTable::LoginTable(std::byte* memory, std::size_t size)
    : memory_(table_in(memory, size)),
      hash_(text_at(memory, layout::salt, layout::kSaltBytes)),
      revocations_(memory + layout::kRevocationsOffset, hash_),
      attempts_(memory + layout::kAttemptsOffset, hash_),
      waiting_(memory + layout::waiting * layout::kWord) {}

Secret LoginTable::key() const {
  return Secret(text_at(memory_, layout::key, layout::kKeyBytes));
}

Handle LoginTable::new_handle(std::string subject, std::optional<CallerDigest> caller, UnixMilliseconds now,
                              std::chrono::seconds lifetime) const {
  const UnixMilliseconds issued_at = revocations_.issue_time(subject, now);
  return {std::move(subject), issued_at, std::chrono::ceil<std::chrono::seconds>(issued_at) + lifetime,
          new_handle_id(), caller};
}

}  // namespace sfjwt::login
