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
#include "mod_sfjwt/httpd/request/body_buffers.h"
#include "mod_sfjwt/httpd/request/instance_workers.h"
#include "mod_sfjwt/keys/expiry_reminder.h"
#include "mod_sfjwt/net/curl_transport.h"
#include "mod_sfjwt/oauth/fetch_counters.h"
#include "mod_sfjwt/tokens/blocked_thread_limit.h"
#include "mod_sfjwt/tokens/token_source.h"

namespace sfjwt::httpd {

inline constexpr std::size_t kMaxBody = std::size_t{50} * 1024 * 1024;  // bytes, without SFJwtMaxBody

class BackendVerification;

/// A section that is complete: its settings with the defaults filled in, and everything built that they name.
struct GatewaySection {
  gateway::Rules rules;
  std::size_t max_body;                      // bytes
  BodyBuffers* body_buffers;                 // shared by all sections
  const ap_expr_info_t* subject_expression;  // null: the subject stands in the body
  Texts allowed_hosts;                       // host patterns a token may go to
  InstanceWorkers* instance_workers;         // requests follow their tokens by these; null: they do not
  Texts stripped_headers;
  LogSubject log_subject;
  bool brief_faults;       // clients are not told why they are refused
  bool http_fault_status;  // faults have the status of a gateway (502, 503, 504) where that fits
  bool renew;              // a session that is over is renewed and the request repeated
  std::string client_id;
  std::unique_ptr<tokens::TokenSource> tokens;
};

/// All sections of one configuration. Lives in the configuration pool; the children inherit it by fork and
/// share the built parts among their threads.
class SectionRegistry {
 public:
  /// The sections of the configuration this server is part of; made when first asked for.
  static SectionRegistry& of(const server_rec* server);

  using Registered = RegisteredSection;

  /// Registers a section. Configuration time only.
  void add(const Registered& section) { registered_.push_back(section); }

  /// What request bodies occupy.
  BodyBuffers& body_buffers() { return body_buffers_; }

  /// Where tokens are kept, for the directives that say so.
  TokenCache& token_cache() { return token_cache_; }

  /// Reads the files and builds every section with SFJwt On from its own settings and those of each server
  /// that inherits it, and the token cache they share. Configuration time only, when all directives are read.
  ConfigErrors complete(server_rec& main_server);

  /// In a new child, which serves with so many threads.
  void child_init(apr_pool_t* child, server_rec& server, std::size_t threads);

  /// What an administrator should know and nothing fails for; filled by complete().
  const ConfigErrors& warnings() const { return warnings_; }

  /// What makes the gateway serve otherwise than its settings say; filled by complete().
  const ConfigErrors& errors() const { return errors_; }

  /// A line for the log of a server.
  struct Notice {
    const server_rec* server;
    std::string text;
  };

  /// What each section serves; one for sections with the same settings. Filled by complete().
  const std::vector<Notice>& notices() const { return notices_; }

  /// The certificates whose end is to be told of; filled by complete(), which takes what is due at start.
  keys::ExpiryReminder& expiry_reminder() { return expiry_reminder_; }

  /// The section built from these settings, or why there is none. Nested sections can merge to settings that
  /// complete() has not met; these are built from the files already read. Safe to call from several threads.
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
  BodyBuffers body_buffers_;
  InstanceWorkers instance_workers_;
  std::map<TransportName, std::unique_ptr<net::CurlTransport>> transports_;
  std::set<Settings> read_;  // the files of these have been looked at
  Built checked_;            // immutable once complete() is done
  std::mutex late_mutex_;
  Built late_;
};

}  // namespace sfjwt::httpd
