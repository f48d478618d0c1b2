// SPDX-License-Identifier: Apache-2.0
// Calls with a client of npm, see client_stacks.py:
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
  return async (location, session, operation, login) => {
    api.setEndpoint(location);
    api.clearSoapHeaders();
    if (session) api.addSoapHeader({ SessionHeader: { sessionId: session } }, '', 'tns', MESSAGES);
    const [answer] = await api[operation + 'Async'](login ?? parameters[operation]);
    return answer?.result;
  };
}

async function withStrongSoap() {
  const { soap } = require('strong-soap');
  const settled = (start) => new Promise((resolve, reject) => start((e, value) => (e ? reject(e) : resolve(value))));
  const api = await settled((done) => soap.createClient(wsdl, {}, done));
  return async (location, session, operation, login) => {
    api.setEndpoint(location);
    api.clearSoapHeaders();
    if (session) api.addSoapHeader({ sessionId: session }, new soap.QName(MESSAGES, 'SessionHeader', 'p'));
    const answer = await settled((done) => api[operation](login ?? parameters[operation], done));
    return answer?.result;
  };
}

async function withJsforce() {
  const { Connection } = require(client);
  if (client !== 'jsforce1') require(client + '/lib/api/soap');
  const open = new Map(); // a connection for each session of a login
  return async (location, session, operation, login) => {
    const { origin, pathname } = new URL(location);
    const [before, version] = pathname.split('/services/Soap/u/');
    if (login) {
      const connection = new Connection({ loginUrl: origin + before, version });
      await connection.login(login.username, login.password);
      open.set(connection.accessToken, connection);
      return { serverUrl: `${connection.instanceUrl}/services/Soap/u/${version}`, sessionId: connection.accessToken };
    }
    const connection =
      open.get(session) ??
      new Connection({ instanceUrl: origin + before, accessToken: session, version: version.split('/')[0] });
    if (operation === 'logout') open.delete(session);
    const { soap } = connection;
    const calls = {
      query: () => soap._invoke('query', parameters.query, {}),
      getUserInfo: () => soap._invoke('getUserInfo', {}),
      create: () => soap.create([account]),
      logout: () => connection.logoutBySoap(),
      revoke: () => soap._invoke('logout', {}), // the connection does not know that its session is over
      delete: () => soap.delete(parameters.delete.ids),
    };
    return calls[operation]();
  };
}

const value = {
  login: (result) => result.serverUrl,
  query: (result) => Number(result.size),
  getUserInfo: (result) => result.userName,
  create: (result) => [].concat(result)[0].success,
  logout: () => '',
  revoke: () => '',
  delete: (result) => result,
};

(async () => {
  const call = await { soap: withSoap, 'strong-soap': withStrongSoap }[client]?.() ?? await withJsforce();
  let loggedIn;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let [location, session, operation, password] = line.split(' ');
    if (session === '-') [location, session] = [loggedIn.serverUrl, loggedIn.sessionId];
    try {
      const login = password && { username: session, password };
      const result = await call(location, login ? undefined : session, operation, login);
      if (login) loggedIn = result;
      console.log('ok', value[operation](result));
    } catch (error) {
      console.log(error.constructor.name, String(error.errorCode ?? ''), error.message.replaceAll('\n', ' '));
    }
  }
  process.exit();
})();
