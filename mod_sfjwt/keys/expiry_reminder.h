// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/keys/certificate.h"

namespace sfjwt::keys {

/// Whether to log that a certificate expires: from 30 days before, every 24 hours. Setting the clock back by
/// a day or more counts as a day.
bool is_reminder_due(UnixTime now, UnixTime not_after, std::optional<UnixTime> last_reminder);

/// Reminds once a day, for each of several certificates, that it expires soon or has expired. Not
/// thread-safe.
class ExpiryReminder {
 public:
  struct Reminder {
    std::string text;  // "SFJwtCertificate: /etc/x.crt expires on ..."
    bool expired;
  };

  /// Adds a certificate; `name` begins its reminders. Ignored if a certificate of that name was added before.
  void add(std::string name, const Certificate& certificate);

  /// The reminders that are due now; each is returned once.
  std::vector<Reminder> due(UnixTime now);

 private:
  struct Watched {
    Certificate certificate;
    std::optional<UnixTime> last_reminder;
  };
  std::map<std::string, Watched> certificates_;
};

}  // namespace sfjwt::keys
