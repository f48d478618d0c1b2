// SPDX-License-Identifier: Apache-2.0
#include "mod_sfjwt/keys/expiry_reminder.h"

#include <chrono>
#include <utility>

namespace sfjwt::keys {

bool is_reminder_due(UnixTime now, UnixTime not_after, std::optional<UnixTime> last_reminder) {
  if (not_after - now > kExpiryIsNear) return false;
  return !last_reminder || std::chrono::abs(now - *last_reminder) >= std::chrono::days{1};
}

void ExpiryReminder::add(std::string name, const Certificate& certificate) {
  certificates_.try_emplace(std::move(name), Watched{certificate, std::nullopt});
}

std::vector<ExpiryReminder::Reminder> ExpiryReminder::due(UnixTime now) {
  std::vector<Reminder> reminders;
  for (auto& [name, watched] : certificates_) {
    const Certificate& certificate = watched.certificate;
    if (!is_reminder_due(now, certificate.not_after, watched.last_reminder)) continue;
    watched.last_reminder = now;
    if (const auto warning = validity_warning(certificate, now))
      reminders.push_back({name + " " + *warning, now >= certificate.not_after});
  }
  return reminders;
}

}  // namespace sfjwt::keys
