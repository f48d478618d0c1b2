// SPDX-License-Identifier: Apache-2.0
// Asks who the user is with a SOAP client of npm.
//   NODE_PATH=... node calls.js soap|jsforce WSDL ORIGIN PATH SESSION
// Prints {"result": ...} or, when the client threw, {"fault": {"message": ..., "code": ..., "detail": ...}}.
'use strict';
const MESSAGES = 'urn:partner.soap.sforce.com';
const [client, wsdl, origin, path, session] = process.argv.slice(2);

async function withSoap() {
  const api = await require('soap').createClientAsync(wsdl, { endpoint: origin + path });
  api.addSoapHeader(`<SessionHeader xmlns="${MESSAGES}"><sessionId>${session}</sessionId></SessionHeader>`);
  const [answer] = await api.getUserInfoAsync({});
  return answer.result;
}

async function withJsforce() {
  const { Connection } = require('jsforce');
  require('jsforce/lib/api/soap');
  const version = path.split('/').pop();
  return new Connection({ instanceUrl: origin, accessToken: session, version }).soap.getUserInfo();
}

function faultOf(error) {
  const fault = error.root?.Envelope.Body.Fault;
  return { message: error.message, code: fault?.faultcode ?? error.errorCode, detail: fault?.detail };
}

(client === 'soap' ? withSoap() : withJsforce()).then(
  (result) => console.log(JSON.stringify({ result })),
  (error) => console.log(JSON.stringify({ fault: faultOf(error) })),
);
