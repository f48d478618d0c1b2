// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/httpd/config/section_registry.h"

#include "mod_sfjwt/core/host_pattern.h"
#include "mod_sfjwt/core/text.h"
#include "mod_sfjwt/gateway/salesforce.h"
#include "mod_sfjwt/httpd/pool.h"
#include "mod_sfjwt/oauth/audience.h"

namespace sfjwt::httpd {
namespace {

constexpr std::chrono::seconds kLoginLifetime{7200};
constexpr Timeouts kTokenTimeout{std::chrono::seconds(8), std::chrono::seconds(3)};
constexpr const char* kPoolKey = "mod_sfjwt sections";

template <class List>
List list_or(const std::optional<const List*>& setting, List fallback) {
  return setting ? **setting : std::move(fallback);
}

std::string token_endpoint(const Settings& settings) {
  return settings.token_endpoint
             ? std::string(*settings.token_endpoint)
             : oauth::default_token_endpoint(*settings.audience, gateway::kSalesforce.provider);
}

// A caller that waits for another's token request waits slightly longer than that can take, and then takes
// over. With two keys there can be two requests; before that, the other may have to wait for its turn.
void set_deadlines(oauth::Client& client, Timeouts timeouts, std::size_t keys) {
  const auto longest = timeouts.total * keys;
  client.request_limit = longest;
  client.claim_lease = longest + 2 * tokens::FailureThrottle::kLongestWait + std::chrono::seconds(1);
  client.wait_limit = client.claim_lease + std::chrono::seconds(1);
}

oauth::Client client_of(const Settings& settings, const Texts& allowed_hosts) {
  oauth::Client client;
  client.provider = &gateway::kSalesforce.provider;
  client.token_endpoint = token_endpoint(settings);
  client.authorization_endpoint = settings.authorization_endpoint.value_or("");
  client.client_id = *settings.client_id;
  client.audience = *settings.audience;
  if (settings.subject_claim) client.subject_claim = *settings.subject_claim;
  if (settings.assertion_lifetime) client.assertion_lifetime = *settings.assertion_lifetime;
  client.claims = list_or(settings.claims, {});
  client.token_params = list_or(settings.token_params, {});
  client.allowed_instances = allowed_hosts;
  if (settings.token_idle) client.idle_lifetime = *settings.token_idle;
  if (settings.token_max_age) client.absolute_lifetime = *settings.token_max_age;
  set_deadlines(client, settings.token_timeout.value_or(kTokenTimeout), (*settings.private_keys)->size());
  return client;
}

// A misspelt name would allow nothing. Names in SFJwtDenyOperation can be inherited from a section with other
// WSDLs, so they are checked where they are configured.
ConfigErrors unknown_operations(const Settings& settings, const soap::Catalog& catalog) {
  ConfigErrors errors;
  for (const gateway::OperationRule& rule : list_or(settings.allow_operations, {}))
    for (const std::string& name : rule.operations)
      if (!catalog.operation_named(name))
        add_once(errors, "SFJwtAllowOperation: operation " + printable(name, 80) +
                             " is not in the WSDLs of this section");
  return errors;
}

// An omitted list would allow what it denies.
bool too_many_lists(const Settings& settings) {
  return settings.deny_operations.too_many() || settings.stripped_headers.too_many();
}

std::optional<SectionLogin> login_of(const Settings& settings, LoginStore& store) {
  if (!settings.login || (*settings.login)->empty()) return {};
  PasswordProviders providers;
  const bool by_caller = (*settings.login)->front() == "caller";
  if (!by_caller)
    for (const std::string& name : **settings.login)
      providers.push_back({name, password_provider(name.c_str())});
  const bool sandbox = settings.audience == gateway::kSalesforce.provider.sandbox_audience;
  auto handles = store.handles_for({std::string(settings.login_realm.value_or("")),
                                    settings.login_lifetime.value_or(kLoginLifetime), by_caller});
  return SectionLogin{std::move(handles),
                      std::move(providers),
                      settings.login_insecure.value_or(false),
                      sandbox,
                      std::string(settings.public_url.value_or("")),
                      &store};
}

// The part of a section that depends only on its settings; the registry adds tokens, buffers and workers.
std::unique_ptr<GatewaySection> section_of(const Settings& settings,
                                           std::shared_ptr<const soap::Catalog> catalog) {
  auto section = std::make_unique<GatewaySection>();
  section->rules.catalog = std::move(catalog);
  section->rules.backend = &gateway::kSalesforce;
  section->subject_expression = settings.subject_expression.value_or(nullptr);
  section->rules.subject_from_body = section->subject_expression == nullptr;
  section->rules.map = list_or(settings.subject_map, {});
  section->rules.allow = **settings.allow;
  section->rules.operations = {list_or(settings.allow_operations, {}), settings.deny_operations.all()};
  section->rules.guard = settings.session_guard.value_or(gateway::SessionGuard::all());
  section->rules.limits = settings.xml_limits.value_or(xml::Limits{});
  section->max_body = settings.max_body.value_or(kMaxBody);
  section->allowed_hosts = list_or(settings.allowed_instances, gateway::default_hosts());
  section->stripped_headers = settings.stripped_headers.all();
  section->log_subject = settings.log_subject.value_or(LogSubject::clear);
  section->brief_faults = settings.brief_faults.value_or(false);
  section->http_fault_status = settings.http_fault_status.value_or(false);
  section->renew = settings.renew.value_or(true);
  return section;
}

}  // namespace

SectionRegistry& SectionRegistry::of(const server_rec* server) {
  apr_pool_t* configuration = server->process->pconf;
  void* sections = nullptr;
  apr_pool_userdata_get(&sections, kPoolKey, configuration);
  if (!sections) {
    sections = &make_in_pool<SectionRegistry>(configuration);
    apr_pool_userdata_setn(sections, kPoolKey, nullptr, configuration);
  }
  return *static_cast<SectionRegistry*>(sections);
}

void SectionRegistry::child_init(apr_pool_t* child, server_rec& server, std::size_t threads) {
  token_cache_.child_init(child, server);
  login_store_.child_init(threads);
  blocked_threads_.set_threads(threads);
  instance_workers_.child_init(child);
  body_buffers_.child_init(server);
}

ConfigErrors SectionRegistry::missing(const Settings& settings) {
  ConfigErrors errors;
  const auto want = [&errors](bool present, const char* directive_and_reason) {
    if (!present) errors.push_back(directive_and_reason);
  };
  want(settings.wsdls.has_value(), "SFJwtWsdl is missing: it says which requests are valid");
  want(settings.client_id.has_value(), "SFJwtClientId is missing: token requests are made in its name");
  want(settings.private_keys.has_value(), "SFJwtPrivateKey is missing: it signs the assertions");
  want(settings.audience.has_value(),
       "SFJwtAudience is missing: production, sandbox, or the URL of the authorization server");
  want(settings.allow.has_value(),
       "SFJwtAllowSubject is missing: it says which caller may act as which Salesforce user; without it, "
       "anyone who can reach this gateway could act as any user (use 'SFJwtAllowSubject any' if that is "
       "intended)");
  return errors;
}

const soap::Catalog* SectionRegistry::catalog_of(const Settings& settings) const {
  if (!settings.wsdls) return nullptr;
  const auto found = catalogs_.find({**settings.wsdls, settings.validation.value_or(schema::Validation())});
  return found == catalogs_.end() ? nullptr : found->second.get();
}

Result<std::unique_ptr<const GatewaySection>, ConfigErrors> SectionRegistry::build(const Settings& settings) {
  ConfigErrors errors = missing(settings);
  if (too_many_lists(settings))
    errors.push_back("more than " + std::to_string(InheritedLists<Texts>::kMaxLists) +
                     " nested sections have an SFJwtDenyOperation or an SFJwtStripHeader");
  if (!errors.empty()) return Unexpected{std::move(errors)};
  const auto catalog = catalogs_.find({**settings.wsdls, settings.validation.value_or(schema::Validation())});
  auto keys = credentials_.keys_of(settings);
  auto client_secret = credentials_.client_secret_of(settings);
  auto transport_files = credentials_.transport_files_of(settings);
  if (catalog == catalogs_.end() || !keys || !client_secret || !transport_files)
    return Unexpected{
        ConfigErrors{"a file that this combination of sections names was not read at start "
                     "(SFJwtWsdl, SFJwtPrivateKey, SFJwtClientSecret, SFJwtTokenCAFile or "
                     "SFJwtTokenClientCertificate)"}};
  errors = unknown_operations(settings, *catalog->second);
  if (!errors.empty()) return Unexpected{std::move(errors)};
  auto section = section_of(settings, catalog->second);
  section->body_buffers = &body_buffers_;
  section->instance_workers = settings.follow.value_or(false) ? &instance_workers_ : nullptr;
  section->login = login_of(settings, login_store_);
  if (section->login) section->rules.handles = section->login->handles.get();
  oauth::Client client = client_of(settings, section->allowed_hosts);
  client.client_secret = *std::move(client_secret);
  const tokens::Throttles throttles{&blocked_threads_, token_cache_.throttle_for(client.client_id)};
  tokens::TokenStore& store = token_cache_.store_for(client);
  section->client_id = client.client_id;
  section->tokens = std::make_unique<tokens::TokenSource>(
      std::move(client), *std::move(keys), store, transport_for(settings, *std::move(transport_files)),
      clock_, &fetch_counters_, throttles);
  return std::unique_ptr<const GatewaySection>(std::move(section));
}

// Sections with the same transport settings share the connections to the authorization server.
oauth::Transport& SectionRegistry::transport_for(const Settings& settings, net::CurlOptions options) {
  const Timeouts timeouts = settings.token_timeout.value_or(kTokenTimeout);
  options.total_timeout = timeouts.total;
  options.connect_timeout = timeouts.connect;
  options.proxy = settings.token_proxy.value_or("");
  auto& transport = transports_[{timeouts, std::string(settings.token_ca_file.value_or("")), options.proxy,
                                 std::string(settings.token_certificate.value_or(""))}];
  if (!transport) transport = std::make_unique<net::CurlTransport>(std::move(options));
  return *transport;
}

Result<const GatewaySection*, ConfigErrors> SectionRegistry::section_for(const Settings& settings) {
  if (const auto found = checked_.find(settings); found != checked_.end()) return found->second.get();
  const std::lock_guard lock(late_mutex_);
  if (const auto found = late_.find(settings); found != late_.end()) return found->second.get();
  auto built = build(settings);
  if (!built) return Unexpected{built.error()};
  return late_.emplace(settings, std::move(*built)).first->second.get();
}

}  // namespace sfjwt::httpd
