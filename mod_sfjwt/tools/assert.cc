// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "mod_sfjwt/core/clock.h"
#include "mod_sfjwt/oauth/assertion.h"
#include "mod_sfjwt/tools/commands.h"
#include "mod_sfjwt/tools/identity.h"

namespace sfjwt::tools {
namespace {

int print_assertion(const Arguments& arguments) {
  const auto identity = read_identity(arguments);
  if (!identity) return report(identity.error());
  const auto assertion =
      oauth::signed_assertion(identity->client, identity->subject, identity->key, SystemClock().now());
  if (!assertion) return failure("no assertion could be made: " + assertion.error());
  std::cout << assertion->reveal() << '\n';
  return Exit::all_well;
}

}  // namespace

const Command kAssert = {
    "assert",
    "--key KEY --client-id ID --audience AUDIENCE --subject E-MAIL [OPTION...]",
    "Prints the signed assertion the gateway would ask for a token with. Until it expires, it is\n"
    "as good as a password: whoever has it can be that user.\n"
    "\n"
    "  --key KEY               private RSA key: a file (PEM, DER, PKCS#12) or a URI\n"
    "  --passphrase SOURCE     of the key: file:NAME, exec:/PROGRAM, or - for standard input\n"
    "  --key-id ID             header kid of the assertion\n"
    "  --client-id ID          the consumer key of the connected app\n"
    "  --audience AUDIENCE     production, sandbox or a URL\n"
    "  --subject E-MAIL        the user name at Salesforce\n"
    "  --subject-claim CLAIM   sub (default) or prn\n"
    "  --lifetime SECONDS      until the assertion expires; default 180\n"
    "  --claim NAME=VALUE      a further claim; may be given several times\n",
    kIdentityOptions,
    0,
    0,
    print_assertion};

}  // namespace sfjwt::tools
