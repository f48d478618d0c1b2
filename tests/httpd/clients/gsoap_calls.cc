// SPDX-License-Identifier: Apache-2.0
// Calls with the stubs that gSOAP generates, see client_stacks.py
#include <iostream>
#include <sstream>
#include <string>

#include "SamplePartnerBinding.nsmap"
#include "soapSamplePartnerBindingProxy.h"

namespace {

constexpr auto kQuery = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'";

/// SOAP_OK and a value of the result, or the error of gSOAP.
int call(SamplePartnerBindingProxy& proxy, const std::string& operation, std::string& value) {
  if (operation == "query") {
    _ns1__query request;
    request.queryString = kQuery;
    _ns1__queryResponse response;
    const int error = proxy.query(&request, response);
    if (error == SOAP_OK) value = std::to_string(response.result->size);
    return error;
  }
  if (operation == "getUserInfo") {
    _ns1__getUserInfo request;
    _ns1__getUserInfoResponse response;
    const int error = proxy.getUserInfo(&request, response);
    if (error == SOAP_OK) value = response.result->userName;
    return error;
  }
  if (operation == "create") {
    ns2__sObject account;
    account.soap_default(proxy.soap);
    account.type = "Account";
    std::string name = "<Name>Smith &amp; Sons</Name>";
    account.__any.push_back(name.data());
    _ns1__create request;
    request.sObjects.push_back(&account);
    _ns1__createResponse response;
    const int error = proxy.create(&request, response);
    if (error == SOAP_OK) value = response.result.at(0)->success ? "true" : "false";
    return error;
  }
  if (operation == "delete") {
    _ns1__delete request;
    request.ids.push_back("not-an-id");
    _ns1__deleteResponse response;
    return proxy.delete_(&request, response);
  }
  _ns1__logout request;
  _ns1__logoutResponse response;
  return proxy.logout(&request, response);
}

struct Session {
  std::string location, id;
};

/// SOAP_OK and the session, or the error of gSOAP.
int log_in(SamplePartnerBindingProxy& proxy, const std::string& user, const std::string& password,
           Session& session) {
  _ns1__login request;
  request.username = user;
  request.password = password;
  _ns1__loginResponse response;
  const int error = proxy.login(&request, response);
  if (error == SOAP_OK) session = {*response.result->serverUrl, *response.result->sessionId};
  return error;
}

}  // namespace

int main() {
  SamplePartnerBindingProxy proxy(SOAP_IO_KEEPALIVE);
  Session logged_in;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::string location, session, operation, password;
    std::istringstream(line) >> location >> session >> operation >> password;
    if (session == "-") {
      location = logged_in.location;
      session = logged_in.id;
    }
    _ns1__SessionHeader session_header;
    session_header.sessionId = session;
    SOAP_ENV__Header header;
    soap_default_SOAP_ENV__Header(proxy.soap, &header);
    header.ns1__SessionHeader = &session_header;
    proxy.soap->header = password.empty() ? &header : nullptr;
    proxy.soap_endpoint = location.c_str();
    std::string value;
    int error = SOAP_OK;
    if (password.empty()) {
      error = call(proxy, operation, value);
    } else {
      error = log_in(proxy, session, password, logged_in);
      value = logged_in.location;
    }
    if (error == SOAP_OK) {
      std::cout << "ok " << value << "\n";
    } else {
      std::cout << "soap_fault " << *soap_faultcode(proxy.soap) << " " << soap_fault_string(proxy.soap)
                << "\n";
    }
    proxy.destroy();
  }
}
