// SPDX-License-Identifier: Apache-2.0
// Calls with the stubs that wsdl.exe of Mono generates, see client_stacks.py
using System;
using System.Web.Services.Protocols;
using System.Xml;

class MonoCalls {
    const string Query = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'";

    static object Call(SamplePartnerService service, string operation) {
        switch (operation) {
            case "query": return service.query(Query).size;
            case "getUserInfo": return service.getUserInfo().userName;
            case "delete": return service.delete(new[] {"not-an-id"});
            case "logout": service.logout(); return "";
        }
        var name = new XmlDocument().CreateElement("Name");
        name.InnerText = "Smith & Sons";
        return service.create(new[] {new sObject {type = "Account", Any = new[] {name}}})[0].success;
    }

    static void Main() {
        LoginResult login = null;
        for (string line; (line = Console.ReadLine()) != null;) {
            var words = line.Split(' ');
            var service = new SamplePartnerService();
            service.Url = words[1] == "-" ? login.serverUrl : words[0];
            try {
                if (words.Length == 4) {
                    login = service.login(words[1], words[3]);
                    Console.WriteLine("ok " + login.serverUrl);
                    continue;
                }
                service.SessionHeaderValue = new SessionHeader {sessionId = words[1] == "-" ? login.sessionId : words[1]};
                Console.WriteLine("ok " + Call(service, words[2]));
            } catch (SoapException fault) {
                Console.WriteLine(fault.GetType().Name + " " + fault.Code.Name + " " + fault.Message);
            }
        }
    }
}
