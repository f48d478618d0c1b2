// SPDX-License-Identifier: Apache-2.0
// Calls with the stubs that wsimport generates for JAX-WS, see client_stacks.py: JaxwsCalls WSDL
import com.sforce.soap.partner.*;
import com.sforce.soap.partner.sobject.SObject;
import com.sun.xml.bind.api.JAXBRIContext;
import com.sun.xml.ws.api.message.Header;
import com.sun.xml.ws.api.message.Headers;
import com.sun.xml.ws.developer.WSBindingProvider;
import java.io.*;
import java.util.*;
import javax.xml.bind.JAXBElement;
import javax.xml.namespace.QName;
import javax.xml.ws.BindingProvider;

public class JaxwsCalls {
    static final String QUERY = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'";

    public static void main(String[] arguments) throws Exception {
        SamplePartnerCalls port = new SamplePartnerService(new File(arguments[0]).toURI().toURL()).getSoap();
        WSBindingProvider provider = (WSBindingProvider) port;
        JAXBRIContext context = JAXBRIContext.newInstance(
            new Class<?>[] {SessionHeader.class}, Collections.emptyList(), Collections.emptyMap(), null, false, null);
        LoginResult login = null;
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null;) {
            String[] words = line.split(" ");
            if (words[1].equals("-")) {
                words[0] = login.getServerUrl();
                words[1] = login.getSessionId();
            }
            SessionHeader header = new SessionHeader();
            header.setSessionId(words[1]);
            provider.getRequestContext().put(BindingProvider.ENDPOINT_ADDRESS_PROPERTY, words[0]);
            try {
                if (words.length == 4) {
                    provider.setOutboundHeaders(Collections.<Header>emptyList());
                    login = port.login(words[1], words[3]);
                    System.out.println("ok " + login.getServerUrl());
                    continue;
                }
                provider.setOutboundHeaders(Headers.create(context, header));
                System.out.println("ok " + call(port, words[2]));
            } catch (LoginFault fault) {
                System.out.println("LoginFault " + fault.getFaultInfo().getExceptionCode() + " " + fault.getMessage());
            } catch (UnexpectedErrorFault fault) {
                System.out.println(fault.getClass().getSimpleName() + " " + fault.getFaultInfo().getExceptionCode() + " "
                    + fault.getMessage());
            }
        }
    }

    static Object call(SamplePartnerCalls port, String operation) throws Exception {
        switch (operation) {
            case "query": return port.query(QUERY).getSize();
            case "getUserInfo": return port.getUserInfo().getUserName();
            case "delete": return port.delete(Arrays.asList("not-an-id"));
            case "logout": port.logout(); return "";
            default:
                SObject account = new SObject();
                account.setType("Account");
                account.getAny().add(new JAXBElement<>(new QName("Name"), String.class, "Smith & Sons"));
                return port.create(Arrays.asList(account)).get(0).isSuccess();
        }
    }
}
