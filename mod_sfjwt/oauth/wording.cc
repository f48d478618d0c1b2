// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/oauth/wording.h"

#include <algorithm>
#include <string>

#include "mod_sfjwt/core/text.h"

namespace sfjwt::oauth {
namespace {

constexpr std::size_t kMaxQuoted = 200;
constexpr std::size_t kMinRun = 8;

// Separated by blanks. "hasn't" is two words here.
constexpr std::string_view kWords =
    " "
    "a about above access account accounts action active activity added address admin administrator after "
    "again against algorithm allowed already also an and another any api app application applications "
    "approve approved are aren as assertion assertions assigned at attempt attempts aud audience "
    "authenticate authenticated authentication authorisation authorization authorize authorized available "
    "bad be bearer because been before being blocked body browser busy but by call callback can cannot "
    "certificate change changed check client clients clock closed code com community complete "
    "configuration configured connect connected connection consent consumer contact contain contains "
    "content could couldn credential credentials current currently date deactivated deleted denied "
    "describes description device did didn digital disabled does doesn domain down due duplicate during "
    "ec either email empty enable enabled encoded encountered end ended endpoint error exceeded exceeds "
    "exist exists exp expiration expire expired expires expiry external failed failure field find flow "
    "for forbidden format found from frozen future generic get grant granted granter grants had has hasn "
    "have header host hostname hour hours http https iat id identified identifier identity if immediate "
    "in inactive incorrect ineligible info installed instance insufficient integrity interaction internal "
    "invalid invalidated ip is isn iss issue issued issuer it its jti jwt key known later limit limits "
    "lock locked lockout login logins longer look maintenance malformed many match matched matches "
    "matching maximum may message method minutes mismatch missing mode moment more must my name nbf "
    "needed network new no non not null number oauth object of off offline on once one only operation or "
    "org organization organizations origin other our out outside overloaded own package page parameter "
    "parameters party pass password pending permission permissions permitted ping pkce please policies "
    "policy polling possible post present privilege problem process processed processing production "
    "profile profiles protected protocol provide provided provider public quota range ranges rate read "
    "received redirect refresh refused registered rejected release replay request requested requests "
    "require required requires reset resource response restricted restriction retry revoked right role s "
    "same saml sandbox scope scopes seconds secret security see send sent server service session set "
    "settings setup should sign signature signed signing single site slow so specified start state status "
    "store string sub subject successful such support supported suspended system t temporarily temporary "
    "than that the their then there this time timed timeout timestamp to token tokens too transaction "
    "trial trust try type types unable unauthorized unavailable unexpected unknown unrecognized "
    "unsuccessful unsupported until unverified up update upgrade uri url use used user username users "
    "uses using valid validate validated validation value values verification verified verify version via "
    "wait was wasn web were when which while will with within without wrong yet you your ";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string letters_and_digits(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (is_letter(c) || (c >= '0' && c <= '9')) kept += c;
  return ascii_lower(kept);
}

bool is_between_words(char c) {
  return std::string_view(" _-'.,:;()/\"").find(c) != std::string_view::npos;
}

// In lower case, capitalised or in upper case: "iNvAliD" would carry other information.
bool is_listed(std::string_view word) {
  const auto is_capital = [](char c) { return c <= 'Z'; };
  const bool rest_small = std::none_of(word.begin() + 1, word.end(), is_capital);
  if (!rest_small && !std::all_of(word.begin(), word.end(), is_capital)) return false;
  return kWords.find(' ' + ascii_lower(word) + ' ') != std::string_view::npos;
}

}  // namespace

bool is_plain_wording(std::string_view text) {
  if (text.empty() || text.size() > kMaxQuoted) return false;
  while (!text.empty()) {
    if (is_between_words(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    const auto end = std::find_if_not(text.begin(), text.end(), is_letter);
    const auto size = static_cast<std::size_t>(end - text.begin());
    if (size == 0 || !is_listed(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool echoes(std::string_view text, std::string_view secret) {
  const std::string said = letters_and_digits(text);
  const std::string kept = letters_and_digits(secret);
  for (std::size_t i = 0; i + kMinRun <= said.size(); ++i)
    if (kept.find(std::string_view(said).substr(i, kMinRun)) != std::string::npos) return true;
  return false;
}

}  // namespace sfjwt::oauth
