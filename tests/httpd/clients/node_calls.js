// SPDX-License-Identifier: Apache-2.0
// Calls with a client of npm, see test_client_stacks.py:
//   NODE_PATH=... node node_calls.js soap|strong-soap|jsforce1|jsforce2|jsforce WSDL
'use strict';
const readline = require('readline');
const MESSAGES = 'urn:partner.soap.sforce.com';
const [client, wsdl] = process.argv.slice(2);
const account = { type: 'Account', Name: 'Smith & Sons' };
const parameters = {
  query: { queryString: "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'" },
  getUserInfo: {},
  create: { sObjects: [account] },
  logout: {},
  delete: { ids: ['not-an-id'] },
};

async function withSoap() {
  const api = await require('soap').createClientAsync(wsdl);
  return async (location, session, operation) => {
    api.setEndpoint(location);
    api.clearSoapHeaders();
    api.addSoapHeader({ SessionHeader: { sessionId: session } }, '', 'tns', MESSAGES);
    const [answer] = await api[operation + 'Async'](parameters[operation]);
    return answer?.result;
  };
}

async function withStrongSoap() {
  const { soap } = require('strong-soap');
  const settled = (start) => new Promise((resolve, reject) => start((e, value) => (e ? reject(e) : resolve(value))));
  const api = await settled((done) => soap.createClient(wsdl, {}, done));
  return async (location, session, operation) => {
    api.setEndpoint(location);
    api.clearSoapHeaders();
    api.addSoapHeader({ sessionId: session }, new soap.QName(MESSAGES, 'SessionHeader', 'p'));
    const answer = await settled((done) => api[operation](parameters[operation], done));
    return answer?.result;
  };
}

async function withJsforce() {
  const { Connection } = require(client);
  if (client !== 'jsforce1') require(client + '/lib/api/soap');
  return (location, session, operation) => {
    const { origin, pathname } = new URL(location);
    const [before, version] = pathname.split('/services/Soap/u/');
    const connection = new Connection({ instanceUrl: origin + before, accessToken: session, version });
    const { soap } = connection;
    const calls = {
      query: () => soap._invoke('query', parameters.query, {}),
      getUserInfo: () => soap._invoke('getUserInfo', {}),
      create: () => soap.create([account]),
      logout: () => connection.logoutBySoap(),
      delete: () => soap.delete(parameters.delete.ids),
    };
    return calls[operation]();
  };
}

const value = {
  query: (result) => Number(result.size),
  getUserInfo: (result) => result.userName,
  create: (result) => [].concat(result)[0].success,
  logout: () => '',
  delete: (result) => result,
};

(async () => {
  const call = await { soap: withSoap, 'strong-soap': withStrongSoap }[client]?.() ?? await withJsforce();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [location, session, operation] = line.split(' ');
    try {
      console.log('ok', value[operation](await call(location, session, operation)));
    } catch (error) {
      console.log(error.constructor.name, String(error.errorCode ?? ''), error.message.replaceAll('\n', ' '));
    }
  }
  process.exit();
})();
