// SPDX-License-Identifier: Apache-2.0
// What a caller gives as a handle: once as it is, once as the content of a value that is sealed as it should
// be.
#include <chrono>
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/core/base64url.h"
#include "mod_sfjwt/keys/seal.h"
#include "mod_sfjwt/login/handle.h"

namespace {

using namespace sfjwt;
using namespace std::chrono_literals;
using fuzz::must_hold;

constexpr UnixTime kNow{1'700'000'200s};
constexpr std::string_view kRealm = "realm";
// As in login/handle.cc: a value sealed for another id never gets as far as its content.
constexpr std::string_view kName = "mod_sfjwt login handle 1: realm";

// The key that the corpus was made with.
Secret key() {
  std::string bytes;
  for (char byte = 0; byte < 32; ++byte) bytes += byte;
  return Secret(bytes);
}

const login::HandleSeal& seal() {
  static const login::HandleSeal made({key()});
  return made;
}

bool check_what_is_opened(std::string_view text) {
  const auto handle = seal().open(text, kRealm, kNow);
  if (!handle) return handle.error() == login::HandleDefect::expired;
  must_hold(login::looks_like_handle(text), "a genuine handle looks like one");
  must_hold(text.size() <= login::kMaxHandleText, "it is short");
  must_hold(!handle->subject.empty() && handle->subject.size() <= login::kMaxHandleSubject,
            "it has a subject");
  must_hold(kNow < handle->expires_at && handle->issued_at <= handle->expires_at, "its times are in order");
  must_hold(!seal().open(text, "another", kNow), "it is worth nothing in another realm");
  const auto again = seal().open(seal().seal(*handle, kRealm).reveal(), kRealm, kNow);
  must_hold(again && *again == *handle, "it is the same when it is sealed again");
  return true;
}

std::string sealed(std::string_view content, UnixTime expires_at) {
  static const keys::Seal own(key());
  const auto id = own.id_of({reinterpret_cast<const std::uint8_t*>(kName.data()), kName.size()});
  std::string text = "sfjwt-";
  append_base64url(text, own.encrypt(id, expires_at, content));
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  check_what_is_opened(text);
  check_what_is_opened(sealed(text, kNow + 1h));
  check_what_is_opened(sealed(text, kNow));
  check_what_is_opened(sealed(text, UnixTime::max()));
  check_what_is_opened(sealed(text, UnixTime::min()));
  // The content of a real handle is read, so that this target and the seal agree about id and key.
  static const bool reads = check_what_is_opened(sealed(
      std::string("\1\0\0\1\x8B\xCF\xE5\x68\0", 9) + std::string(16, 'i') + "jane@corp.example", kNow + 1h));
  must_hold(reads, "the content of a handle is read");
  return 0;
}
