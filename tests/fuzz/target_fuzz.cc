// SPDX-License-Identifier: Apache-2.0
// Checks the target URL of a token, and the instance URL of a token response, again in a simpler way.
#include <string>

#include "fuzz_target.h"
#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/gateway/target.h"
#include "mod_sfjwt/oauth/instance_url.h"

namespace {

using namespace sfjwt;
using fuzz::must_hold;

bool is_salesforce(std::string_view host) {
  for (const char* domain : {".salesforce.com", ".force.com", ".cloudforce.com", ".salesforce.mil",
                             ".crmforce.mil", ".sfcrmproducts.cn"}) {
    if (host.size() > std::string_view(domain).size() && host.ends_with(domain)) return true;
  }
  return false;
}

// The text between "https://" and the next byte that any parser could take for the end of the host.
std::string host_of(std::string_view url) {
  const std::string_view rest = url.substr(std::string_view("https://").size());
  return ascii_lower(rest.substr(0, rest.find_first_of(":/?#@\\;,% \t")));
}

void check_target(std::string_view url) {
  must_hold(fuzz::is_plain_line(url), "a target is plain ASCII");
  must_hold(ascii_lower(url).starts_with("https://"), "a target off this machine is https");
  must_hold(is_salesforce(host_of(url)), "a target is a host of Salesforce");
  const std::string_view path = url.substr(0, url.find('?'));
  must_hold(path.find("/services/Soap/") != std::string_view::npos, "a target is a SOAP API");
  must_hold(path.find_first_of("@\\%#;") == std::string_view::npos,
            "a target has nothing to be read in two ways");
  must_hold(path.find("/../") == std::string_view::npos && !path.ends_with("/.."),
            "a target stays below its path");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto hosts = gateway::default_hosts();
  const std::string_view url = fuzz::text_of(data, size);
  const auto target = gateway::may_receive_token(url, hosts, gateway::kSalesforce);
  if (target) {
    check_target(url);
    must_hold(target->tls && ascii_lower(target->host) == host_of(url),
              "its host must receive the token, by TLS");
  } else {
    must_hold(fuzz::is_plain_line(target.error()), "a refusal is one plain line");
  }
  const auto origin = oauth::instance_origin(url, hosts);
  if (origin) {
    must_hold(*origin == "https://" + host_of(url), "an origin is https and the host, nothing else");
    must_hold(is_salesforce(host_of(url)), "an origin is a host of Salesforce");
    must_hold(gateway::may_receive_token(*origin + "/services/Soap/u/66.0", hosts, gateway::kSalesforce)
                  .has_value(),
              "a token may go to the origin it came from");
  } else {
    must_hold(fuzz::is_plain_line(origin.error()), "a refusal is one plain line");
  }
  return 0;
}
