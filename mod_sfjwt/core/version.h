// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sfjwt {

/// "1.0.0", or "1.0.0~rc1" for a pre-release, as in CMakeLists.txt.
extern const char* const kVersion;

/// The same as a product token (RFC 9110 section 10.1.5): "mod_sfjwt/1.0.0".
extern const char* const kProduct;

}  // namespace sfjwt
