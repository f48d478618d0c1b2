// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/keys/certificate.h"

namespace sfjwt::keys {

/// Whether the end of a certificate is to be logged: from 30 days before it on, and 24 hours after the last
/// time. A clock that was set back by a day or more counts as a day.
bool is_reminder_due(UnixTime now, UnixTime not_after, std::optional<UnixTime> last_reminder);

/// Says of each of several certificates once a day that it is near its end or past it. For one thread.
class ExpiryReminder {
 public:
  struct Reminder {
    std::string text;  // "SFJwtCertificate: /etc/x.crt expires on ..."
    bool expired;
  };

  /// Adds a certificate; `name` begins what is said of it. One of that name stays as it is.
  void add(std::string name, const Certificate& certificate);

  /// What is to be said now; it counts as said.
  std::vector<Reminder> due(UnixTime now);

 private:
  struct Watched {
    Certificate certificate;
    std::optional<UnixTime> last_reminder;
  };
  std::map<std::string, Watched> certificates_;
};

}  // namespace sfjwt::keys
