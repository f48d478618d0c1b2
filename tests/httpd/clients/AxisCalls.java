// SPDX-License-Identifier: Apache-2.0
// Calls with the stubs that Apache Axis 1 generates, see client_stacks.py
import com.sforce.soap.partner.*;
import com.sforce.soap.partner.sobject.SObject;
import java.io.*;
import java.net.URL;
import javax.xml.namespace.QName;
import org.apache.axis.AxisFault;
import org.apache.axis.message.MessageElement;

public class AxisCalls {
    static final String QUERY = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'";

    public static void main(String[] arguments) throws Exception {
        LoginResult login = null;
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null;) {
            String[] words = line.split(" ");
            if (words[1].equals("-")) {
                words[0] = login.getServerUrl();
                words[1] = login.getSessionId();
            }
            SamplePartnerBindingStub stub =
                (SamplePartnerBindingStub) new SamplePartnerServiceLocator().getSoap(new URL(words[0]));
            SessionHeader header = new SessionHeader();
            header.setSessionId(words[1]);
            try {
                if (words.length == 4) {
                    login = stub.login(words[1], words[3]);
                    System.out.println("ok " + login.getServerUrl());
                    continue;
                }
                stub.setHeader("urn:partner.soap.sforce.com", "SessionHeader", header);
                System.out.println("ok " + call(stub, words[2]));
            } catch (AxisFault fault) {
                System.out.println(fault.getClass().getSimpleName() + " " + fault.getFaultCode().getLocalPart() + " "
                    + fault.getFaultString());
            }
        }
    }

    static Object call(SamplePartnerBindingStub stub, String operation) throws Exception {
        switch (operation) {
            case "query": return stub.query(QUERY).getSize();
            case "getUserInfo": return stub.getUserInfo().getUserName();
            case "delete": return stub.delete(new String[] {"not-an-id"});
            case "logout": stub.logout(); return "";
            default:
                SObject account = new SObject();
                account.setType("Account");
                account.set_any(new MessageElement[] {new MessageElement(new QName("", "Name"), "Smith & Sons")});
                return stub.create(new SObject[] {account})[0].isSuccess();
        }
    }
}
