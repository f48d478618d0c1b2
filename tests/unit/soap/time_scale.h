// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfjwt::soap {

/// How much longer the build at hand may take than the one that is shipped.
#if !defined(__has_feature)
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer)
inline constexpr double kTimeScale = 40;
#elif defined(__OPTIMIZE__)
inline constexpr double kTimeScale = 1;
#else
inline constexpr double kTimeScale = 15;
#endif

}  // namespace sfjwt::soap
