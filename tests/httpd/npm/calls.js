// SPDX-License-Identifier: Apache-2.0
// Asks who the user is with a SOAP client of npm, or changes records with jsforce.
//   NODE_PATH=... node calls.js soap|jsforce WSDL ORIGIN PATH SESSION [create|update|delete]
// Prints {"result": ...} or, when the client threw, {"fault": {"message": ..., "code": ..., "detail": ...}}.
'use strict';
const MESSAGES = 'urn:partner.soap.sforce.com';
const [client, wsdl, origin, path, session, change] = process.argv.slice(2);

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
  const { soap } = new Connection({ instanceUrl: origin, accessToken: session, version });
  return change ? changes[change](soap) : soap.getUserInfo();
}

const id = '001000000000001AAA';
const changes = {
  create: (soap) => soap.create([{ type: 'Account', Name: 'Smith & Sons' }, { type: 'Lead', LastName: 'Doe' }]),
  update: (soap) => soap.update([{ type: 'Account', Id: id, Name: 'Smith & Sons' }]),
  delete: (soap) => soap.delete([id]),
};

function faultOf(error) {
  const fault = error.root?.Envelope.Body.Fault;
  return { message: error.message, code: fault?.faultcode ?? error.errorCode, detail: fault?.detail };
}

(client === 'soap' ? withSoap() : withJsforce()).then(
  (result) => console.log(JSON.stringify({ result })),
  (error) => console.log(JSON.stringify({ fault: faultOf(error) })),
);
