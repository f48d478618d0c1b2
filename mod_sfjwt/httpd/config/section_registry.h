// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/core/result.h"
#include "mod_sfjwt/gateway/gateway.h"
#include "mod_sfjwt/httpd/config/config_errors.h"
#include "mod_sfjwt/httpd/config/credentials.h"
#include "mod_sfjwt/httpd/config/registered_section.h"
#include "mod_sfjwt/httpd/config/settings.h"
#include "mod_sfjwt/httpd/config/token_cache.h"
#include "mod_sfjwt/httpd/login/section_login.h"
#include "mod_sfjwt/httpd/request/body_buffers.h"
#include "mod_sfjwt/httpd/request/instance_workers.h"
#include "mod_sfjwt/keys/expiry_reminder.h"
#include "mod_sfjwt/net/curl_transport.h"
#include "mod_sfjwt/oauth/fetch_counters.h"
#include "mod_sfjwt/tokens/blocked_thread_limit.h"
#include "mod_sfjwt/tokens/token_source.h"

namespace sfjwt::httpd {

inline constexpr std::size_t kMaxBody = std::size_t{50} * 1024 * 1024;  // bytes, the default of SFJwtMaxBody

class BackendVerification;

/// A complete section: its settings with defaults, and the objects built from them.
struct GatewaySection {
  gateway::Rules rules;
  std::size_t max_body;                      // bytes
  BodyBuffers* body_buffers;                 // shared by all sections
  const ap_expr_info_t* subject_expression;  // null: the subject is in the body
  Texts allowed_hosts;                       // host patterns of allowed token targets
  InstanceWorkers* instance_workers;         // for requests that follow their tokens; null: they do not
  Texts stripped_headers;
  LogSubject log_subject;
  bool brief_faults;       // clients do not get the reasons of refusals
  bool http_fault_status;  // faults have the status of a gateway (502, 503, 504) where appropriate
  bool renew;              // an expired session is renewed and the request repeated
  std::string client_id;
  std::unique_ptr<tokens::TokenSource> tokens;
  std::optional<SectionLogin> login;  // nothing: login is refused
};

/// All sections of one configuration. In the configuration pool; the children inherit it by fork, and their
/// threads share the objects.
class SectionRegistry {
 public:
  /// The registry of the configuration that this server belongs to; created on first use.
  static SectionRegistry& of(const server_rec* server);

  using Registered = RegisteredSection;

  /// Registers a section. Configuration time only.
  void add(const Registered& section) { registered_.push_back(section); }

  /// The memory for request bodies.
  BodyBuffers& body_buffers() { return body_buffers_; }

  /// The token cache, for its directives.
  TokenCache& token_cache() { return token_cache_; }

  /// What the logins of all sections have in common.
  LoginStore& login_store() { return login_store_; }

  /// Reads the files, and builds the token cache and every section with SFJwt On, with its own settings and
  /// with those of each server that inherits it. Configuration time only, after all directives have been
  /// read.
  ConfigErrors complete(server_rec& main_server);

  /// In a new child, which has this number of threads.
  void child_init(apr_pool_t* child, server_rec& server, std::size_t threads);

  /// Non-fatal findings for the administrator; filled by complete().
  const ConfigErrors& warnings() const { return warnings_; }

  /// Problems because of which the gateway does not work as configured; filled by complete().
  const ConfigErrors& errors() const { return errors_; }

  /// A line for the log of a server.
  struct Notice {
    const server_rec* server;
    std::string text;
  };

  /// A summary of each section, one for sections with the same settings. Filled by complete().
  const std::vector<Notice>& notices() const { return notices_; }

  /// The certificates to be reminded of; filled by complete(), which takes the reminders that are due at
  /// start.
  keys::ExpiryReminder& expiry_reminder() { return expiry_reminder_; }

  /// The section for these settings, or why there is none. Nested sections can be merged to settings that
  /// complete() has not seen; these sections are built from the files already read. Thread-safe.
  Result<const GatewaySection*, ConfigErrors> section_for(const Settings& settings);

 private:
  using TransportName = std::tuple<Timeouts, std::string, std::string, std::string>;
  using Built = std::map<Settings, std::unique_ptr<const GatewaySection>>;

  std::vector<Registered> sections_of(const server_rec& server) const;
  bool enabled_in(const server_rec& server) const;
  void measure_buffers(const std::vector<const server_rec*>& servers);
  void read_files(const server_rec& server, ConfigErrors& errors);
  void read_files(const Settings& settings, ConfigErrors& errors);
  void read_catalog(const Texts& files, const schema::Validation& validation, ConfigErrors& errors);
  static ConfigErrors missing(const Settings& settings);
  const soap::Catalog* catalog_of(const Settings& settings) const;
  std::set<const soap::Catalog*> catalogs_of(const server_rec& server) const;
  void check_denied_operations(const server_rec& main_server, ConfigErrors& errors) const;
  void check_server(const server_rec& server, const BackendVerification& backends, ConfigErrors& errors);
  void check_section(const Registered& section, const server_rec& server, const Settings& settings,
                     ConfigErrors& errors);
  void complete(const Registered& section, const server_rec& server, ConfigErrors& errors);
  Result<std::unique_ptr<const GatewaySection>, ConfigErrors> build(const Settings& settings);
  oauth::Transport& transport_for(const Settings& settings, net::CurlOptions options);

  std::vector<Registered> registered_;
  ConfigErrors warnings_;
  ConfigErrors errors_;
  std::vector<Notice> notices_;
  keys::ExpiryReminder expiry_reminder_;
  std::map<std::pair<Texts, schema::Validation>, std::shared_ptr<const soap::Catalog>> catalogs_;
  Credentials credentials_;
  SystemClock clock_;
  oauth::FetchCounters fetch_counters_;
  tokens::BlockedThreadLimit blocked_threads_;
  TokenCache token_cache_{clock_};
  LoginStore login_store_{clock_};
  BodyBuffers body_buffers_;
  InstanceWorkers instance_workers_;
  std::map<TransportName, std::unique_ptr<net::CurlTransport>> transports_;
  std::set<Settings> read_;  // settings whose files have been read
  Built checked_;            // not changed after complete()
  std::mutex late_mutex_;
  Built late_;
};

}  // namespace sfjwt::httpd
